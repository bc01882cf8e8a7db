// The jobs of one run of the program: started, watched, asked and ended from a page. No job hangs on a page or a call.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { GuideSay } from '../../shared/guide.ts';
import {
  applyJobEvent,
  newJobSnapshot,
  type JobKind,
  type JobSnapshot,
  type StepTimes,
} from '../../shared/job-snapshot.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import { limits } from '../../shared/limits.ts';
import type { Plan, PlanQuestion } from '../../shared/plan.ts';
import type { Profile } from '../../shared/profile.ts';
import { Snapshots } from '../base/snapshots.ts';
import { harmlessLog } from '../log/harmless.ts';
import type { Log } from '../log/log.ts';
import type { Facts } from '../devices/bus.ts';
import { isFlashMode } from './arm/look.ts';
import type { DirectRequest, JobControl, JobRequest } from './request.ts';
import { runAnyJob } from './run-any.ts';
import type { Services } from './services.ts';

/** What a page said yes to beforehand: one plan, and some of its questions. */
export interface Consent {
  readonly planHash: string | undefined;
  readonly questions: readonly string[];
}

export interface NewJob {
  readonly kind: JobKind;
  readonly request: JobRequest;
  /** Empty for a job that waits for its board on any port. */
  readonly portPath: string;
  /** What the board was called when the job was asked for; the job finds out for itself. */
  readonly board: string;
  readonly virtual: boolean;
  readonly files: readonly string[];
  readonly consent: Consent;
}

interface Running {
  readonly job: NewJob;
  /** The port it has now; empty while it waits for its board on any. */
  portPath: string;
  readonly stop: AbortController;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  times: StepTimes;
  answer: ((yes: boolean) => void) | undefined;
  say: ((say: GuideSay) => void) | undefined;
}

/** Events that only count on: everything else is a change of state, and told at once. */
const counting: ReadonlySet<JobEvent['type']> = new Set(['progress']);

/** All jobs of this run, running and ended. */
export class RunningJobs {
  readonly snapshots: Snapshots<readonly JobSnapshot[]>;
  readonly #services: Services;
  readonly #openLog: (id: string) => Log & Disposable;
  readonly #running = new Map<string, Running>();
  /** What was asked for last, by port: to be done again. At most as many as may run, for files are large. */
  readonly #last = new Map<string, { readonly id: string; readonly job: NewJob }>();
  #next = 1;

  /** @param openLog a log whose lines carry the job's id */
  constructor(services: Services, openLog: (id: string) => Log & Disposable) {
    this.#services = services;
    this.#openLog = openLog;
    this.snapshots = new Snapshots<readonly JobSnapshot[]>([], services.clock, limits.snapshotEveryMs);
  }

  /** Ports that have a job. */
  get busyPorts(): ReadonlySet<string> {
    return new Set([...this.#running.values()].map((job) => job.portPath).filter((port) => port !== ''));
  }

  /** Whether a job has this board, or waits for it in this very mode: then nobody else is to open it. */
  isBusy(facts: Facts): boolean {
    return [...this.#running.values()].some(({ portPath, job }) => {
      if (portPath !== '') return portPath === facts.portPath;
      const profile = this.#profileOf(job);
      return profile !== undefined && isFlashMode(profile, facts);
    });
  }

  /** Jobs that have not ended. */
  get count(): number {
    return this.#running.size;
  }

  /** Starts a job; it runs on whatever becomes of the caller. @throws FlashError `api.limit`, `device.locked` */
  start(job: NewJob): string {
    this.#checkLimit(job);
    if (this.busyPorts.has(job.portPath))
      throw new FlashError('device.locked', {
        portPath: job.portPath,
        pid: process.pid,
        shell: this.#services.host.shell,
      });
    const id = `job-${this.#next++}`;
    this.#remember(id, job);
    const { kind, portPath, board, virtual, files } = job;
    const startedAt = this.#services.host.now().toISOString();
    this.#put(newJobSnapshot({ id, kind, portPath, board, virtual, files, startedAt }), true);
    const stop = new AbortController();
    const abort = new AbortController();
    const ended = this.#run(id, job, stop.signal, abort.signal);
    const now = this.#services.clock.now();
    const times = { startedMs: now, reportedMs: now };
    const nobody = { answer: undefined, say: undefined };
    this.#running.set(id, { job, portPath, stop, abort, ended, times, ...nobody });
    return id;
  }

  /** Starts the last job of a port once more. @throws FlashError `api.unknown`, `api.limit`, `device.locked` */
  again(id: string): string {
    const last = [...this.#last.values()].find((one) => one.id === id);
    if (last === undefined) throw new FlashError('api.unknown', { what: 'job' });
    const { request } = last.job;
    if (request.kind === 'arm') return this.start(last.job);
    const board = request.selection.board ?? this.#find(id).profile;
    const selection = { ...request.selection, board, waitMs: limits.againWaitMs };
    return this.start({ ...last.job, request: onItsOwn({ ...request, selection }) });
  }

  /** What the person says to the coach of a job. @throws FlashError `api.unknown` when none is shown (any more) */
  guide(id: string, say: GuideSay): void {
    const listener = this.#running.get(id)?.say;
    if (listener === undefined) throw new FlashError('api.unknown', { what: 'guide' });
    listener(say);
  }

  /**
   * Ends a job, first at the next block, then at once; resolves when it has ended.
   * @throws FlashError `api.unknown`
   */
  async cancel(id: string, how: 'stop' | 'abort'): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) {
      this.#find(id);
      return;
    }
    this.#change(id, (job) => ({ ...job, ending: job.ending === 'abort' ? 'abort' : how }));
    running.stop.abort();
    if (how === 'abort') running.abort.abort();
    // A job that asks something is stopped by its question's being answered with no.
    running.answer?.(false);
    await running.ended;
  }

  /** @throws FlashError `api.unknown` when nothing like that is asked (any more) */
  answer(id: string, question: string, yes: boolean): void {
    const running = this.#running.get(id);
    if (running?.answer === undefined || this.#find(id).question?.id !== question)
      throw new FlashError('api.unknown', { what: 'question' });
    running.answer(yes);
  }

  /** Takes an ended job off the list. @throws FlashError `api.unknown` */
  dismiss(id: string): void {
    if (this.#running.has(id)) throw new FlashError('api.unknown', { what: 'job' });
    this.#find(id);
    for (const [key, last] of this.#last) if (last.id === id) this.#last.delete(key);
    this.snapshots.set(
      this.snapshots.value.filter((job) => job.id !== id),
      true,
    );
  }

  /** Stops all jobs and waits for their ends. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.cancel(id, 'stop')));
  }

  async #run(id: string, job: NewJob, stop: AbortSignal, abort: AbortSignal): Promise<void> {
    // The job is in the list before it says its first word.
    await Promise.resolve();
    using log = harmlessLog(id, this.#openLog, this.#services.log);
    try {
      await runAnyJob(job.request, this.#services, {
        stop,
        abort,
        emit: (event) => this.#apply(id, event),
        log,
        ask: (question, plan) => this.#ask(id, job.consent, question, plan),
        ...this.#coaching(id),
      });
    } finally {
      this.#running.delete(id);
      this.#forgetOldest();
      this.snapshots.set(this.snapshots.value, true);
    }
  }

  #coaching(id: string): Pick<JobControl, 'onSay' | 'ports'> {
    const running = (): Running | undefined => this.#running.get(id);
    return {
      onSay: (listener) => {
        const mine = running();
        if (mine !== undefined) mine.say = listener;
        return { [Symbol.dispose]: () => mine !== undefined && (mine.say = undefined) };
      },
      ports: {
        claim: (portPath) => {
          const others = [...this.#running].filter(([other]) => other !== id);
          const mine = running();
          if (mine === undefined || others.some(([, job]) => job.portPath === portPath)) return false;
          mine.portPath = portPath;
          return true;
        },
        release: () => {
          const mine = running();
          if (mine !== undefined) mine.portPath = mine.job.portPath;
        },
      },
    };
  }

  /** Those that wait hold no place that a running one could have. @throws FlashError `api.limit` */
  #checkLimit({ request }: NewJob): void {
    const waits = request.kind === 'arm';
    const limit = waits ? limits.armedJobs : limits.runningJobs;
    const same = [...this.#running.values()].filter(({ job }) => (job.request.kind === 'arm') === waits);
    if (same.length >= limit) throw new FlashError('api.limit', { what: 'jobs', limit });
  }

  #profileOf({ request }: NewJob): Profile | undefined {
    if (request.kind !== 'arm') return undefined;
    return this.#services.profiles.find(({ id }) => id === request.profile);
  }

  #apply(id: string, event: JobEvent): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    const now = this.#services.clock.now();
    const { job, times } = applyJobEvent(this.#find(id), running.times, event, now);
    running.times = times;
    this.#put(job, !counting.has(event.type));
  }

  /** A yes is for the plan that was read, and for no other. */
  async #ask(id: string, consent: Consent, question: PlanQuestion, plan: Plan): Promise<boolean> {
    const samePlan = consent.planHash === plan.hash;
    if (samePlan && (question.id === 'confirm' || consent.questions.includes(question.id))) return true;
    const running = this.#running.get(id);
    if (running === undefined || running.stop.signal.aborted) return false;
    const answered = new Promise<boolean>((resolve) => (running.answer = resolve));
    this.#change(id, (job) => ({ ...job, question }));
    const yes = await answered;
    running.answer = undefined;
    this.#change(id, (job) => ({ ...job, question: undefined }));
    return yes;
  }

  #remember(id: string, job: NewJob): void {
    // The newest goes to the end, the oldest makes room.
    const key =
      job.portPath === '' && job.request.kind === 'arm' ? `any ${job.request.profile}` : job.portPath;
    this.#last.delete(key);
    this.#last.set(key, { id, job });
    const [oldest] = this.#last.keys();
    if (this.#last.size > limits.runningJobs && oldest !== undefined) this.#last.delete(oldest);
  }

  #find(id: string): JobSnapshot {
    const found = this.snapshots.value.find((job) => job.id === id);
    if (found === undefined) throw new FlashError('api.unknown', { what: 'job' });
    return found;
  }

  #change(id: string, change: (job: JobSnapshot) => JobSnapshot): void {
    this.#put(change(this.#find(id)), true);
  }

  #put(job: JobSnapshot, urgent: boolean): void {
    const before = this.snapshots.value;
    const known = before.some((one) => one.id === job.id);
    const after = known ? before.map((one) => (one.id === job.id ? job : one)) : [job, ...before];
    this.snapshots.set(after, urgent);
  }

  #forgetOldest(): void {
    const ended = this.snapshots.value.filter((job) => !this.#running.has(job.id));
    const tooOld = new Set(ended.slice(limits.endedJobs).map((job) => job.id));
    if (tooOld.size > 0)
      this.snapshots.set(
        this.snapshots.value.filter((job) => !tooOld.has(job.id)),
        true,
      );
  }
}

/** What a resumption went on with may be over by now: the board itself tells whether it was left half-written. */
function onItsOwn(request: DirectRequest): DirectRequest {
  return request.kind === 'flash' && request.resumes !== undefined
    ? { ...request, resumes: undefined, earlier: undefined }
    : request;
}
