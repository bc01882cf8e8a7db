// The coach: from what the ports show and what the person says to which hand movement is due. Pure; it opens nothing and
// starts nothing. Its rule: flash mode seen on the right port is the end of every way, and nothing ever goes back
// without a remark that says why.
import { dueUntil, goesThroughProgram, holdOf, isTimed, powerStepOf, waysByHand } from './coach-way.ts';
import {
  stepsOf,
  windowOf,
  type BoardSeen,
  type CoachEvent,
  type CoachSetup,
  type CoachState,
} from './coach-state.ts';
import type { GuideRemark, GuideSay } from './guide.ts';
import type { GuideProof, GuideStep } from './profile.ts';

/** A board whose flash mode ended shows its program within this, ms (devices.md 5.8: "CDC in ~2 s"). */
const ownRestartMs = 3_000;
/** Untimed steps before a timed one are read and done in this, ms. */
const readingMs = 2_000;
/** What neither USB nor a time proves, and what follows waits for, is taken to be done after this, ms. */
const unprovenMs = 5_000;
/** A window that has only this much left is said to close, ms. */
const closingMs = 2_500;
/** Nobody said that it was plugged in: patience is so many times longer. */
const unsaidFactor = 3;

/** The coach at the beginning. */
export function startCoach(setup: CoachSetup, present: readonly BoardSeen[], atMs: number): CoachState {
  const state: CoachState = {
    setup,
    way: 0,
    step: 0,
    sinceMs: atMs,
    present: relevant(setup, present),
    wasAway: false,
    leftMs: undefined,
    absentMs: undefined,
    powerSaidMs: undefined,
    poweredMs: undefined,
    caught: undefined,
    remark: undefined,
    tries: 1,
    endedMs: undefined,
    measuredMs: undefined,
  };
  return fromTheStart(state, atMs);
}

/** The coach after an event. Events may come twice, not at all, or in another order than they happened. */
export function coach(state: CoachState, event: CoachEvent): CoachState {
  switch (event.type) {
    case 'seen':
      return seen(state, event);
    case 'gone':
      return gone(state, event.portPath, event.atMs);
    case 'tick':
      return ticked(state, event.atMs);
    case 'window-over':
      return state.caught === undefined ? state : goBack(state, { code: 'too-late' }, event.atMs);
    case 'said':
      return said(state, event.say, event.atMs);
    case 'try-failed': {
      const { error, params, atMs } = event;
      const present = relevant(state.setup, event.present);
      return goBack({ ...state, present }, { code: 'try-failed', error, params }, atMs);
    }
  }
}

function relevant(setup: CoachSetup, boards: readonly BoardSeen[]): ReadonlyMap<string, BoardSeen['as']> {
  const mine = boards.filter(({ portPath }) => setup.portPath === undefined || portPath === setup.portPath);
  return new Map(mine.map(({ portPath, as }) => [portPath, as]));
}

/** The first step again, and past those that hold already. */
function fromTheStart(state: CoachState, atMs: number): CoachState {
  const away = state.present.size === 0;
  const clean = { wasAway: away, leftMs: undefined, powerSaidMs: undefined, poweredMs: undefined };
  const absentMs = away ? atMs : undefined;
  const first = { ...state, ...clean, absentMs, caught: undefined, step: 0, sinceMs: atMs };
  return { ...settled(first, atMs), remark: state.remark };
}

/** Never without a word. */
function goBack(state: CoachState, remark: GuideRemark, atMs: number): CoachState {
  const endedMs = remark.code === 'let-go-too-early' ? undefined : atMs;
  return fromTheStart({ ...state, remark, endedMs, tries: state.tries + 1 }, atMs);
}

/** Only where flash mode ends by itself was anybody too slow. */
function leftFlashMode({ setup }: CoachState): GuideRemark {
  return { code: windowOf(setup.profile) === undefined ? 'left-flash-mode' : 'too-late' };
}

/** Moves on to a step; what only a mishap by the way was about is over with it. */
function moveTo(state: CoachState, step: number, atMs: number): CoachState {
  return settled({ ...state, step, sinceMs: atMs, remark: lasting(state.remark) }, atMs);
}

/** Why the last try came to nothing stays in sight until the next has an end. */
function lasting(remark: GuideRemark | undefined): GuideRemark | undefined {
  const passing = remark === undefined || ['wrong-board', 'other-port', 'nothing-came'].includes(remark.code);
  return passing ? undefined : remark;
}

/** A board that is off USB already need not be unplugged. */
function settled(state: CoachState, atMs: number): CoachState {
  return state.present.size === 0 ? prove(state, ['left-usb'], atMs) : state;
}

/** Past the step that this proves, if nothing that has another proof stands before it. */
function prove(state: CoachState, proofs: readonly GuideProof[], atMs: number): CoachState {
  const steps = stepsOf(state);
  const next = steps.findIndex((step, index) => index >= state.step && step.proof !== undefined);
  const proof = steps[next]?.proof;
  return proof !== undefined && proofs.includes(proof) ? moveTo(state, next + 1, atMs) : state;
}

function seen(state: CoachState, event: Extract<CoachEvent, { type: 'seen' }>): CoachState {
  const { setup } = state;
  const { portPath, atMs } = event;
  // Once it is caught, what comes to other ports is nobody's concern.
  if (state.caught !== undefined && portPath !== state.caught.portPath) return state;
  if (event.as === 'other')
    return {
      ...gone(state, portPath, atMs),
      remark: { code: 'wrong-board', board: event.board, portPath },
    };
  if (setup.portPath !== undefined && portPath !== setup.portPath)
    return { ...state, remark: { code: 'other-port', portPath } };
  const before = state.present.get(portPath);
  const present = new Map(state.present).set(portPath, event.as);
  const there = { ...state, present, absentMs: undefined, remark: lasting(state.remark) };
  if (event.as === 'flash') return caught(there, portPath, atMs);
  if (before === 'program') return state;
  if (state.caught !== undefined) return goBack(there, leftFlashMode(state), atMs);
  return cameAsProgram(there, atMs);
}

function caught(state: CoachState, portPath: string, atMs: number): CoachState {
  if (state.caught?.portPath === portPath) return state;
  const measuredMs = measured(state, atMs);
  const letGo = holding(state);
  return {
    ...state,
    caught: { portPath, atMs, letGo },
    step: stepsOf(state).length,
    sinceMs: atMs,
    poweredMs: state.poweredMs ?? atMs,
    remark: undefined,
    measuredMs,
  };
}

/** Whether something is held that was not to be let go yet. */
export function holding(state: CoachState): boolean {
  const steps = stepsOf(state);
  const hold = holdOf(steps);
  return hold !== undefined && dueUntil(steps, state.step) > hold.from && state.step <= hold.to;
}

function measured(state: CoachState, atMs: number): number | undefined {
  const from = state.powerSaidMs ?? state.leftMs;
  return from === undefined ? state.measuredMs : atMs - from;
}

function cameAsProgram(state: CoachState, atMs: number): CoachState {
  const steps = stepsOf(state);
  const power = powerStepOf(steps);
  const hadPower = power !== undefined && dueUntil(steps, state.step) > power;
  const byItself = state.endedMs !== undefined && atMs - state.endedMs < ownRestartMs;
  const now = { ...state, measuredMs: measured(state, atMs), poweredMs: atMs };
  if (goesThroughProgram(steps))
    return prove({ ...now, wasAway: false }, ['came-to-usb', 'program-running'], atMs);
  if (!state.wasAway || !hadPower) return { ...now, wasAway: false };
  // Its own restart was in nobody's hand; the remark on what ended before still stands.
  if (byItself) return fromTheStart({ ...now, remark: now.remark ?? leftFlashMode(state) }, atMs);
  return goBack(now, { code: 'let-go-too-early' }, atMs);
}

function gone(state: CoachState, portPath: string, atMs: number): CoachState {
  if (!state.present.has(portPath)) return state;
  const present = new Map(state.present);
  present.delete(portPath);
  const absentMs = present.size === 0 ? atMs : undefined;
  if (state.caught?.portPath === portPath)
    return goBack({ ...state, present, absentMs }, leftFlashMode(state), atMs);
  const next = stepsOf(state).find((step, index) => index >= state.step && step.proof !== undefined);
  const byHand = next?.proof === 'left-usb';
  const left = { ...state, present, absentMs, wasAway: true, leftMs: byHand ? undefined : atMs };
  return prove(left, ['left-usb'], atMs);
}

function said(state: CoachState, say: GuideSay, atMs: number): CoachState {
  if (state.caught !== undefined) return state;
  if (say !== 'done') {
    const way = waysByHand(state.setup.profile).findIndex(({ name }) => name === say.way);
    if (way < 0 || way === state.way) return state;
    return fromTheStart({ ...state, way, remark: lasting(state.remark) }, atMs);
  }
  const steps = stepsOf(state);
  const power = powerStepOf(steps);
  const due = steps[state.step];
  if (due === undefined) return state;
  if (due.proof === undefined) {
    const moved = moveTo(state, state.step + 1, atMs);
    return state.step === power ? { ...moved, powerSaidMs: atMs } : moved;
  }
  // What USB proves, only USB proves; but from now on it is waited for.
  const hasPower = power === undefined || state.step >= power;
  return hasPower && state.powerSaidMs === undefined ? { ...state, powerSaidMs: atMs } : state;
}

function ticked(state: CoachState, atMs: number): CoachState {
  if (state.caught !== undefined) return windowTicked(state, state.caught.atMs, atMs);
  const steps = stepsOf(state);
  const until = dueUntil(steps, state.step);
  const needsMs = passesAfter(steps, state.step, until);
  if (needsMs !== undefined && atMs - state.sinceMs >= needsMs) return moveTo(state, until, atMs);
  return nothingCame(state, atMs);
}

/** How long the steps that are due need where time alone passes them; undefined where it does not. */
function passesAfter(steps: readonly GuideStep[], first: number, until: number): number | undefined {
  const last = steps[until - 1];
  if (last === undefined || last.proof !== undefined) return undefined;
  if (isTimed(steps, until - 1)) return (last.forMs ?? 0) + (until - 1 > first ? readingMs : 0);
  return until < steps.length ? unprovenMs * (until - first) : undefined;
}

function nothingCame(state: CoachState, atMs: number): CoachState {
  const { absentMs, powerSaidMs, setup } = state;
  const steps = stepsOf(state);
  const power = powerStepOf(steps) ?? 0;
  if (absentMs === undefined || dueUntil(steps, state.step) <= power) return state;
  if (state.remark?.code === 'nothing-came' && powerSaidMs === undefined) return state;
  const from = powerSaidMs ?? Math.max(absentMs, state.sinceMs);
  const patienceMs = setup.nothingCameMs * (powerSaidMs === undefined ? unsaidFactor : 1);
  if (atMs - from < patienceMs) return state;
  const remark: GuideRemark = { code: 'nothing-came', waitedMs: Math.round(atMs - from) };
  // Past the plug with nothing there: the steps begin again, and it is said why.
  return state.step > power || powerSaidMs !== undefined
    ? fromTheStart({ ...state, remark }, atMs)
    : { ...state, remark };
}

function windowTicked(state: CoachState, caughtMs: number, atMs: number): CoachState {
  const windowMs = windowOf(state.setup.profile);
  if (windowMs === undefined || state.remark?.code === 'window-closing') return state;
  const leftMs = Math.max(0, Math.round(windowMs - (atMs - caughtMs)));
  return leftMs > closingMs ? state : { ...state, remark: { code: 'window-closing', leftMs } };
}
