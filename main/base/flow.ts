import { FlashError } from '../../shared/errors/flash-error.ts';
import { checkWait, type Wait } from './wait.ts';
import type { Clock } from './clock.ts';

/**
 * What a long operation on a board is given. `wait` ends it at once (the request in flight is cancelled
 * and its block is in doubt); `stop` ends it at the next block border, with nothing in doubt.
 */
export interface Flow {
  readonly wait: Wait;
  readonly stop: AbortSignal;
  /** Told after each finished piece: bytes done so far in this operation; only ever rises. */
  readonly progress: (doneBytes: number) => void;
  /** At a block border: nothing when the next block may begin at once, else resolves when it may. Never rejects. */
  readonly pause?: (() => Promise<void> | undefined) | undefined;
  /** Awaited before each piece of a write is sent: whoever keeps a journal writes it down first. Never rejects. */
  readonly before?: ((offset: number, length: number) => Promise<void> | undefined) | undefined;
}

/**
 * At a block border: may the next block begin? Waits while the job is paused.
 * @throws FlashError `job.stopped`, `job.aborted` or `job.timeout`
 */
export async function atBorder(flow: Flow, clock: Clock): Promise<void> {
  checkBorder(flow, clock);
  const paused = flow.pause?.();
  if (paused === undefined) return;
  await paused;
  checkBorder(flow, clock);
}

function checkBorder(flow: Flow, clock: Clock): void {
  checkWait(flow.wait, clock);
  if (flow.stop.aborted) throw new FlashError('job.stopped', {});
}
