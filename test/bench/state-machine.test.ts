// The state machine of a plain DFU board against the table of the standard (DFU 1.1 appendix A.2; dfu.md 1.5, 1.9, 1.10).
import { describe, expect, it } from 'vitest';
import type { BoardOptions } from '../../main/bench/boards/registry.ts';
import { plugRaw, type RawBoard } from './raw-board.ts';

const block = new Uint8Array(64).fill(0x5a);
type Step = (raw: RawBoard) => Promise<unknown>;

/** How each state is reached from dfuIDLE. */
const ways: Record<string, { state: number; options?: Partial<BoardOptions>; steps: Step[] }> = {
  dfuIDLE: { state: 2, steps: [] },
  'dfuDNLOAD-SYNC': { state: 3, steps: [(raw) => raw.out(1, 0, block)] },
  dfuDNBUSY: { state: 4, steps: [(raw) => raw.out(1, 0, block), (raw) => raw.status()] },
  'dfuDNLOAD-IDLE': { state: 5, steps: [(raw) => raw.work(0, block)] },
  'dfuMANIFEST-SYNC': { state: 6, steps: [(raw) => raw.work(0, block), (raw) => raw.out(1, 1)] },
  'dfuMANIFEST-WAIT-RESET': {
    state: 8,
    options: { manifestationTolerant: false },
    steps: [
      (raw) => raw.work(0, block),
      (raw) => raw.out(1, 1),
      (raw) => raw.status(),
      (raw) => raw.pause(600),
    ],
  },
  'dfuUPLOAD-IDLE': { state: 9, steps: [(raw) => raw.in(2, 0, 64)] },
  dfuERROR: { state: 10, steps: [(raw) => raw.out(1, 0)] },
};

const requests: Record<string, (raw: RawBoard) => Promise<unknown>> = {
  'DNLOAD data': (raw) => raw.out(1, 1, block),
  'DNLOAD empty': (raw) => raw.out(1, 1),
  UPLOAD: (raw) => raw.in(2, 0, 64),
  'UPLOAD past the end': (raw) => raw.in(2, 256, 64),
  GETSTATUS: (raw) => raw.status(),
  CLRSTATUS: (raw) => raw.out(4),
  ABORT: (raw) => raw.out(6),
  DETACH: (raw) => raw.out(0, 1_000),
};

/** State afterwards; a negative one means that the request stalls. What is not listed stalls into dfuERROR. */
const table: Record<string, Record<string, number>> = {
  dfuIDLE: { 'DNLOAD data': 3, UPLOAD: 9, 'UPLOAD past the end': 2, GETSTATUS: 2, ABORT: 2 },
  'dfuDNLOAD-SYNC': { GETSTATUS: 4, ABORT: 2 },
  dfuDNBUSY: { GETSTATUS: 4 },
  'dfuDNLOAD-IDLE': { 'DNLOAD data': 3, 'DNLOAD empty': 6, GETSTATUS: 5, ABORT: 2 },
  'dfuMANIFEST-SYNC': { GETSTATUS: 7, ABORT: 2 },
  'dfuMANIFEST-WAIT-RESET': { GETSTATUS: 8 },
  'dfuUPLOAD-IDLE': { UPLOAD: 9, 'UPLOAD past the end': 2, GETSTATUS: 9, ABORT: 2 },
  dfuERROR: { GETSTATUS: 10, CLRSTATUS: 2 },
};

async function reach(name: string, options: Partial<BoardOptions> = {}): Promise<RawBoard> {
  const way = ways[name];
  if (way === undefined) throw new Error(name);
  // A row takes 2 ms: too short to ask twice in it.
  const raw = await plugRaw('plain-dfu', {
    strictClearStatus: true,
    timeScale: 100,
    ...way.options,
    ...options,
  });
  for (const step of way.steps) await step(raw);
  return raw;
}

/** GETSTATE changes nothing, but is illegal while busy: there GETSTATUS tells, where it changes nothing either. */
async function stateOf(raw: RawBoard, expected: number): Promise<number | string> {
  if (expected !== 4) return await raw.state();
  const report = await raw.status();
  return typeof report === 'string' ? report : report[2];
}

describe('plain DFU, every request in every state', () => {
  it.each(Object.entries(ways).map(([name, { state }]) => [name, state] as const))(
    '%s is reached',
    async (name, state) => {
      expect(await stateOf(await reach(name), state)).toBe(state);
    },
  );

  const cases = Object.keys(ways).flatMap((state) =>
    Object.keys(requests).map((request) => [state, request, table[state]?.[request]] as const),
  );
  it.each(cases)('%s, %s', async (state, request, after) => {
    const raw = await reach(state);
    const reply = await requests[request]?.(raw);
    if (after === undefined) expect(reply).toBe('usb.stall');
    else expect(typeof reply === 'string' && reply.startsWith('usb.')).toBe(false);
    expect(await stateOf(raw, after ?? 10)).toBe(after ?? 10);
    if (after === undefined) expect((await raw.status())[0]).not.toBe(0);
  });

  it('GETSTATE is refused while busy, and the block is written all the same', async () => {
    const raw = await reach('dfuDNBUSY');
    expect(await raw.state()).toBe('usb.stall');
    await raw.pause(300);
    expect(raw.board.flash.subarray(0, 64)).toEqual(block);
    expect(await raw.out(4)).toBe('ok');
    expect(await raw.state()).toBe(2);
  });

  it('a lenient stack takes CLRSTATUS anywhere, and drops what was not begun', async () => {
    const raw = await reach('dfuDNLOAD-SYNC', { strictClearStatus: false });
    const before = raw.board.flash.slice(0, 64);
    expect(await raw.out(4)).toBe('ok');
    expect(await raw.status()).toEqual([0, 0, 2]);
    await raw.pause(300);
    expect(raw.board.flash.subarray(0, 64)).toEqual(before);
  });

  it('ABORT between DNLOAD and its first GETSTATUS drops the block (dfu.md 2.4)', async () => {
    const raw = await reach('dfuDNLOAD-SYNC');
    const before = raw.board.flash.slice(0, 64);
    await raw.out(6);
    await raw.pause(300);
    expect(raw.board.flash.subarray(0, 64)).toEqual(before);
  });

  it('refuses more than its transfer size, and rows it does not have', async () => {
    const raw = await reach('dfuIDLE');
    expect(await raw.out(1, 0, new Uint8Array(65))).toBe('usb.stall');
    expect((await raw.status())[0]).toBe(0x0f);
    await raw.out(4);
    expect(await raw.in(2, 0, 65)).toBe('usb.stall');
    await raw.out(4);
    expect(await raw.out(1, 256, block)).toBe('usb.stall');
    expect((await raw.status())[0]).toBe(0x08);
  });

  it('an upload gives what was written, and ends with an empty reply at a full last row', async () => {
    const raw = await plugRaw('plain-dfu');
    const rows = [...Array(256).keys()].map((row) => new Uint8Array(64).fill(row).fill(row >> 1, 32));
    for (const [row, data] of rows.entries()) expect(await raw.work(row, data)).toEqual([0, 5]);
    await raw.out(6);
    for (const [row, data] of rows.entries()) expect(await raw.in(2, row, 64)).toEqual(data);
    expect(await raw.in(2, 256, 64)).toEqual(new Uint8Array());
    expect(await raw.state()).toBe(2);
  });

  it('without bitCanUpload an UPLOAD stalls', async () => {
    const raw = await plugRaw('plain-dfu', { upload: false });
    expect(await raw.in(2, 0, 64)).toBe('usb.stall');
  });

  it.each([true, false])(
    'goes through dfuMANIFEST in its time, tolerant %s',
    async (manifestationTolerant) => {
      const raw = await reach('dfuMANIFEST-SYNC', { manifestationTolerant });
      expect(await raw.status()).toEqual([0, 500, 7]);
      await raw.pause(400);
      expect(await raw.state()).toBe(7);
      await raw.pause(100);
      expect(await raw.state()).toBe(manifestationTolerant ? 2 : 8);
      if (manifestationTolerant) return;
      const { generation } = raw.port;
      expect(await raw.device.reset(raw.wait())).toBe(false);
      const back = await raw.again();
      expect(back.port.generation).toBe(generation + 1);
    },
  );
});
