// The jobs of one run of the program: started, watched, asked and ended from a page. No job hangs on a page or a call.
import { isAnswerTo } from '../../shared/choice-question.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { GuideSay } from '../../shared/guide.ts';
import { applyJobEvent, newJobSnapshot, type JobSnapshot } from '../../shared/job-snapshot.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import type { QueueSnapshot } from '../../shared/job-state.ts';
import { limits } from '../../shared/limits.ts';
import type { Plan, PlanQuestion } from '../../shared/plan.ts';
import type { Snapshots } from '../base/snapshots.ts';
import { harmlessLog } from '../log/harmless.ts';
import type { Log } from '../log/log.ts';
import type { Facts } from '../devices/bus.ts';
import { isFlashMode } from './arm/look.ts';
import { notStarted } from './arm/not-started.ts';
import { askerOf, askThrough, controlOf, type Asker } from './asking.ts';
import { checkAdmission } from './admission.ts';
import { JobList } from './job-list.ts';
import { LastJobs } from './last-jobs.ts';
import { isAgreed, isArmed, waitingForBoard, type NewJob } from './new-job.ts';
import { PowerTrouble } from './power-trouble.ts';
import { Queue } from './queue.ts';
import { runAnyJob } from './run-any.ts';
import { newRunning, type Running } from './running-job.ts';
import type { Services } from './services.ts';
import { hasLane, stateName } from './states.ts';

export type { Consent, NewJob } from './new-job.ts';

/** Events that only count on: everything else is a change of state, and told at once. */
const counting: ReadonlySet<JobEvent['type']> = new Set(['progress']);

/** All jobs of this run, running and ended. */
export class RunningJobs {
  readonly #services: Services;
  readonly #openLog: (id: string) => Log & Disposable;
  readonly #running = new Map<string, Running>();
  readonly #list: JobList;
  readonly #last = new LastJobs();
  readonly #queue: Queue;
  readonly #power: PowerTrouble;
  #next = 1;

  /** @param openLog a log whose lines carry the job's id */
  constructor(
    services: Services,
    openLog: (id: string) => Log & Disposable,
    runningAtOnce: number = limits.usualRunningJobs,
  ) {
    this.#services = services;
    this.#openLog = openLog;
    this.#list = new JobList(services.clock);
    this.#queue = new Queue(runningAtOnce, {
      begin: (id) => this.#running.get(id)?.begun.resolve(true),
      goOn: (id) => this.#running.get(id)?.wake?.(),
      changed: ({ id, state }) => this.#list.change(id, { state: stateName(state) }),
    });
    this.#power = new PowerTrouble(this.#queue, services.log);
  }

  get snapshots(): Snapshots<readonly JobSnapshot[]> {
    return this.#list.snapshots;
  }

  /** The queue as a whole; whoever watches the jobs is told when it changes. */
  get queue(): QueueSnapshot {
    const { runningAtOnce, lowered, asleep, entries } = this.#queue;
    const order = entries.filter(({ state }) => state.is === 'queued').map(({ id }) => id);
    return { runningAtOnce, lowered, asleep, order };
  }

  /** Ports that have a job. Those whose job only waits for its turn have none. */
  get busyPorts(): ReadonlySet<string> {
    const mine = this.#queue.entries.filter(({ lane, state }) => lane !== '' && hasLane(state));
    return new Set(mine.map(({ lane }) => lane));
  }

  /** Whether a job has this board, or waits for it in this very mode: then nobody else is to open it. */
  isBusy(facts: Facts): boolean {
    return this.#queue.entries.some(({ id, lane, state }) => {
      if (!hasLane(state)) return false;
      if (lane !== '') return lane === facts.portPath;
      const request = this.#running.get(id)?.job.request;
      if (request?.kind !== 'arm') return false;
      const profile = this.#services.profiles.find((one) => one.id === request.profile);
      return profile !== undefined && isFlashMode(profile, facts);
    });
  }

  /** Jobs that have not ended. */
  get count(): number {
    return this.#running.size;
  }

  /**
   * Takes a job in; it begins when its port is free and fewer run than may, and goes on whatever becomes of the caller.
   * @throws FlashError `api.limit`, `device.locked` for a resumption that another job is about already
   */
  start(job: NewJob): string {
    const others = [...this.#running.values()].map((one) => one.job);
    checkAdmission(job, others, this.#services.host.shell);
    const id = `job-${this.#next++}`;
    this.#last.remember(id, job);
    const { kind, portPath, board, virtual, files } = job;
    const startedAt = this.#services.host.now().toISOString();
    this.#list.put(newJobSnapshot({ id, kind, portPath, board, virtual, files, startedAt }), true);
    const running = newRunning(job, this.#services.clock.now());
    this.#running.set(id, running);
    running.ended = this.#run(id, running);
    this.#queue.add(id, portPath, isArmed(job));
    return id;
  }

  /** Starts the last job of a port once more. @throws FlashError `api.unknown`, `api.limit`, `device.locked` */
  again(id: string): string {
    const job = this.#last.find(id);
    if (job === undefined) throw new FlashError('api.unknown', { what: 'job' });
    if (this.#running.has(id)) {
      const { shell } = this.#services.host;
      throw new FlashError('device.locked', { portPath: job.portPath, pid: process.pid, shell });
    }
    return this.start(waitingForBoard(job, this.#list.find(id).profile));
  }

  /** What the last job of a port was asked for, and the plan that was agreed to. @throws FlashError `api.unknown` */
  recipeOf(id: string): { readonly job: NewJob; readonly plan: Plan } {
    const job = this.#last.find(id);
    const plan = this.#last.planOf(id);
    if (job === undefined || plan === undefined) throw new FlashError('api.unknown', { what: 'job' });
    return { job, plan };
  }

  /** What the person says to the coach of a job. @throws FlashError `api.unknown` when none is shown (any more) */
  guide(id: string, say: GuideSay): void {
    const listener = this.#running.get(id)?.say;
    if (listener === undefined) throw new FlashError('api.unknown', { what: 'guide' });
    listener(say);
  }

  /** Stops it at the next block border, or keeps it from beginning. @throws FlashError `api.unknown` */
  pause(id: string): void {
    this.#queue.tell(id, { type: 'hold', by: 'person' });
  }

  /** Goes on. @throws FlashError `api.unknown` */
  resume(id: string): void {
    this.#queue.tell(id, { type: 'release', by: 'person' });
  }

  /** Changes the order of those that have not begun. @throws FlashError `api.unknown` */
  move(id: string, before: string | undefined): void {
    this.#queue.move(id, before);
    this.#list.touch();
  }

  /** How many may run at a time; what was lowered by itself is taken back. */
  runAtOnce(count: number): void {
    this.#queue.choose(Math.max(1, Math.min(limits.runningJobs, count)));
    this.#list.touch();
  }

  /** The computer is about to sleep, or is awake again: all stop at their next block border, and go on. */
  sleep(asleep: boolean): void {
    this.#services.log.write(
      'info',
      'queue',
      asleep ? 'the computer goes to sleep' : 'the computer is awake',
    );
    this.#queue.sleep(asleep);
    this.#list.touch();
  }

  /**
   * Ends a job, first at the next block, then at once; resolves when it has ended.
   * @throws FlashError `api.unknown`
   */
  async cancel(id: string, how: 'stop' | 'abort'): Promise<void> {
    const running = this.#running.get(id);
    const known = this.#list.find(id);
    if (running === undefined) return;
    this.#list.change(id, { ending: known.ending === 'abort' ? 'abort' : how });
    running.stop.abort();
    if (how === 'abort') running.abort.abort();
    // Before it is told to end: one that has not begun never does.
    if (this.#queue.find(id)?.state.is === 'queued') running.begun.resolve(false);
    else this.#queue.tell(id, { type: 'stop' });
    // A job that asks something is stopped by its question's being answered with no.
    running.answer?.(false);
    running.wake?.();
    await running.ended;
  }

  /**
   * @param answer yes or no, or the id of one of the choices; no to those: none of them
   * @throws FlashError `api.unknown` when nothing like that is asked (any more)
   */
  answer(id: string, question: string, answer: boolean | string): void {
    const running = this.#running.get(id);
    const asked = this.#list.find(id).question;
    if (running?.answer === undefined || asked?.id !== question || !isAnswerTo(asked, answer))
      throw new FlashError('api.unknown', { what: 'question' });
    running.answer(answer);
  }

  /** Takes an ended job off the list. @throws FlashError `api.unknown` */
  dismiss(id: string): void {
    if (this.#running.has(id)) throw new FlashError('api.unknown', { what: 'job' });
    this.#list.find(id);
    this.#last.forget(id);
    this.#list.remove(new Set([id]));
  }

  /** Resolves when the job has ended, at once where there is none. Never rejects. */
  async ended(id: string): Promise<void> {
    await this.#running.get(id)?.ended;
  }

  /** Stops all jobs and waits for their ends. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.cancel(id, 'stop')));
  }

  async #run(id: string, running: Running): Promise<void> {
    const { job, stop, abort } = running;
    try {
      if (!(await running.begun.promise)) {
        this.#neverBegan(id, job);
        return;
      }
      using log = harmlessLog(id, this.#openLog, this.#services.log);
      await runAnyJob(job.request, this.#services, {
        stop: stop.signal,
        abort: abort.signal,
        emit: (event) => this.#apply(id, event),
        recorded: (record) => this.#list.change(id, { record }),
        log,
        ask: (question, plan) => this.#ask(id, running, question, plan),
        ...controlOf(this.#queue, id, this.#asker(id, running)),
      });
    } finally {
      this.#running.delete(id);
      this.#queue.tell(id, { type: 'end' });
      this.#list.forgetOldest((one) => this.#running.has(one));
      this.#list.touch();
    }
  }

  #neverBegan(id: string, { board, portPath }: NewJob): void {
    const facts = { board, portPath: portPath === '' ? undefined : portPath, durationMs: 0 };
    this.#apply(id, { type: 'result', result: notStarted(new FlashError('job.stopped', {}), facts) });
  }

  #apply(id: string, event: JobEvent): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    const now = this.#services.clock.now();
    const { job, times } = applyJobEvent(this.#list.find(id), running.times, event, now);
    running.times = times;
    if (event.type === 'plan') this.#last.planned(id, event.plan);
    if (event.type === 'result') this.#power.note(job.portPath, event.result, now);
    this.#list.put(job, !counting.has(event.type));
  }

  /** A yes is for the plan that was read, and for no other. */
  async #ask(id: string, running: Running, question: PlanQuestion, plan: Plan): Promise<boolean> {
    const { consent, asksNobody } = running.job;
    const samePlan = isAgreed(consent, plan);
    if (samePlan && (question.id === 'confirm' || consent.questions.includes(question.id))) return true;
    if (asksNobody === true) return false;
    return (await askThrough(this.#asker(id, running), question)) === true;
  }

  #asker(id: string, running: Running): Asker {
    return askerOf(this.#queue, id, running, (question) => this.#list.change(id, { question }));
  }
}
