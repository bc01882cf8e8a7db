// The Pytrack caught in its window by a hand that follows the coach, and by hands that do not (devices.md 2.3).
import { describe, expect, it } from 'vitest';
import { pycomImage } from '../../main/bench/boards/pycom.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { readImage } from '../../main/images/registry.ts';
import type { ArmRequest } from '../../main/jobs/request.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import type { GuideSnapshot } from '../../shared/guide.ts';
import type { Result } from '../../shared/result.ts';
import { flashRequest, makeRig, type Rig } from '../support/rig.ts';

const button = 'MCLR button (S1)';
const bytes = pycomImage(77);
const ids = { vendorId: 0x04d8, productId: 0xf014, bcdDevice: 0xffff };
const image = readImage(addDfuSuffix(bytes, ids, 0x0100), 'pytrack_0.0.8.dfu');

interface Coached extends Rig {
  /** What the person hears, and when. */
  readonly heard: { atMs: number; guide: GuideSnapshot }[];
  hand(atMs: number, ...actions: BenchAction[]): void;
  arm(): Promise<Result>;
  remarks(): string[];
}

/** @param follow what the hand does the moment it hears something */
function coached(
  options: Parameters<typeof makeRig>[1] = {},
  follow?: (guide: GuideSnapshot, rig: Rig) => void,
): Coached {
  const rig = makeRig('pytrack', options);
  const heard: Coached['heard'] = [];
  const request: ArmRequest = {
    kind: 'arm',
    flash: flashRequest([image]),
    backup: undefined,
    profile: 'pycom-pytrack',
    portPath: undefined,
    way: undefined,
    waitMs: 10 * 60_000,
  };
  return {
    ...rig,
    heard,
    hand: (atMs, ...actions) =>
      void rig.clock.after(atMs, () => {
        for (const action of actions) rig.port.act(action);
      }),
    arm: () =>
      rig.run(request, {
        emit: (event) => {
          rig.events.push(event);
          if (event.type !== 'guide' || event.guide === undefined) return;
          heard.push({ atMs: rig.clock.now(), guide: event.guide });
          follow?.(event.guide, rig);
        },
      }),
    remarks: () => {
      const codes = heard.flatMap(({ guide: { remark } }) => (remark === undefined ? [] : [remark.code]));
      return codes.filter((code, index) => code !== codes[index - 1]);
    },
  };
}

const hold: BenchAction = { act: 'hold', control: button };
const letGo: BenchAction = { act: 'let-go', control: button };

/** A person who does what is due a moment after it is said, and lets go when told. */
function follower(reactionMs: number): (guide: GuideSnapshot, rig: Rig) => void {
  const done = new Set<string>();
  return (guide, { clock, port }) => {
    const act = (what: string, action: BenchAction, delayMs = reactionMs): void => {
      const key = `${guide.tries} ${what}`;
      if (done.has(key)) return;
      done.add(key);
      clock.after(delayMs, () => port.act(action));
    };
    for (const { step, state } of guide.steps) {
      if (state !== 'now') continue;
      if (step.verb === 'unplug') act('unplug', { act: 'unplug' });
      if (step.verb === 'hold') act('hold', hold);
      if (step.verb === 'plug-in') act('plug', { act: 'plug' }, 2 * reactionMs);
    }
    if (guide.hold === 'now') act('let go', letGo);
  };
}

describe('a hand that follows the coach', () => {
  it.each([300, 900, 1_700, 2_500, 3_300])(
    'with %i ms to each movement, gets it flashed',
    async (reactionMs) => {
      const rig = coached({}, follower(reactionMs));
      const result = await rig.arm();
      expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' } });
      expect(Buffer.compare(rig.board.flash.subarray(1024, 16_000), bytes.subarray(1024, 16_000))).toBe(0);
      expect(rig.remarks()).toEqual([]);
      // "Let go now" is said the moment it is true.
      const caught = rig.heard.find(({ guide }) => guide.hold === 'now');
      expect(caught?.guide.caught).toBe(true);
    },
  );
});

describe('hands that do not', () => {
  it('let go too early, are told, and get it the next time', async () => {
    const rig = coached();
    rig.hand(1_000, { act: 'unplug' });
    rig.hand(3_000, hold, { act: 'plug' });
    rig.hand(3_600, letGo);
    rig.hand(8_000, { act: 'unplug' });
    rig.hand(10_000, hold, { act: 'plug' });
    rig.hand(11_500, letGo);
    expect(await rig.arm()).toMatchObject({ outcome: 'done', content: { kind: 'written' } });
    expect(rig.remarks()).toEqual(['let-go-too-early']);
  });

  it.each([
    ['that can be read', {}],
    ['that refuses to be read', { reading: 'refused' as const }],
  ])('pull the cable of one %s in the middle: the next try repairs it', async (_what, options) => {
    const rig = coached(options);
    rig.hand(1_000, { act: 'unplug' }, hold, { act: 'plug' });
    // The first rows are under way a second and a little after power.
    rig.hand(2_200, { act: 'unplug' }, letGo);
    rig.hand(9_000, { act: 'plug' });
    const result = await rig.arm();
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' } });
    expect(rig.remarks()).toEqual(['try-failed']);
    expect(Buffer.compare(rig.board.flash.subarray(1024, 16_000), bytes.subarray(1024, 16_000))).toBe(0);
  });

  it('are too late where flash mode is over before the first request: no job failed, and it is told so', async () => {
    const rig = coached({ faults: [{ kind: 'vanish', at: { what: 'request', index: 0 } }] });
    rig.hand(1_000, { act: 'unplug' }, hold, { act: 'plug' });
    rig.hand(3_000, letGo);
    rig.hand(8_000, hold, { act: 'plug' });
    rig.hand(10_000, letGo);
    expect(await rig.arm()).toMatchObject({ outcome: 'done', content: { kind: 'written' } });
    expect(rig.remarks()).toEqual(['too-late']);
    expect(rig.heard.at(-1)?.guide.tries).toBe(2);
  });

  it('hear that the window closes while it is written, and nothing of it once all is', async () => {
    const slow = coached({ timeScale: 8, windowMs: 60_000 });
    const quick = coached({ timeScale: 0, windowMs: 60_000 });
    for (const rig of [slow, quick]) {
      rig.hand(1_000, { act: 'unplug' }, hold, { act: 'plug' });
      rig.hand(3_000, letGo);
      expect((await rig.arm()).content.kind).toBe('written');
    }
    expect(slow.remarks()).toEqual(['window-closing']);
    expect(quick.remarks()).toEqual([]);
  });

  it('plug in another board first', async () => {
    const rig = coached();
    rig.hand(1_000, { act: 'unplug' });
    const other = makeRig('stm32f405').board;
    rig.clock.after(2_000, () => rig.bench.plug(other, '1-7'));
    rig.hand(5_000, hold, { act: 'plug' });
    rig.hand(6_500, letGo);
    expect((await rig.arm()).outcome).toBe('done');
    expect(rig.remarks()).toEqual(['wrong-board']);
    expect(other.statistics.getStatus).toBe(0);
  });
});
