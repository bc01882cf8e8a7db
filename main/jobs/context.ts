// All that a step may touch.
import { FlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import { stepNames, type SkipReason, type StepName } from '../../shared/plan.ts';
import type { StepRecord } from '../../shared/result.ts';
import type { Clock } from '../base/clock.ts';
import type { Flow } from '../base/flow.ts';
import type { Wait } from '../base/wait.ts';
import { Ledger } from './ledger.ts';
import type { JobRecord } from './job-record.ts';
import type { JobControl } from './request.ts';
import type { Services } from './services.ts';

/** Progress is told at most this often, ms: ten times a second (floor plan, Contract). */
const progressEveryMs = 100;

/** One running job: its record, its truth, and the only way steps talk to the outside. */
export class JobContext {
  readonly services: Services;
  readonly control: JobControl;
  readonly wait: Wait;
  readonly ledger = new Ledger();
  readonly record: JobRecord;
  readonly #records = new Map<StepName, StepRecord>();
  readonly #deadline: { deadline: number };

  constructor(services: Services, control: JobControl, wait: Wait, record: JobRecord) {
    this.record = record;
    this.services = services;
    this.control = control;
    const own = { ...wait };
    this.wait = own;
    this.#deadline = own;
  }

  get clock(): Clock {
    return this.services.clock;
  }

  emit(event: JobEvent): void {
    this.control.emit(event);
  }

  /** Every step in order, those never reached included. */
  get records(): StepRecord[] {
    return stepNames.map((step) => this.#records.get(step) ?? { step, state: 'not-reached', durationMs: 0 });
  }

  skip(step: StepName, reason: SkipReason): void {
    this.#keep({ step, state: 'skipped', reason, durationMs: 0 });
    this.emit({ type: 'step-skipped', step, reason });
  }

  /** Runs one step and keeps its record, whatever happens. */
  async run<T>(
    step: StepName,
    totalBytes: number | undefined,
    action: (flow: Flow) => Promise<T>,
  ): Promise<T> {
    const start = this.clock.now();
    this.emit({ type: 'step-started', step, totalBytes });
    this.record.step({ step, state: 'running' });
    const progress = this.#progress(step, totalBytes);
    try {
      const value = await action({
        wait: this.wait,
        stop: this.control.stop,
        progress: progress.tell,
        pause: () => this.#pause(progress.catchUp),
      });
      const durationMs = this.clock.now() - start;
      this.#keep({ step, state: 'done', durationMs, ...bytesOf(totalBytes) });
      this.emit({ type: 'step-done', step, durationMs, bytes: totalBytes });
      return value;
    } catch (error) {
      const known = toFlashError(error);
      this.#keep({
        step,
        state: 'failed',
        durationMs: this.clock.now() - start,
        ...bytesOf(progress.done()),
      });
      this.emit({ type: 'step-failed', step, code: known.code, params: known.params });
      throw known;
    }
  }

  /** A pause is no part of what a job may take. @param caughtUp what is shown meanwhile is how far it is */
  #pause(caughtUp: () => void): Promise<void> | undefined {
    const paused = this.control.pause?.();
    if (paused === undefined) return undefined;
    caughtUp();
    const since = this.clock.now();
    return paused.then(() => void (this.#deadline.deadline += this.clock.now() - since));
  }

  #keep(record: StepRecord): void {
    this.#records.set(record.step, record);
    this.record.step(record);
  }

  /** Between steps: a stop asked for while nothing was running. @throws FlashError `job.stopped`, `job.aborted` */
  checkStop(): void {
    if (this.control.abort.aborted) throw new FlashError('job.aborted', {});
    if (this.control.stop.aborted) throw new FlashError('job.stopped', {});
  }

  #progress(
    step: StepName,
    totalBytes: number | undefined,
  ): { tell: (done: number) => void; catchUp: () => void; done: () => number } {
    let latest = 0;
    let told = 0;
    let toldAt = Number.NEGATIVE_INFINITY;
    const catchUp = (): void => {
      if (totalBytes === undefined || latest === told) return;
      told = latest;
      toldAt = this.clock.now();
      this.emit({ type: 'progress', step, doneBytes: latest, totalBytes });
    };
    return {
      done: () => latest,
      catchUp,
      tell: (doneBytes) => {
        latest = Math.max(latest, doneBytes);
        if (this.clock.now() - toldAt >= progressEveryMs || latest === totalBytes) catchUp();
      },
    };
  }
}

function bytesOf(bytes: number | undefined): { bytes?: number } {
  return bytes === undefined ? {} : { bytes };
}

/** The same flow, whose progress counts on from what was done before it. */
export function offsetFlow(flow: Flow, before: number): Flow {
  return { ...flow, progress: (done) => flow.progress(before + done) };
}
