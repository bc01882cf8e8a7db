// The way in that the standard gives: DETACH (DFU 1.1 section 5; dfu.md 1.7).
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { QuirkFlags } from '../../shared/quirks.ts';
import type { Clock } from '../base/clock.ts';
import { shrink, type Wait } from '../base/wait.ts';
import { quirksFor } from '../devices/quirks.ts';
import type { SoftwareWay } from '../devices/ways.ts';
import type { Log } from '../log/log.ts';
import { detach } from '../protocols/dfu/detach.ts';
import { findDfuFunctions, type DfuFunction } from '../protocols/dfu/descriptor.ts';
import type { UsbBus, UsbDeviceFacts } from '../transports/usb/usb-device.ts';
import { waitForBoard } from './arrival.ts';
import type { Enter } from './way.ts';

/** A device has this long to come back in flash mode, ms (dfu.md 0 rule 10). */
const returnLimitMs = 10_000;

/**
 * Throws FlashError `device.not-dfu`, `device.not-returned`, `device.still-runtime`, `device.elsewhere`, `question.declined`, `usb.*`, `job.*`;
 * the program is still
 * on the board.
 */
export const enterByDetach: Enter<Extract<SoftwareWay, { kind: 'dfu-detach' }>> = async (
  board,
  _way,
  tools,
) => {
  const { bus, facts, interfaceNumber } = board;
  const { clock, log, wait } = tools;
  const { portPath } = facts;
  const quirks = quirksFor(facts);
  const dfu = findDfuFunctions(facts, quirks).find(
    (one) => one.mode === 'runtime' && (interfaceNumber ?? one.interfaceNumber) === one.interfaceNumber,
  );
  if (dfu === undefined) throw new FlashError('device.not-dfu', { portPath });
  const report = await detachOnce(bus, facts, dfu, { clock, log, quirks, wait });
  if (report.alreadyInDfuMode) return facts;
  const limitMs = quirks['return-limit-ms'] ?? returnLimitMs;
  const returned = await waitForBoard(board, limitMs, tools, hasDfuInterface);
  if (returned === undefined) throw new FlashError('device.not-returned', { portPath, waitedMs: limitMs });
  const sameProgram = returned.productId === facts.productId && quirks['same-product-id'] !== true;
  if (sameProgram && findDfuFunctions(returned, quirksFor(returned))[0]?.mode === 'runtime') {
    throw new FlashError('device.still-runtime', { portPath });
  }
  return returned;
};

/** All handles are closed before we look for its return: an open one can hold re-enumeration up (dfu.md 1.7 step 6). */
async function detachOnce(
  bus: UsbBus,
  facts: UsbDeviceFacts,
  dfu: DfuFunction,
  options: { clock: Clock; log: Log; quirks: QuirkFlags; wait: Wait },
): ReturnType<typeof detach> {
  const wait = shrink(options.wait, options.clock, 15_000);
  await using device = await bus.open(facts, wait);
  return await detach(device, dfu, { ...options, wait });
}

function hasDfuInterface(facts: UsbDeviceFacts): boolean {
  return findDfuFunctions(facts, quirksFor(facts)).length > 0;
}
