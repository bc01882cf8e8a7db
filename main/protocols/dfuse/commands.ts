// The DfuSe commands: DNLOADs with wBlockNum 0 (AN3156; dfu.md 2.3, 2.4).
import { viewOf } from '../../base/bytes.ts';
import { sleepWithin, type Wait } from '../../base/wait.ts';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import { formatAddress } from '../../../shared/hex.ts';
import { DfuState, DfuStatus } from '../dfu/constants.ts';
import { bringToIdle, waitForWork, type DfuSession, type WorkReport } from '../dfu/session.ts';
import type { Operation } from '../dfu/poll.ts';
import { DfuseCommand } from './constants.ts';

/** Points the next data block at `address`. Leaves the device in dfuDNLOAD-IDLE. */
export async function setAddress(session: DfuSession, address: number, wait: Wait): Promise<void> {
  await command(
    session,
    withAddress(DfuseCommand.setAddress, address),
    { kind: 'address', sizeBytes: 0 },
    {
      doing: `set address ${formatAddress(address)}`,
      address,
      wait,
    },
  );
}

/** Erases the sector that contains `address`. `sizeBytes` is the sector's, for timing. */
export async function eraseSector(
  session: DfuSession,
  address: number,
  sizeBytes: number,
  wait: Wait,
): Promise<WorkReport> {
  return await command(
    session,
    withAddress(DfuseCommand.erase, address),
    { kind: 'erase', sizeBytes },
    {
      doing: `erase ${formatAddress(address)}`,
      address,
      wait,
    },
  );
}

/** Erases everything, user settings included; the caller holds the named permission. */
export async function massErase(session: DfuSession, wait: Wait): Promise<WorkReport> {
  return await command(
    session,
    Uint8Array.of(DfuseCommand.erase),
    { kind: 'mass-erase', sizeBytes: 0 },
    {
      doing: 'mass erase',
      address: undefined,
      wait,
    },
  );
}

/** How long a chip that lifts its protection may take to erase itself and leave, beyond its own hint (dfu.md 2.7). */
const unprotectGraceMs = 20_000;

/**
 * Lifts read protection level 1: the chip erases all its flash and RAM and resets (dfu.md 2.7). The first
 * GETSTATUS starts it; nothing after that can succeed, and the device leaving is the success.
 * The caller holds the named permission.
 * @throws FlashError `dfu.status` when refused, `job.*`
 */
export async function readUnprotect(session: DfuSession, wait: Wait): Promise<void> {
  const { requests, clock } = session;
  await requests.download(0, Uint8Array.of(DfuseCommand.readUnprotect), wait);
  const report = await requests.getStatus(wait);
  if (report.status !== DfuStatus.ok) {
    throw new FlashError('dfu.status', {
      status: report.status,
      state: report.state,
      text: undefined,
      doing: 'read unprotect',
    });
  }
  const end = clock.now() + report.pollTimeoutMs + unprotectGraceMs;
  while (clock.now() < end) {
    await sleepWithin(wait, clock, Math.max(50, Math.min(report.pollTimeoutMs, 500)));
    try {
      await requests.getStatus(wait);
    } catch (error) {
      if (isFlashError(error, 'job.aborted', 'job.timeout')) throw error;
      return;
    }
  }
}

/**
 * The command bytes this bootloader lists (Get Commands: an UPLOAD of block 0).
 * Empty where it does not say: several bootloaders do not.
 */
export async function getCommands(session: DfuSession, wait: Wait): Promise<Uint8Array> {
  if (!session.dfu.canUpload) return new Uint8Array();
  await bringToIdle(session, wait);
  let list: Uint8Array;
  try {
    list = await session.requests.upload(0, Math.min(session.transferSize, 16), wait);
  } catch (error) {
    if (!isFlashError(error, 'usb.stall')) throw error;
    list = new Uint8Array();
  }
  await bringToIdle(session, wait);
  return list;
}

interface CommandContext {
  readonly doing: string;
  readonly address: number | undefined;
  readonly wait: Wait;
}

async function command(
  session: DfuSession,
  bytes: Uint8Array,
  operation: Operation,
  context: CommandContext,
): Promise<WorkReport> {
  try {
    await session.requests.download(0, bytes, context.wait);
    return await waitForWork(session, operation, context.doing, context.wait, [DfuState.downloadIdle]);
  } catch (error) {
    throw explain(error, context);
  }
}

/** DfuSe's own meanings of the status codes (dfu.md 1.6). */
export function explain(error: unknown, context: { doing: string; address: number | undefined }): unknown {
  if (!isFlashError(error, 'dfu.status')) return error;
  const { status } = error.params;
  if (status === DfuStatus.errVendor)
    return new FlashError('dfuse.read-protected', { doing: context.doing }, error);
  if ((status === DfuStatus.errTarget || status === DfuStatus.errAddress) && context.address !== undefined) {
    return new FlashError('dfuse.address-refused', { address: context.address, doing: context.doing }, error);
  }
  return error;
}

function withAddress(code: number, address: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = code;
  viewOf(bytes).setUint32(1, address >>> 0, true);
  return bytes;
}
