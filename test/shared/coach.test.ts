// The coach: whatever the ports show and in whatever order, it has words, goes back only with a reason, and a right
// sequence ends in flash mode.
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { coach, startCoach } from '../../shared/coach.ts';
import { stepsOf, type BoardSeen, type CoachEvent, type CoachState } from '../../shared/coach-state.ts';
import { guideSnapshot } from '../../shared/guide-snapshot.ts';
import type { GuideStep, Profile } from '../../shared/profile.ts';
import { guideStepSchema, profileSchema } from '../../shared/profile.ts';
import {
  guideAfterLines,
  guideBeforeLines,
  guideHoldText,
  guideMatchingText,
  guideRemarkText,
  guideStepText,
  guideTitle,
} from '../../shared/text/guide.ts';

const runs = { numRuns: process.env['REKINDLE_SOAK'] === undefined ? 500 : 5_000 };

type Timed<T> = T extends unknown ? Omit<T, 'atMs'> : never;
type Happening = Timed<CoachEvent>;

function profileOf(steps: readonly GuideStep[], more: object = {}): Profile {
  return v.parse(profileSchema, {
    id: 'a-board',
    name: 'A board',
    maker: 'Somebody',
    support: 'full',
    tested: 'not-yet',
    modes: [
      { kind: 'application', ids: ['04d8:f013'], source: 'here' },
      { kind: 'flash', ids: ['04d8:f014'], source: 'here' },
    ],
    ways: [{ kind: 'by-hand', name: 'Button', steps, source: 'here' }],
    window: { ms: 7000, source: 'here' },
    sources: ['here'],
    ...more,
  });
}

/** Hold, plug in, at least a second, let go (devices.md 2.3). */
const button: readonly GuideStep[] = [
  { verb: 'unplug', proof: 'left-usb' },
  { verb: 'hold', control: 'S1 button' },
  { verb: 'plug-in', proof: 'came-to-usb' },
  { verb: 'wait', forMs: 1000 },
  { verb: 'let-go', control: 'S1 button', proof: 'in-flash-mode' },
];
/** devices.md 5.3, the menu. */
const menu: readonly GuideStep[] = [
  { verb: 'choose-on-screen', path: ['CONFIG', 'DFU'], proof: 'in-flash-mode' },
];
/** devices.md 5.3, the jumper. */
const jumper: readonly GuideStep[] = [
  { verb: 'switch-off', proof: 'left-usb' },
  { verb: 'close-jumper', control: 'BOOT0 to VDD' },
  { verb: 'switch-on', proof: 'in-flash-mode' },
];
const reset: readonly GuideStep[] = [
  { verb: 'hold', control: 'BOOT button' },
  { verb: 'press', control: 'RESET button' },
  { verb: 'let-go', control: 'BOOT button', proof: 'in-flash-mode' },
];
const ways = { button, menu, jumper, reset };

function begin(
  steps: readonly GuideStep[],
  present: readonly BoardSeen[] = [],
  portPath?: string,
  more: object = {},
): CoachState {
  const setup = { profile: profileOf(steps, more), portPath, usualDelayMs: undefined, nothingCameMs: 5000 };
  return startCoach(setup, present, 0);
}

/** Events a second apart, unless they say when. */
function after(state: CoachState, ...events: readonly (Happening | number)[]): CoachState {
  let atMs = state.sinceMs;
  for (const event of events) {
    if (typeof event === 'number') atMs += event;
    else state = coach(state, { ...event, atMs });
  }
  return state;
}

const program: Happening = { type: 'seen', portPath: '1-1', as: 'program' };
const flash: Happening = { type: 'seen', portPath: '1-1', as: 'flash' };
const gone: Happening = { type: 'gone', portPath: '1-1' };
const tick: Happening = { type: 'tick' };

function due(state: CoachState, nowMs = state.sinceMs): string[] {
  return guideSnapshot(state, nowMs).steps.flatMap(({ step, state: is }) =>
    is === 'now' ? [step.verb] : [],
  );
}

describe('a button held while plugging in', () => {
  const there = begin(button, [{ portPath: '1-1', as: 'program' }]);

  it('wants a plugged board unplugged first, and one that is away held and plugged in', () => {
    expect(due(there)).toEqual(['unplug']);
    expect(due(begin(button))).toEqual(['hold', 'plug-in']);
    expect(due(after(there, gone))).toEqual(['hold', 'plug-in']);
  });

  it('says let go now the moment flash mode is seen, and not before', () => {
    const held = after(there, gone);
    expect(guideSnapshot(held, 0).hold).toBe('keep');
    const caught = after(held, 800, flash);
    expect(guideSnapshot(caught, 0)).toMatchObject({ hold: 'now', caught: true });
    expect(guideHoldText(guideSnapshot(caught, 0))).toBe('Let go now: the S1 button.');
  });

  it('came up as program: let go too early, and it begins again', () => {
    const early = after(there, gone, 500, program);
    expect(early).toMatchObject({ remark: { code: 'let-go-too-early' }, tries: 2, step: 0 });
    expect(due(early)).toEqual(['unplug']);
    // The word stays while the next try is under way.
    expect(after(early, gone).remark?.code).toBe('let-go-too-early');
    expect(after(early, gone, 900, flash)).toMatchObject({ remark: undefined, caught: { portPath: '1-1' } });
  });

  it('left flash mode before a job began: too late', () => {
    expect(after(there, gone, 500, flash, 7000, gone, 100, program)).toMatchObject({
      remark: { code: 'too-late' },
      tries: 2,
      caught: undefined,
    });
    expect(after(there, gone, flash, { type: 'window-over' }).remark?.code).toBe('too-late');
  });

  it('left a flash mode that has no window: nobody was too slow', () => {
    const lasting = after(begin(button, [], undefined, { window: undefined }), flash, gone);
    expect(lasting).toMatchObject({ remark: { code: 'left-flash-mode' }, tries: 2 });
    expect(guideRemarkText({ code: 'left-flash-mode' }, guideSnapshot(lasting, 0), 'linux')).toBe(
      'It was in flash mode and left it: unplugged, or reset. Once more, from the first step.',
    );
  });

  it('nothing came: after "done" soon, without it with more patience, and it begins again', () => {
    const waiting = after(there, gone);
    expect(after(waiting, 14_000, tick).remark).toBeUndefined();
    expect(after(waiting, 15_000, tick).remark).toEqual({ code: 'nothing-came', waitedMs: 15_000 });
    const done = after(waiting, { type: 'said', say: 'done' }, { type: 'said', say: 'done' });
    expect(after(done, 4_999, tick).remark).toBeUndefined();
    expect(after(done, 5_000, tick)).toMatchObject({
      remark: { code: 'nothing-came' },
      powerSaidMs: undefined,
    });
    expect(after(done, 5_000, tick, 100, flash)).toMatchObject({
      remark: undefined,
      caught: { atMs: 5_100 },
    });
  });

  it('measures from the person’s word that it has power to its being seen', () => {
    const done = after(there, gone, { type: 'said', say: 'done' }, { type: 'said', say: 'done' });
    expect(after(done, 1_234, flash).measuredMs).toBe(1_234);
    expect(after(there, gone, 3_000, flash).measuredMs).toBeUndefined();
  });

  it('the window is said to close while nothing begins', () => {
    const caught = after(there, gone, flash);
    expect(after(caught, 4_000, tick).remark).toBeUndefined();
    expect(after(caught, 5_000, tick).remark).toEqual({ code: 'window-closing', leftMs: 2_000 });
  });
});

describe('other moves', () => {
  it('another board, another port', () => {
    const bound = begin(button, [], '1-1');
    const other: Happening = { type: 'seen', as: 'other', portPath: '1-3', board: 'STM32F405' };
    expect(after(bound, other).remark).toEqual({ code: 'wrong-board', board: 'STM32F405', portPath: '1-3' });
    const elsewhere = after(bound, { type: 'seen', as: 'flash', portPath: '1-2' });
    expect(elsewhere).toMatchObject({ remark: { code: 'other-port', portPath: '1-2' }, caught: undefined });
    expect(after(elsewhere, flash)).toMatchObject({ caught: { portPath: '1-1' }, remark: undefined });
  });

  it('a failed try says so, and what restarts by itself after it is not the hand’s fault', () => {
    const failed: Happening = { type: 'try-failed', error: 'usb.gone', params: {}, present: [] };
    const again = after(begin(button), flash, 500, failed);
    expect(again).toMatchObject({ tries: 2, remark: { code: 'try-failed', error: 'usb.gone' } });
    expect(after(again, 700, program)).toMatchObject({ tries: 2, remark: { code: 'try-failed' } });
    expect(after(again, 700, program, 5_000, gone, 300, program)).toMatchObject({
      tries: 3,
      remark: { code: 'let-go-too-early' },
    });
  });

  it('a menu leads through the program: seeing it is no mistake, and its own restart is measured', () => {
    const there = begin(menu, [{ portPath: '1-1', as: 'program' }]);
    expect(after(there, gone, 1_500, flash)).toMatchObject({
      caught: { portPath: '1-1' },
      measuredMs: 1_500,
    });
    expect(after(begin(menu), program)).toMatchObject({ tries: 1, remark: undefined });
  });

  it('held across a reset: keep first, let go by time, and flash mode ends it anywhere', () => {
    const start = begin(reset);
    expect(due(start)).toEqual(['hold', 'press']);
    expect(guideSnapshot(start, 0).hold).toBe('keep');
    const later = after(start, 10_000, tick);
    expect(due(later)).toEqual(['let-go']);
    expect(guideSnapshot(later, 0).hold).toBe('now');
    expect(guideSnapshot(after(start, flash), 0).hold).toBe('now');
  });

  it('goes another way when told, and to none there is not', () => {
    const two = begin([], [], undefined, {
      ways: [
        { kind: 'by-hand', name: 'Menu', steps: menu, source: 'here' },
        { kind: 'by-hand', name: 'Jumper', steps: jumper, source: 'here' },
      ],
    });
    const jumping = after(two, { type: 'said', say: { way: 'Jumper' } });
    expect(guideSnapshot(jumping, 0)).toMatchObject({ way: 'Jumper', ways: ['Menu', 'Jumper'] });
    expect(after(jumping, { type: 'said', say: { way: 'Magic' } })).toBe(jumping);
  });

  it('a board without a way by hand is waited for all the same', () => {
    const none = begin([], [], undefined, { ways: [] });
    expect(guideTitle(guideSnapshot(none, 0))).toContain('flash mode');
    expect(after(none, flash).caught).toBeDefined();
  });
});

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constantFrom(program, flash, gone, tick, tick, { type: 'window-over' } as const),
  fc.record({
    type: fc.constant('seen' as const),
    portPath: fc.constantFrom('1-1', '1-2'),
    as: fc.constantFrom('flash' as const, 'program' as const),
  }),
  fc.record({ type: fc.constant('gone' as const), portPath: fc.constantFrom('1-1', '1-2') }),
  fc.constant({ type: 'seen', as: 'other', portPath: '1-1', board: 'Another' } as const),
  fc.constantFrom({ type: 'said', say: 'done' } as const, { type: 'said', say: { way: 'Button' } } as const),
  fc.constant({ type: 'try-failed', error: 'usb.gone', params: {}, present: [] } as const),
);
const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), happening), { maxLength: 40 });
const wayName = fc.constantFrom(...(Object.keys(ways) as (keyof typeof ways)[]));
const bound = fc.constantFrom(undefined, '1-1');

describe('whatever happens', () => {
  it('it never goes back without a word, and every state has words', () => {
    fc.assert(
      fc.property(wayName, bound, history, (name, portPath, events) => {
        let state = begin(ways[name], [], portPath);
        let atMs = 0;
        for (const [pauseMs, event] of events) {
          atMs += pauseMs;
          const before = state;
          state = coach(state, { ...event, atMs });
          if (state.step < before.step) expect(state.remark).toBeDefined();
          expect(state.tries).toBeGreaterThanOrEqual(before.tries);
          const guide = guideSnapshot(state, atMs);
          for (const text of wordsOf(guide)) {
            expect(text).not.toMatch(/undefined|NaN|\[object/);
            expect(text.trim()).not.toBe('');
          }
          expect(guide.caught || guide.steps.some((one) => one.state === 'now')).toBe(true);
          if (guide.hold !== 'none') expect(guideHoldText(guide)).not.toBe('');
        }
      }),
      runs,
    );
  });

  it('after any history a right sequence ends in flash mode, letting go being said where something was held', () => {
    fc.assert(
      fc.property(wayName, bound, history, (name, portPath, events) => {
        let state = begin(ways[name], [], portPath);
        let atMs = 0;
        for (const [pauseMs, event] of events) {
          atMs += pauseMs;
          state = coach(state, { ...event, atMs });
        }
        for (const happened of [gone, { type: 'gone', portPath: '1-2' } as const, gone, flash, flash]) {
          atMs += 4_000;
          state = coach(state, { ...happened, atMs });
        }
        expect(state.caught?.portPath).toBe('1-1');
        expect(state.step).toBe(stepsOf(state).length);
        if (name === 'button') expect(guideSnapshot(state, atMs).hold).toBe('now');
      }),
      runs,
    );
  });

  it('a wrong move gives its remark wherever it happens', () => {
    fc.assert(
      fc.property(history, (events) => {
        let state = begin(button, [], '1-1');
        let atMs = 0;
        for (const [pauseMs, event] of events) {
          atMs += pauseMs;
          state = coach(state, { ...event, atMs });
        }
        if (state.caught !== undefined) state = coach(state, { type: 'window-over', atMs });
        atMs += 10_000;
        const other = coach(state, { type: 'seen', portPath: '1-2', as: 'flash', atMs });
        expect(other.remark?.code).toBe('other-port');
        state = coach(state, { type: 'gone', portPath: '1-1', atMs });
        const early = coach(state, { type: 'seen', portPath: '1-1', as: 'program', atMs: atMs + 500 });
        expect(early.remark?.code).toBe('let-go-too-early');
        const late = coach(coach(state, { type: 'seen', portPath: '1-1', as: 'flash', atMs }), {
          type: 'gone',
          portPath: '1-1',
          atMs,
        });
        expect(late.remark?.code).toBe('too-late');
      }),
      runs,
    );
  });
});

function wordsOf(guide: ReturnType<typeof guideSnapshot>): string[] {
  return [
    guideTitle(guide),
    guideMatchingText(guide),
    ...guide.steps.map(({ step }) => guideStepText(step)),
    ...guideBeforeLines(guide),
    ...guideAfterLines(guide),
    ...(guide.remark === undefined ? [] : [guideRemarkText(guide.remark, guide, 'linux')]),
  ];
}

it('every verb has its sentence', () => {
  const verbs = guideStepSchema.options.map((option) => option.entries.verb.literal);
  for (const verb of verbs) {
    const step = { verb, control: 'S1', to: 'DFU', path: ['A', 'B'] } as unknown as GuideStep;
    expect(guideStepText(step)).toMatch(/^[A-Z].*\.$/);
  }
});
