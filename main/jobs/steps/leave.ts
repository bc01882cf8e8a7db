import { isFlashError } from '../../../shared/errors/flash-error.ts';
import { formatIds } from '../../../shared/hex.ts';
import type { AppState } from '../../../shared/result.ts';
import { waitForLeave, waitForReturn } from '../../devices/return.ts';
import { fitsIds } from '../../devices/match-ids.ts';
import { quirksFor } from '../../devices/quirks.ts';
import type { Bus, Facts } from '../../devices/bus.ts';
import { recognise } from '../../targets/recognise.ts';
import type { Region, Target, WritingEnd } from '../../targets/target.ts';
import type { JobContext } from '../context.ts';

/** How the board went, and whether it was seen again. */
export interface Departure {
  readonly app: AppState;
  readonly leftEarly: boolean;
  /** What stands on its port now, if something came. */
  readonly back?: Facts;
}

/** A board that acknowledged leaving is gone within this, ms. */
const leaveLimitMs = 3_000;
/** A program that shows on USB does so within this, ms (dfu.md 0 rule 10). */
const returnLimitMs = 10_000;

export interface LeavePlan {
  readonly bus: Bus;
  /** The board in flash mode. */
  readonly facts: Facts;
  /** Ids of its program, when it was seen running: then its return is expected. */
  readonly runtimeSeen: boolean;
  /** Ids its program has, where they are known: another device on the port is not its program. */
  readonly programIds: readonly string[];
  readonly region: Region | undefined;
  readonly address: number | undefined;
  readonly end: WritingEnd;
  /** DETACH and reset whatever the board says (`--reset`). */
  readonly reset: boolean;
  /** No request makes it leave: it starts its program when its window is over. */
  readonly startsByItself?: SelfStart | undefined;
}

/** Of a board whose flash mode ends by itself (devices.md 2.7). */
export interface SelfStart {
  readonly windowMs: number;
  /** Ids of its program, `vvvv:pppp`: nothing else on its port is taken for it. */
  readonly programIds: readonly string[];
}

/**
 * Starts the program, closes the handle, and watches the port. Nothing here can undo what was written, so
 * nothing here fails the job but an abort.
 * @throws FlashError `job.aborted`
 */
export async function leaveAndConfirm(
  context: JobContext,
  target: Target,
  plan: LeavePlan,
): Promise<Departure> {
  const { region, address = 0 } = plan;
  const stays =
    region === undefined || (target.addressed && plan.address === undefined) || !target.canLeave(plan.end);
  if (stays && !plan.reset) {
    await target[Symbol.asyncDispose]();
    if (plan.startsByItself !== undefined) {
      context.skip('leave', 'starts-by-itself');
      return await context.run('confirm', undefined, (flow) => watchPort(context, plan, false, flow.wait));
    }
    context.skip('leave', 'stays-in-flash-mode');
    return staying(context, plan);
  }
  const answer = await context.run('leave', undefined, async (flow) => {
    try {
      if (plan.reset || region === undefined) {
        await target.detachAndReset(flow.wait);
        return 'left';
      }
      return await target.leave(region, address, plan.end, flow);
    } catch (error) {
      if (isFlashError(error, 'job.aborted')) throw error;
      context.services.log.write('warn', 'leave', error instanceof Error ? error.message : 'failed');
      return 'left-early';
    }
  });
  await target[Symbol.asyncDispose]();
  if (answer === 'stayed') return staying(context, plan);
  return await context.run('confirm', undefined, (flow) =>
    watchPort(context, plan, answer === 'left-early', flow.wait),
  );
}

function staying(context: JobContext, plan: LeavePlan): Departure {
  context.skip('confirm', 'stays-in-flash-mode');
  return { app: plan.runtimeSeen ? 'not-seen' : 'not-expected', leftEarly: false };
}

async function watchPort(
  context: JobContext,
  plan: LeavePlan,
  early: boolean,
  wait: Parameters<typeof waitForReturn>[3]['wait'],
): Promise<Departure> {
  const { clock } = context;
  context.emit({ type: 'waiting', for: 'return' });
  const { startsByItself } = plan;
  const limit = leaveLimitMs + (startsByItself?.windowMs ?? 0);
  const left = await waitForLeave(plan.bus, plan.facts, { clock, limitMs: limit, wait });
  if (!left) return { app: 'not-seen', leftEarly: false };
  const limitMs = quirksFor(plan.facts)['return-limit-ms'] ?? returnLimitMs;
  const { programIds } = plan;
  const isInFlashMode = (facts: Facts): boolean => recognise(facts, quirksFor(facts)).mode === 'dfu';
  const mayBeIt = (facts: Facts): boolean =>
    programIds.length === 0 || programIds.some((ids) => fitsIds(ids, facts)) || isInFlashMode(facts);
  const back = await waitForReturn(plan.bus, plan.facts, mayBeIt, { clock, limitMs, wait });
  if (back === undefined) {
    const expected = plan.runtimeSeen || startsByItself !== undefined;
    return { app: expected ? 'not-seen' : 'not-expected', leftEarly: early };
  }
  return { app: isProgram(back, startsByItself) ? 'running' : 'not-seen', leftEarly: early, back };
}

/** Where the ids of the program are known, nothing else is taken for it. */
function isProgram(back: Facts, startsByItself: SelfStart | undefined): boolean {
  if (startsByItself !== undefined)
    return startsByItself.programIds.includes(formatIds(back.vendorId, back.productId));
  return recognise(back, quirksFor(back)).mode !== 'dfu';
}
