// Option bytes that would shut the chip for ever: RDP level 2 is refused whatever is allowed (dfu.md 2.7).
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { refuse, type Check } from './check.ts';

const rdpLevel2 = 0xcc;
/** The RDP byte is the first or the second of the option bytes on every family we know (dfu.md 2.7, partly unverified). */
const rdpOffsets = [0, 1];

export const lock: Check = {
  id: 'lock',
  find: ({ placed }) =>
    placed.flatMap(({ region, start, bytes }) =>
      region.kind !== 'option-bytes'
        ? []
        : region.runs.flatMap((run) =>
            rdpOffsets.flatMap((offset) => {
              const address = run.start + offset;
              return bytes[address - start] === rdpLevel2
                ? [refuse(new FlashError('plan.locks-for-ever', { address }))]
                : [];
            }),
          ),
    ),
};
