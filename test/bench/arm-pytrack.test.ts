// The Pytrack caught in its window by a hand that follows the coach, and by hands that do not (devices.md 2.3).
import { describe, expect, it } from 'vitest';
import { bytes, coached, follower, hold, letGo } from '../support/coached-pytrack.ts';
import { makeRig } from '../support/rig.ts';

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
