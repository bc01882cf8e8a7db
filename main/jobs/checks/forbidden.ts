// Memories that a mistake destroys for good: our own list, whatever the board's map allows (devices.md 0.3, 7 rule 3).
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { Permission } from '../request.ts';
import type { Placed } from '../placement.ts';

/** RDP level 2 shuts the chip for ever (dfu.md 2.7). */
const rdpLevel2 = 0xcc;
/** The RDP byte is the first or the second of the option bytes on every family we know (dfu.md 2.7, partly unverified). */
const rdpOffsets = [0, 1];

/** @throws FlashError `plan.forbidden-range`, `plan.needs-permission`, `plan.locks-for-ever` */
export function checkForbidden(placed: Placed, allow: ReadonlySet<Permission>): void {
  const range = { start: placed.start, end: placed.start + placed.bytes.length };
  switch (placed.region.kind) {
    case 'main-flash':
    case 'other':
      return;
    case 'otp':
    case 'device-feature':
      throw new FlashError('plan.forbidden-range', { range, what: placed.region.name });
    case 'option-bytes':
      checkOptionBytes(placed);
      if (!allow.has('option-bytes')) {
        throw new FlashError('plan.needs-permission', {
          permission: 'option-bytes',
          consequence: 'option-bytes',
        });
      }
  }
}

function checkOptionBytes(placed: Placed): void {
  for (const run of placed.region.runs) {
    for (const offset of rdpOffsets) {
      const address = run.start + offset;
      if (placed.bytes[address - placed.start] === rdpLevel2)
        throw new FlashError('plan.locks-for-ever', { address });
    }
  }
}
