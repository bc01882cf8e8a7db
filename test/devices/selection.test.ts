import { describe, expect, it } from 'vitest';
import { matchesIds, matchesSerial, parseIdFilter } from '../../main/devices/selection.ts';
import { builtInQuirks, quirksFor } from '../../main/devices/quirks.ts';
import { flashRequest, makeRig } from '../support/rig.ts';
import { findBoards } from '../../main/jobs/survey.ts';
import { startWait } from '../../main/base/wait.ts';

const ids = (vendorId: number, productId: number): Parameters<typeof matchesIds>[1] =>
  ({ vendorId, productId }) as Parameters<typeof matchesIds>[1];

describe('--vid-pid', () => {
  it.each([
    ['0483:df11', 'dfu', 0x0483, 0xdf11, true],
    ['0483:df11', 'runtime', 0x0483, 0x5740, false],
    ['0483:*', 'dfu', 0x0483, 0x1234, true],
    [',0483:df11', 'runtime', 0x0483, 0xdf11, false],
    ['1209:0002,1209:0003', 'runtime', 0x1209, 0x0002, true],
    ['1209:0002,1209:0003', 'dfu', 0x1209, 0x0002, false],
    ['-,0483:df11', 'dfu', 0x0483, 0xdf11, true],
  ] as const)('%s on %s %i:%i is %s', (text, mode, vendorId, productId, fits) => {
    expect(matchesIds(parseIdFilter(text), ids(vendorId, productId), mode)).toBe(fits);
  });
  it.each(['xyz', '1:2:3', '12345:1', 'a,b,c'])('refuses %s', (text) =>
    expect(() => parseIdFilter(text)).toThrow('usage'),
  );
});

describe('--serial', () => {
  it('takes one for both modes, or one each', () => {
    expect(matchesSerial('A', 'A', 'dfu')).toBe(true);
    expect(matchesSerial('A,B', 'A', 'dfu')).toBe(false);
    expect(matchesSerial('A,B', 'B', 'dfu')).toBe(true);
    expect(matchesSerial(',B', 'anything', 'runtime')).toBe(true);
  });
});

describe('--device', () => {
  it('is a port, or a part of what is shown; several that fit are named and none is touched', async () => {
    const rig = makeRig('nanovna-h');
    const { createBoard } = await import('../../main/bench/boards/registry.ts');
    rig.bench.plug(createBoard('nanovna-h', { clock: rig.clock }), '1-10');
    const find = async (device: string): Promise<string[]> =>
      (await findBoards(rig.services, { device, waitMs: 0 }, startWait(rig.clock, 10_000))).map(
        (one) => one.report.portPath,
      );
    expect(await find('1-1')).toEqual(['1-1']);
    expect(await find('f072')).toEqual(['1-1', '1-10']);
    expect(await find('nothing like it')).toEqual([]);
    const result = await rig.run(flashRequest([]));
    expect(result.error?.code).toBe('device.several');
    expect(rig.board.statistics.download).toBe(0);
  });
});

describe('the quirk table', () => {
  it('names a source for every row', () => {
    for (const row of builtInQuirks) expect(row.source).toMatch(/^dfu\.md \d/);
  });
  it('matches by release where a row says so', () => {
    expect(quirksFor({ vendorId: 0x0908, productId: 0x02c4, bcdDevice: 0 })).toEqual({
      'poll-timeout-ms': 5,
    });
    expect(quirksFor({ vendorId: 0x0908, productId: 0x02c4, bcdDevice: 1 })).toEqual({});
    expect(quirksFor({ vendorId: 0x1d50, productId: 0x5120, bcdDevice: 1 })).toEqual({
      'poll-timeout-ms': 5,
    });
  });
});

describe('waiting for a board', () => {
  it('starts as soon as it is plugged in', async () => {
    const rig = makeRig('nanovna-h');
    rig.port.unplug();
    rig.clock.after(3_000, () => rig.port.replug());
    const found = await findBoards(rig.services, { waitMs: 10_000 }, startWait(rig.clock, 20_000));
    expect(found).toHaveLength(1);
    expect(rig.clock.now()).toBeLessThan(3_200);
  });
});
