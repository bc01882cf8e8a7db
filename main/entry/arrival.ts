// After a board was told to go into flash mode: its leaving, and what comes back on its port.
import { shrink } from '../base/wait.ts';
import { fitsIds } from '../devices/match-ids.ts';
import { quirksFor } from '../devices/quirks.ts';
import { waitForLeave, waitForReturn } from '../devices/return.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { formatIds } from '../../shared/hex.ts';
import { findDfuFunctions } from '../protocols/dfu/descriptor.ts';
import type { UsbDeviceFacts } from '../transports/usb/usb-device.ts';
import type { EntryTools, StandingBoard } from './way.ts';

/** A board that obeys leaves the bus within this; ours, ms. The slowest known waits 1 s (devices.md 0.4). */
const leaveLimitMs = 5_000;
/** One look at the port; ours, ms. */
const lookLimitMs = 5_000;

/**
 * Waits until the board is in flash mode on its port. What comes by on the way is not taken for the end.
 * @param answer what it said when it was told
 * @throws FlashError `entry.stayed`, `device.not-returned`, `device.still-runtime`, `entry.other-device`, `job.*`
 */
export async function waitForFlashMode(
  board: StandingBoard,
  limitMs: number,
  tools: EntryTools,
  answer?: string,
): Promise<UsbDeviceFacts> {
  const { clock, wait } = tools;
  const { bus, facts, flashIds } = board;
  const { portPath } = facts;
  const waitedMs = Math.min(limitMs, leaveLimitMs);
  if (!(await waitForLeave(bus, facts, { clock, limitMs: waitedMs, wait })))
    throw new FlashError('entry.stayed', { portPath, waitedMs, answer });
  const back = await waitForReturn(bus, facts, (one) => isInFlashMode(one, flashIds), {
    clock,
    limitMs,
    wait,
  });
  if (back !== undefined) return back;
  const now = await standingAt(board, tools);
  if (now === undefined) throw new FlashError('device.not-returned', { portPath, waitedMs: limitMs });
  if (now.vendorId === facts.vendorId && now.productId === facts.productId)
    throw new FlashError('device.still-runtime', { portPath });
  const ids = formatIds(now.vendorId, now.productId);
  throw new FlashError('entry.other-device', { portPath, ids, expected: flashIds });
}

/** What stands on the board's port now. */
export async function standingAt(
  { bus, facts }: StandingBoard,
  { clock, wait }: EntryTools,
): Promise<UsbDeviceFacts | undefined> {
  const found = await bus.list(shrink(wait, clock, lookLimitMs));
  return found.find((one) => one.portPath === facts.portPath);
}

/** Whether a device is a board in flash mode, and the one that is meant where its ids are known. */
export function isInFlashMode(facts: UsbDeviceFacts, flashIds: readonly string[]): boolean {
  const [dfu] = findDfuFunctions(facts, quirksFor(facts));
  if (dfu?.mode !== 'dfu') return false;
  return flashIds.length === 0 || flashIds.some((ids) => fitsIds(ids, facts));
}
