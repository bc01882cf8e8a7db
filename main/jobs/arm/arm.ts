// Arm and wait: everything settled first, then the job begins by itself the moment the board is in flash mode. A try that
// fails is tried again; wrong boards, and boards that come and go, are told to the coach and otherwise left alone.
import { coach, startCoach } from '../../../shared/coach.ts';
import type { CoachEvent, CoachState } from '../../../shared/coach-state.ts';
import { FlashError, toFlashError } from '../../../shared/errors/flash-error.ts';
import type { GuideSay } from '../../../shared/guide.ts';
import { guideSnapshot } from '../../../shared/guide-snapshot.ts';
import { limits } from '../../../shared/limits.ts';
import type { Result } from '../../../shared/result.ts';
import { startWait, type Wait } from '../../base/wait.ts';
import type { ArmRequest, JobControl } from '../request.ts';
import type { Services } from '../services.ts';
import { Alarm } from './alarm.ts';
import { keyOf, PortLook, type PortChange, type PortSight } from './look.ts';
import { merged, notStarted, stoppedAfter } from './not-started.ts';
import { refuse, settle, type Settled } from './settle.ts';
import { WindowWatch } from './window-watch.ts';
import { endsTheWait, isWorthAnotherTry, tryOn, waysOfSoftware } from './try.ts';

/** The ports are looked at this often besides every hint from them, ms. */
const lookEveryMs = 100;
/** One look, ms. */
const lookLimitMs = 10_000;
/** A board that did not let itself be opened is tried again after this, ms: rules and drivers come a moment later than it. */
const retryAfterMs = 150;
/** Tries on one arrival of a board; then it has to come anew. */
const mostOnOneArrival = 3;
/** Nothing came to USB in this, ms, where nothing was learned: some systems take their time (rivals.md A 2). */
const nothingCameMs = 10_000;

/** Runs an armed job to its end. Never rejects. Tells no result. */
export async function waitAndFlash(
  request: ArmRequest,
  services: Services,
  control: JobControl,
): Promise<Result> {
  const startedMs = services.clock.now();
  const profile = services.profiles.find(({ id }) => id === request.profile);
  const board = profile?.name ?? request.profile;
  try {
    const settled = await settle(request, services);
    control.emit({ type: 'plan', plan: settled.plan });
    refuse(settled.plan);
    for (const question of settled.plan.questions) {
      if (!(await control.ask(question, settled.plan)))
        throw new FlashError('question.declined', { question: question.id });
    }
    // Opened now, so that it need not be while flash mode lasts; what is wrong with it, the job tells.
    await services.journal.openJobs().catch(() => undefined);
    using waiting = new Waiting(request, settled, services, control);
    return await waiting.run(startedMs);
  } catch (error) {
    return notStarted(toFlashError(error), {
      board,
      portPath: request.portPath,
      durationMs: services.clock.now() - startedMs,
    });
  }
}

/** One armed job that waits. */
class Waiting implements Disposable {
  readonly #request: ArmRequest;
  readonly #settled: Settled;
  readonly #services: Services;
  readonly #control: JobControl;
  readonly #look: PortLook;
  readonly #alarm: Alarm;
  readonly #listening: Disposable | undefined;
  readonly #said: GuideSay[] = [];
  /** Tries by arrival. */
  readonly #tried = new Map<string, number>();
  #state: CoachState | undefined;
  #told = '';
  #notBeforeMs = 0;
  #software: boolean;
  /** Of many boards, the one it has tried: it ends with that one. */
  #bound: string | undefined;

  constructor(request: ArmRequest, settled: Settled, services: Services, control: JobControl) {
    this.#request = request;
    this.#settled = settled;
    this.#services = services;
    this.#control = control;
    this.#look = new PortLook(services, settled.profile);
    this.#alarm = new Alarm(services.buses, services.clock, control.stop);
    this.#software = request.way === undefined && waysOfSoftware(settled.profile);
    this.#listening = control.onSay?.((say) => {
      this.#said.push(say);
      this.#alarm.ring();
    });
  }

  [Symbol.dispose](): void {
    this.#listening?.[Symbol.dispose]();
    this.#alarm[Symbol.dispose]();
  }

  async run(startedMs: number): Promise<Result> {
    const { clock } = this.#services;
    const endMs = clock.now() + this.#request.waitMs;
    const sinceStart = (): number => clock.now() - startedMs;
    let last: Result | undefined;
    try {
      let state = await this.#begin();
      for (;;) {
        state = this.#hear(state);
        this.#checkStop();
        const sight = this.#candidate();
        if (sight === undefined && this.#isOver(last)) return last;
        if (sight === undefined || this.#control.ports?.claim(sight.facts.portPath) === false) {
          this.#checkOver(endMs);
          this.#tell(state);
          await this.#alarm.wait(Math.min(lookEveryMs, Math.max(0, endMs - clock.now())));
          state = this.#feed(state, await this.#look.look(this.#wait()));
          continue;
        }
        const result = await this.#try(sight, state);
        last = merged(last, { ...result, durationMs: sinceStart() });
        if (this.#request.among !== undefined && !(sight.as === 'program' && isUntouched(result)))
          this.#bound = sight.facts.portPath;
        const isOver = endsTheWait(result) || state.tries >= limits.armedTries;
        if (isOver || this.#control.stop.aborted) return last;
        // Another job that waits for any board would take this one meanwhile.
        if (this.#bound === undefined) this.#control.ports?.release();
        state = await this.#again(sight, state, result);
      }
    } catch (error) {
      const { name: board } = this.#settled.profile;
      const { portPath } = this.#request;
      return stoppedAfter(last, toFlashError(error), { board, portPath, durationMs: sinceStart() });
    }
  }

  async #begin(): Promise<CoachState> {
    const { clock, delays } = this.#services;
    const { profile } = this.#settled;
    await this.#look.look(this.#wait());
    const usualDelayMs = delays?.usual(profile.id);
    const setup = {
      profile,
      portPath: this.#request.portPath,
      usualDelayMs,
      nothingCameMs: Math.max(nothingCameMs, 3 * (usualDelayMs ?? 0)),
    };
    const state = startCoach(setup, this.#look.boards, clock.now());
    const { way } = this.#request;
    return way === undefined ? state : this.#event(state, { type: 'said', say: { way } });
  }

  /** The board to begin on: in flash mode, and not tried in vain; or running, where software has a way in. */
  #candidate(): PortSight | undefined {
    if (this.#services.clock.now() < this.#notBeforeMs) return undefined;
    const { among } = this.#request;
    const portPath = this.#bound ?? this.#request.portPath;
    among?.look(new Set(this.#look.now.map(({ facts }) => facts.portPath)));
    const mine = this.#look.now.filter(
      ({ facts }) => (portPath === undefined || facts.portPath === portPath) && this.#mayTake(facts.portPath),
    );
    const ready = mine.filter(
      (sight) => sight.as === 'flash' && (this.#tried.get(keyOf(sight)) ?? 0) < mostOnOneArrival,
    );
    if (ready.length > 1 && among === undefined) {
      const found = ready.map(({ facts, board }) => `${facts.portPath}  ${board}`);
      throw new FlashError('device.several', { found });
    }
    const running = this.#software ? mine.filter(({ as }) => as === 'program') : [];
    return ready[0] ?? (running.length === 1 || among !== undefined ? running[0] : undefined);
  }

  #mayTake(portPath: string): boolean {
    return portPath === this.#bound || this.#request.among?.isFree(portPath) !== false;
  }

  /** Of many boards, one that is not there any more, or was tried often enough, had its turn. */
  #isOver(last: Result | undefined): last is Result {
    const pausing = this.#services.clock.now() < this.#notBeforeMs;
    return this.#bound !== undefined && last !== undefined && !pausing;
  }

  async #try(sight: PortSight, before: CoachState): Promise<Result> {
    let state = before;
    const event = (now: EventNow): void => {
      state = this.#event(state, now);
      this.#tell(state);
    };
    if (sight.as === 'program') this.#software = false;
    else {
      event({ type: 'seen', as: 'flash', portPath: sight.facts.portPath });
      this.#learn(state);
    }
    this.#tried.set(keyOf(sight), (this.#tried.get(keyOf(sight)) ?? 0) + 1);
    using watch = new WindowWatch(this.#services.clock, () => {
      if (sight.as === 'flash') event({ type: 'tick' });
    });
    return await tryOn(sight, this.#settled, this.#services, {
      ...this.#control,
      emit: (told) => {
        watch.hear(told);
        this.#control.emit(told);
      },
    });
  }

  async #again(sight: PortSight, before: CoachState, result: Result): Promise<CoachState> {
    const { clock, log } = this.#services;
    const change = await this.#look.look(this.#wait());
    const { code, params } = result.error ?? { code: 'internal', params: { detail: 'no error' } };
    log.write('info', 'arm', `a try on port ${sight.facts.portPath} ended with ${code}; the wait goes on`);
    if (isWorthAnotherTry(result)) this.#notBeforeMs = clock.now() + retryAfterMs;
    else this.#tried.set(keyOf(sight), mostOnOneArrival);
    // Software tried for the person; nothing was their try yet.
    if (sight.as === 'program' && result.content.kind === 'untouched') return await this.#begin();
    // Its flash mode was over before anything was done: the hand was too late, and no job failed.
    const isGone = change.went.some((one) => keyOf(one) === keyOf(sight));
    if (sight.as === 'flash' && isGone && isUntouched(result)) {
      const caught = this.#event(before, { type: 'seen', as: 'flash', portPath: sight.facts.portPath });
      return this.#feed(caught, change);
    }
    const present = this.#look.boards;
    return this.#event(before, { type: 'try-failed', error: code, params, present });
  }

  /** @throws FlashError `arm.stopped` */
  #checkStop(): void {
    const { stop, abort } = this.#control;
    if (stop.aborted || abort.aborted)
      throw new FlashError('arm.stopped', { board: this.#settled.profile.name });
  }

  /** @throws FlashError `arm.nothing-came` */
  #checkOver(endMs: number): void {
    const board = this.#settled.profile.name;
    const { waitMs } = this.#request;
    if (this.#services.clock.now() >= endMs)
      throw new FlashError('arm.nothing-came', { board, waitedMs: waitMs });
  }

  /** A list is soon there; a stop is heard between two of them. */
  #wait(): Wait {
    return startWait(this.#services.clock, lookLimitMs);
  }

  #event(state: CoachState, event: EventNow): CoachState {
    return coach(state, { ...event, atMs: this.#services.clock.now() });
  }

  /** What left is told before what came: a board that was pulled and plugged in again did both. */
  #feed(before: CoachState, { came, went }: PortChange): CoachState {
    let state = before;
    for (const sight of went) {
      this.#tried.delete(keyOf(sight));
      if (sight.as !== 'other') state = this.#event(state, { type: 'gone', portPath: sight.facts.portPath });
    }
    for (const { facts, as, board } of came) {
      const { portPath } = facts;
      state = this.#event(
        state,
        as === 'other' ? { type: 'seen', as, portPath, board } : { type: 'seen', as, portPath },
      );
    }
    this.#learn(state);
    return state;
  }

  #hear(before: CoachState): CoachState {
    let state = before;
    for (const say of this.#said.splice(0)) state = this.#event(state, { type: 'said', say });
    return this.#event(state, { type: 'tick' });
  }

  #learn(state: CoachState): void {
    const measured = state.measuredMs;
    if (measured !== undefined && measured !== this.#state?.measuredMs)
      this.#services.delays?.note(this.#settled.profile.id, measured);
    this.#state = state;
  }

  /** Only what changed but for the time that passes, which shells count themselves. */
  #tell(state: CoachState): void {
    const guide = guideSnapshot(state, this.#services.clock.now());
    const text = JSON.stringify({ ...guide, sinceMs: 0 });
    if (text === this.#told) return;
    this.#told = text;
    this.#control.emit({ type: 'guide', guide });
  }
}

function isUntouched({ content }: Result): boolean {
  return content.kind === 'untouched';
}

type EventNow = CoachEvent extends infer E ? (E extends CoachEvent ? Omit<E, 'atMs'> : never) : never;
