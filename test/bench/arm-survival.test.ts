// What a wait lives through: its own board that comes and goes in flash mode, strangers meanwhile, and try after try.
import { describe, expect, it } from 'vitest';
import { createBoard } from '../../main/bench/boards/registry.ts';
import type { ArmRequest } from '../../main/jobs/request.ts';
import type { GuideSnapshot } from '../../shared/guide.ts';
import { limits } from '../../shared/limits.ts';
import { testProfiles } from '../support/bench-profiles.ts';
import { dfuseImage, flashRequest, makeRig, program, type Rig } from '../support/rig.ts';

const request: ArmRequest = {
  kind: 'arm',
  flash: flashRequest([dfuseImage([{ address: 0x08000000, bytes: program(20_000) }])]),
  backup: undefined,
  profile: 'test-nanovna',
  portPath: undefined,
  way: undefined,
  waitMs: 30 * 60_000,
};

function waiting(options: Parameters<typeof makeRig>[1] = {}): Rig {
  const rig = makeRig('nanovna-h', { timeScale: 0, ...options });
  rig.port.unplug();
  Object.assign(rig.services, { profiles: testProfiles });
  return rig;
}

function guidesOf({ events }: Rig): GuideSnapshot[] {
  return events.flatMap((event) =>
    event.type === 'guide' && event.guide !== undefined ? [event.guide] : [],
  );
}

describe('a wait', () => {
  it('lives through a board that comes and goes in the middle of its try, again and again, and counts', async () => {
    const rig = waiting();
    // Gone a few milliseconds after it came: while it is opened, claimed, asked for its state or its names.
    for (let turn = 0; turn < 5; turn++) {
      rig.clock.after(1_000 + turn * 3_000, () => rig.port.replug());
      rig.clock.after(1_002 + turn * 3_000 + 2 * turn, () => rig.port.unplug());
    }
    rig.clock.after(20_000, () => rig.port.replug());
    const result = await rig.run(request);
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, app: 'running' });
    expect(guidesOf(rig).at(-1)?.tries).toBe(6);
    // Each time it is said that flash mode was gone before it could be used.
    const remarks = guidesOf(rig).flatMap(({ remark }) => remark?.code ?? []);
    expect(remarks).toEqual(Array(5).fill('left-flash-mode'));
    expect(rig.events.filter(({ type }) => type === 'result')).toHaveLength(1);
  });

  it('leaves strangers alone that come and go meanwhile, whatever they are', async () => {
    const rig = waiting();
    const strangers = (['plain-dfu', 'runtime-dfu', 'pytrack', 'odrive-v3'] as const).map((name) =>
      createBoard(name, { clock: rig.clock, timeScale: 0 }),
    );
    const before = strangers.map((board) => board.flash.slice());
    for (const [index, board] of strangers.entries()) {
      const port = `1-${index + 2}`;
      rig.clock.after(1_000 + index * 700, () => rig.bench.plug(board, port));
      rig.clock.after(4_000 + index * 700, () => rig.bench.unplug(port));
    }
    rig.clock.after(12_000, () => rig.port.replug());
    expect(await rig.run(request)).toMatchObject({ outcome: 'done', portPath: '1-1' });
    for (const [index, board] of strangers.entries()) {
      expect(board.statistics.getStatus).toBe(0);
      expect(Buffer.compare(board.flash, before[index] ?? new Uint8Array())).toBe(0);
    }
    expect(guidesOf(rig).at(-1)?.tries).toBe(1);
  });

  it('ends after as many tries as there may be, with what the last one came to', async () => {
    const rig = waiting();
    for (let turn = 0; turn < limits.armedTries + 5; turn++) {
      rig.clock.after(1_000 + turn * 3_000, () => rig.port.replug());
      rig.clock.after(1_004 + turn * 3_000, () => rig.port.unplug());
    }
    const result = await rig.run(request);
    expect(result).toMatchObject({ content: { kind: 'untouched' }, error: { code: 'usb.gone' } });
    expect(guidesOf(rig).at(-1)?.tries).toBe(limits.armedTries);
  });
});
