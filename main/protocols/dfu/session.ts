// A claimed DFU interface with everything its requests need. The layer between single requests and whole
// transfers: recovery by state and waiting for work to end (DFU 1.1 appendix A; dfu.md 0, 1.5, 1.8, 2.4).
import type { Clock } from '../../base/clock.ts';
import { shrink, sleepWithin, type Wait } from '../../base/wait.ts';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import type { QuirkFlags } from '../../../shared/quirks.ts';
import type { Log } from '../../log/log.ts';
import type { UsbDevice } from '../../transports/usb/usb-device.ts';
import { DfuState, DfuStatus, stateName } from './constants.ts';
import type { DfuFunction } from './descriptor.ts';
import { ceilingMs, stopwatch, toleratedStalls, type Operation, type PollPolicy } from './poll.ts';
import type { DfuRequests, StatusReport } from './requests.ts';
import { readStatusText } from './status-text.ts';

export interface DfuSession {
  readonly device: UsbDevice;
  readonly dfu: DfuFunction;
  readonly requests: DfuRequests;
  readonly transferSize: number;
  readonly poll: PollPolicy;
  readonly quirks: QuirkFlags;
  readonly clock: Clock;
  readonly log: Log;
}

/** Recovery is quick or it does not happen: real devices need at most three steps. */
const mostRecoverySteps = 12;
const longestRecoveryMs = 20_000;

/**
 * Brings the device to dfuIDLE by what its state calls for, and never sends CLRSTATUS outside dfuERROR,
 * which several stacks punish (dfu.md 0 rule 1, 1.11). dfuERROR on first contact is normal for some ROMs.
 * @throws FlashError `device.app-mode`, `dfu.not-idle`, `dfu.bad-answer`, `usb.*`, `job.*`
 */
export async function bringToIdle(session: DfuSession, outer: Wait): Promise<void> {
  const { requests, clock, log } = session;
  const wait = shrink(outer, clock, longestRecoveryMs);
  let lastState: DfuState = DfuState.error;
  for (let step = 0; step < mostRecoverySteps; step++) {
    const report = await getStatusPatiently(session, wait);
    lastState = report.state;
    if (step > 0 || lastState !== DfuState.dfuIdle) {
      log.write('debug', 'dfu', `recovery: ${stateName(lastState)}, status ${report.status}`);
    }
    switch (report.state) {
      case DfuState.appIdle:
      case DfuState.appDetach:
        throw new FlashError('device.app-mode', { portPath: session.device.facts.portPath });
      case DfuState.dfuIdle:
        return;
      case DfuState.error:
        await tolerateStall(requests.clearStatus(wait));
        break;
      case DfuState.downloadSync:
      case DfuState.downloadIdle:
      case DfuState.manifestSync:
      case DfuState.uploadIdle:
        await tolerateStall(requests.abort(wait));
        break;
      case DfuState.downloadBusy:
      case DfuState.manifest:
        await sleepWithin(wait, clock, Math.min(Math.max(report.pollTimeoutMs, 10), 2_000));
        if (step === mostRecoverySteps - 4) await unwedge(session, wait);
        break;
      case DfuState.manifestWaitReset:
        throw new FlashError('dfu.not-idle', { state: report.state });
    }
  }
  throw new FlashError('dfu.not-idle', { state: lastState });
}

/**
 * H743 rev V: busy for ever after an erase in bank 2. CLRSTATUS gives errUNKNOWN in dfuERROR, a second one
 * dfuIDLE (dfu.md 2.11). Only for a device that is stuck anyway.
 */
async function unwedge(session: DfuSession, wait: Wait): Promise<void> {
  session.log.write('warn', 'dfu', 'busy without end: trying CLRSTATUS');
  await tolerateStall(session.requests.clearStatus(wait));
}

/** A refused CLRSTATUS or ABORT is told by the next GETSTATUS, so the refusal itself is no news. */
async function tolerateStall(request: Promise<void>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!isFlashError(error, 'usb.stall')) throw error;
  }
}

/** GETSTATUS outside of work in progress; a stall is tried again three times (dfu.md 0 rule 5). */
async function getStatusPatiently(session: DfuSession, wait: Wait): Promise<StatusReport> {
  for (let stalls = 1; ; stalls++) {
    try {
      return await session.requests.getStatus(wait);
    } catch (error) {
      if (!isFlashError(error, 'usb.stall', 'usb.transfer-error') || stalls > 3) throw error;
      await sleepWithin(wait, session.clock, 10 * stalls);
    }
  }
}

/** How a piece of work went: for learning, for the record. */
export interface WorkReport {
  readonly durationMs: number;
  readonly polls: number;
}

/**
 * After a DNLOAD: asks GETSTATUS until the work is done. In DfuSe the first of them starts it (dfu.md 2.4).
 * @param done states that mean finished
 * @throws FlashError `dfu.status` on dfuERROR, `dfu.state` on a state out of place (dfuIDLE after a write
 *   among them, dfu.md 2.4), `dfu.stuck` past the ceiling, `dfu.bad-answer`, `usb.*`, `job.*`
 */
export async function waitForWork(
  session: DfuSession,
  operation: Operation,
  doing: string,
  outer: Wait,
  done: readonly DfuState[] = [DfuState.downloadIdle],
): Promise<WorkReport> {
  const { clock, poll } = session;
  const limitMs = ceilingMs[operation.kind];
  const elapsed = stopwatch(clock);
  let stallsInRow = 0;
  let busyAfterWait = false;
  let hintMs = 0;
  let plannedMs = 0;
  let firstAnswerMs: number | undefined;
  let ceilingAtMs = limitMs;
  for (let polls = 1; ; polls++) {
    const askedMs = elapsed();
    const report = await askWhileBusy(session, limitMs, outer, doing, elapsed);
    if (firstAnswerMs === undefined) {
      firstAnswerMs = elapsed() - askedMs;
      ceilingAtMs = elapsed() + limitMs;
    }
    if (report === 'stalled') {
      poll.reportAnomaly();
      stallsInRow++;
      if (stallsInRow > toleratedStalls(operation.kind)) throw new FlashError('usb.stall', {});
      await sleepWithin(outer, clock, Math.min(poll.delayAfterStall(hintMs), limitMs));
      continue;
    }
    stallsInRow = 0;
    if (report.status !== DfuStatus.ok || report.state === DfuState.error)
      throw await statusError(session, report, doing, outer);
    if (done.includes(report.state)) {
      const answeredMs = elapsed();
      poll.learn(operation, { plannedMs, askedMs, answeredMs, sawBusy: busyAfterWait, firstAnswerMs });
      return { durationMs: answeredMs, polls };
    }
    if (!isBusy(report.state)) throw new FlashError('dfu.state', { state: report.state, doing });
    // Only a question that was asked then tells: a computer that is busy itself asks late, and hears late. Timers are
    // a little early at times.
    if (askedMs >= ceilingAtMs - 1)
      throw new FlashError('dfu.stuck', { doing, afterMs: Math.round(elapsed()) });
    if (polls > 1) busyAfterWait = true;
    hintMs = report.pollTimeoutMs;
    const delayMs = Math.max(poll.delay(operation, hintMs, elapsed(), polls), leastDelayMs(polls));
    plannedMs = elapsed() + delayMs;
    const napMs = Math.min(delayMs, ceilingAtMs - elapsed());
    if (napMs > 0) await sleepWithin(outer, clock, napMs);
  }
}

/** A device that says "poll me at once" and stays busy is not hammered for ever (dfu.md 1.11, Black Magic). */
function leastDelayMs(polls: number): number {
  return polls <= 4 ? 0 : Math.min(2 ** (polls - 5), 50);
}

function isBusy(state: DfuState): boolean {
  return state === DfuState.downloadBusy || state === DfuState.downloadSync || state === DfuState.manifest;
}

/** An answer that is held back for longer than the whole work may take is none. */
async function askWhileBusy(
  session: DfuSession,
  limitMs: number,
  outer: Wait,
  doing: string,
  elapsed: () => number,
): Promise<StatusReport | 'stalled'> {
  try {
    return await session.requests.getStatus(shrink(outer, session.clock, limitMs));
  } catch (error) {
    if (isFlashError(error, 'usb.stall', 'usb.transfer-error')) return 'stalled';
    throw stuckOr(error, session.clock, outer, doing, elapsed);
  }
}

/** Our own ceiling ended it, not the caller's deadline: the device is what hangs. */
function stuckOr(error: unknown, clock: Clock, outer: Wait, doing: string, elapsed: () => number): unknown {
  const timedOut = isFlashError(error, 'usb.timeout', 'job.timeout');
  if (!timedOut || clock.now() >= outer.deadline) return error;
  return new FlashError('dfu.stuck', { doing, afterMs: Math.round(elapsed()) }, error);
}

/** An error status with the vendor's own words, where it offers any. */
export async function statusError(
  session: DfuSession,
  report: StatusReport,
  doing: string,
  wait: Wait,
): Promise<FlashError> {
  const text = await readStatusText(session.device, report.textIndex, shrink(wait, session.clock, 500));
  return new FlashError('dfu.status', { status: report.status, state: report.state, text, doing });
}
