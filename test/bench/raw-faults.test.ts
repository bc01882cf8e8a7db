// Each misfortune as the cable sees it, so that what the tests of jobs rely on is true of the board itself.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { faultListSchema, type Fault } from '../../main/bench/faults.ts';
import { command, plugRaw, type RawBoard } from './raw-board.ts';

const start = 0x08000000;
const data = new Uint8Array(2048).map((_, index) => index & 0x7f);

/** A NanoVNA in dfuIDLE whose first pages are blank, pointer at the start. */
async function ready(...faults: Fault[]): Promise<RawBoard> {
  const raw = await plugRaw('nanovna-h', { faults });
  await raw.out(4);
  raw.board.flash.fill(0xff, 0, 0x4000);
  await raw.work(0, command(0x21, start));
  return raw;
}

async function write(raw: RawBoard, blocks: number): Promise<([number, number] | string)[]> {
  const answers: ([number, number] | string)[] = [];
  for (let block = 0; block < blocks; block++) answers.push(await raw.work(2 + block, data));
  return answers;
}

const blocksIn = (flash: Uint8Array): boolean[] =>
  [0, 1, 2].map((block) => flash[block * 2048 + 5] === 5 && flash[block * 2048 + 2047] === 0x7f);

describe('a cable pulled', () => {
  it.each([
    [0, 0],
    [2047, 0],
    [2048, 1],
    [3000, 1],
  ])('in the block with byte %i of the data', async (index, block) => {
    const raw = await ready({ kind: 'vanish', at: { what: 'byte', index } });
    expect((await write(raw, block + 1)).at(-1)).toBe('usb.gone');
    const written = new Uint8Array(4096).fill(0xff);
    if (block > 0) written.set(data);
    written.set(data.subarray(0, 1024), block * 2048);
    expect(raw.board.flash.subarray(0, 4096)).toEqual(written);
    expect(raw.port.device).toBeUndefined();
  });

  it('in a block: half of it is written; put back after its time, in dfuERROR again', async () => {
    const raw = await ready({ kind: 'vanish', at: { what: 'block', index: 1 }, returnAfterMs: 700 });
    expect(await write(raw, 2)).toEqual([[0, 5], 'usb.gone']);
    expect([raw.board.flash[2048 + 1023], raw.board.flash[2048 + 1024]]).toEqual([0x7f, 0xff]);
    await raw.pause(690);
    expect(raw.port.device).toBeUndefined();
    const back = await raw.again();
    expect(await back.status()).toEqual([0x0a, 0, 10]);
  });

  it('in an erase, an upload, at any request, at the end', async () => {
    const erased = await ready({ kind: 'vanish', at: { what: 'erase', index: 1 } });
    erased.board.flash.fill(0, 0, 4096);
    expect(await erased.work(0, command(0x41, start))).toEqual([0, 5]);
    expect(await erased.work(0, command(0x41, start + 2048))).toBe('usb.gone');
    expect([erased.board.flash[3071], erased.board.flash[3072]]).toEqual([0xff, 0]);

    const read = await ready({ kind: 'vanish', at: { what: 'upload', index: 1 } });
    await read.out(6);
    expect(await read.in(2, 2, 64)).toHaveLength(64);
    expect(await read.in(2, 3, 64)).toBe('usb.gone');

    const asked = await plugRaw('nanovna-h', {
      faults: [{ kind: 'vanish', at: { what: 'request', index: 2 } }],
    });
    expect([await asked.state(), await asked.state(), await asked.state()]).toEqual([10, 10, 'usb.gone']);

    const ended = await ready({ kind: 'vanish', at: { what: 'manifest' } });
    await ended.out(6);
    expect(await ended.out(1, 2)).toBe('usb.gone');
  });

  it('pulled and put back by hand in between stays where the hand left it', async () => {
    const raw = await ready({ kind: 'vanish', at: { what: 'block', index: 0 }, returnAfterMs: 500 });
    await write(raw, 1);
    raw.port.unplug();
    await raw.pause(2_000);
    expect(raw.port.device).toBeUndefined();
  });
});

describe('a board that answers wrongly', () => {
  it('stalls GETSTATUS while it works, so many times', async () => {
    const raw = await ready({ kind: 'stall-status', block: 1, times: 2 });
    await write(raw, 1);
    await raw.out(1, 3, data);
    expect((await raw.status())[2]).toBe(4);
    expect([await raw.status(), await raw.status()]).toEqual(['usb.stall', 'usb.stall']);
    expect(await raw.status()).toEqual([0, 0, 5]);
    expect(blocksIn(raw.board.flash)).toEqual([true, true, false]);
  });

  it('stalls a DNLOAD', async () => {
    const raw = await ready({ kind: 'stall-download', block: 1 });
    expect(await write(raw, 2)).toEqual([[0, 5], 'usb.stall']);
    expect(await raw.status()).toEqual([0x0f, 0, 10]);
  });

  it('lies about its poll time, in all 24 bits', async () => {
    const raw = await ready({ kind: 'poll-time', ms: 0x123456 });
    expect((await raw.status())[1]).toBe(0x123456);
  });

  it.each([1, 0])('never finishes, time scale %i', async (timeScale) => {
    const faults: Fault[] = [{ kind: 'stuck-busy', at: 'block', index: 0 }];
    const raw = await plugRaw('nanovna-h', { faults, timeScale, busy: 'report' });
    await raw.out(4);
    await raw.out(1, 2, data);
    for (let asked = 0; asked < 5; asked++) {
      expect((await raw.status())[2]).toBe(4);
      await raw.pause(60_000);
    }
  });

  it.each([
    [1, [2, 5]],
    [2, [2, 2]],
  ] as const)('falls to dfuIDLE instead of writing, %i time(s)', async (times, states) => {
    const raw = await ready({ kind: 'fall-to-idle', block: 1, times });
    expect(await write(raw, 1)).toEqual([[0, 5]]);
    expect(await raw.work(3, data)).toEqual([0, states[0]]);
    expect(blocksIn(raw.board.flash)).toEqual([true, false, false]);
    expect(await raw.work(3, data)).toEqual([0, states[1]]);
  });

  it.each([3, 6, 8, 11])('ends a block with status %i, and writes nothing', async (code) => {
    const raw = await ready({ kind: 'status', at: 'block', index: 1, code });
    expect(await write(raw, 2)).toEqual([
      [0, 5],
      [code, 10],
    ]);
    expect(blocksIn(raw.board.flash)).toEqual([true, false, false]);
  });

  it('ends an erase with a status', async () => {
    const raw = await ready({ kind: 'status', at: 'erase', index: 0, code: 4 });
    raw.board.flash.fill(0, 0, 2048);
    expect(await raw.work(0, command(0x41, start))).toEqual([4, 10]);
    expect(raw.board.flash[0]).toBe(0);
  });

  it('says OK and writes nothing', async () => {
    const raw = await ready({ kind: 'drop-write', block: 1 });
    expect(await write(raw, 3)).toEqual([
      [0, 5],
      [0, 5],
      [0, 5],
    ]);
    expect(blocksIn(raw.board.flash)).toEqual([true, false, true]);
  });

  it('is read-protected', async () => {
    const raw = await ready({ kind: 'read-protected' });
    expect(await write(raw, 1)).toEqual([[0x0b, 10]]);
  });

  it('sends a short upload, a wrong bit, a short status', async () => {
    const raw = await ready(
      { kind: 'short-upload', index: 0 },
      { kind: 'wrong-bytes', index: 1 },
      { kind: 'short-status', index: 3, bytes: 4 },
    );
    await raw.out(6);
    expect(await raw.in(2, 2, 64)).toEqual(raw.board.flash.slice(0, 32));
    const wrong = await raw.in(2, 3, 64);
    const right = raw.board.flash.slice(2048, 2112);
    right[0] = (right[0] ?? 0) ^ 1;
    expect(wrong).toEqual(right);
    expect(await raw.in(2, 3, 64)).toEqual(raw.board.flash.slice(2048, 2112));
    expect(await raw.in(3, 0, 6)).toHaveLength(6);
    expect(await raw.in(3, 0, 6)).toHaveLength(4);
  });

  it('never answers one request, until the host takes it back', async () => {
    const raw = await ready({ kind: 'nak', request: 5, index: 1 });
    expect(await raw.state()).toBe(5);
    const before = raw.clock.now();
    expect(await raw.state()).toBe('usb.timeout');
    expect(raw.clock.now() - before).toBe(60_000);
    expect(await raw.state()).toBe(5);
  });

  it.each([
    ['long-length', (bytes: Uint8Array) => expect(bytes[0]).toBeGreaterThan(bytes.length)],
    ['eight-bit', (bytes: Uint8Array) => expect([...bytes.subarray(2, 5)]).toEqual([0x53, 0x54, 0x4d])],
    ['no-language', (bytes: Uint8Array) => expect(bytes).toHaveLength(38)],
  ] as const)('sends bad strings: %s', async (how, check) => {
    const raw = await plugRaw('nanovna-h', { faults: [{ kind: 'bad-strings', how }] });
    check(raw.port.device?.stringDescriptor(1, 0x0409) ?? new Uint8Array());
    expect(raw.port.device?.stringDescriptor(0, 0) === undefined).toBe(how === 'no-language');
  });
});

describe('a board that leaves', () => {
  async function left(...faults: Fault[]): Promise<RawBoard> {
    const raw = await plugRaw('nanovna-h', { faults });
    await raw.out(4);
    await raw.work(0, command(0x21, start));
    await raw.out(6);
    await raw.out(1, 2);
    await raw.status();
    return raw;
  }
  const idsNow = async (raw: RawBoard): Promise<[number, number] | undefined> => {
    const [facts] = await raw.bench.bus.list(raw.wait());
    return facts === undefined ? undefined : [facts.vendorId, facts.productId];
  };

  it('never comes back', async () => {
    const raw = await left({ kind: 'never-return' });
    await raw.pause(100_000);
    expect(await idsNow(raw)).toBeUndefined();
  });

  it('comes back when it pleases', async () => {
    const raw = await left({ kind: 'return-after', ms: 8_000 });
    await raw.pause(7_990);
    expect(await idsNow(raw)).toBeUndefined();
    await raw.pause(20);
    expect(await idsNow(raw)).toEqual([0x0483, 0x5740]);
  });

  it('comes back under another id', async () => {
    const raw = await left({ kind: 'return-as', productId: 0xabcd });
    await raw.pause(1_000);
    expect(await idsNow(raw)).toEqual([0x0483, 0xabcd]);
    raw.port.replug();
    expect(await idsNow(raw)).toEqual([0x0483, 0xdf11]);
  });

  it('comes back twice', async () => {
    const raw = await left({ kind: 'return-twice', gapMs: 300 });
    const { generation } = raw.port;
    const seen: boolean[] = [];
    using _watch = raw.port.onChange(() => seen.push(raw.port.device !== undefined));
    await raw.pause(5_000);
    expect(seen).toEqual([false, true, false, true]);
    expect(raw.port.generation).toBe(generation + 2);
    expect(await idsNow(raw)).toEqual([0x0483, 0x5740]);
  });
});

describe('a script of faults', () => {
  it('is checked before it is used', () => {
    const bad = [
      [{ kind: 'no-such' }],
      [{ kind: 'drop-write' }],
      [{ kind: 'drop-write', block: -1 }],
      [{ kind: 'drop-write', block: 1, more: true }],
      [{ kind: 'return-as', productId: 0x10000 }],
      [{ kind: 'vanish', at: { what: 'byte' } }],
      Array(101).fill({ kind: 'never-return' }),
    ];
    for (const script of bad) expect(v.safeParse(faultListSchema, script).success).toBe(false);
    const good = [
      { kind: 'vanish', at: { what: 'byte', index: 5_000 } },
      { kind: 'return-as', productId: 1 },
      { kind: 'return-twice', gapMs: 100 },
    ];
    expect(v.parse(faultListSchema, good)).toHaveLength(3);
  });
});
