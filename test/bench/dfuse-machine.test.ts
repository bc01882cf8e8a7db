// The DfuSe cycle of the STM32 boards, request by request (AN3156; dfu.md 2.3 to 2.7, 2.10).
import { describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import { command, plugRaw, type RawBoard } from './raw-board.ts';

const start = 0x08000000;
const setAddress = (address: number): Uint8Array => command(0x21, address);
const erase = (address: number): Uint8Array => command(0x41, address);
const noise = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 0xff);

/** In dfuIDLE: the boards start in dfuERROR. */
async function idle(...args: Parameters<typeof plugRaw>): Promise<RawBoard> {
  const raw = await plugRaw(...args);
  expect(await raw.status()).toEqual([0x0a, 0, 10]);
  expect(await raw.out(4)).toBe('ok');
  expect(await raw.status()).toEqual([0, 0, 2]);
  return raw;
}

/** Sets the address and is back in dfuIDLE, as an UPLOAD needs it. */
async function pointAt(raw: RawBoard, address: number): Promise<void> {
  expect(await raw.work(0, setAddress(address))).toEqual([0, 5]);
  expect(await raw.out(6)).toBe('ok');
}

describe('the DfuSe cycle', () => {
  it('starts the work at the first GETSTATUS, and answers the second when it is done', async () => {
    const raw = await idle('nanovna-h');
    expect(raw.board.flash[2048]).not.toBe(0xff);
    expect(await raw.out(1, 0, erase(start + 2048 + 7))).toBe('ok');
    await raw.pause(1_000);
    expect(raw.board.flash[2048]).not.toBe(0xff);
    const began = raw.clock.now();
    expect(await raw.status()).toEqual([0, 20, 4]);
    expect(await raw.status()).toEqual([0, 0, 5]);
    // 20 ms for a page of an F0 (dfu.md 2.10, unverified there), and 1 ms for the request that began it.
    expect(raw.clock.now() - began).toBe(21);
    expect(raw.board.flash.subarray(2048, 4096)).toEqual(new Uint8Array(2048).fill(0xff));
    expect(raw.board.flash[2047]).not.toBe(0xff);
    expect(raw.board.flash[4096]).not.toBe(0xff);
    expect(raw.statistics).toMatchObject({ erases: 1, busyMs: 20 });
  });

  it('finishes although nobody asks again', async () => {
    const raw = await idle('nanovna-h');
    await raw.out(1, 0, erase(start));
    await raw.status();
    await raw.pause(19);
    expect(raw.board.flash[0]).not.toBe(0xff);
    await raw.pause(2);
    expect(raw.board.flash[0]).toBe(0xff);
    expect(raw.statistics.erases).toBe(1);
    expect(await raw.status()).toEqual([0, 0, 5]);
    expect(raw.statistics.erases).toBe(1);
  });

  it('drops the work at an ABORT before the first GETSTATUS', async () => {
    const raw = await idle('nanovna-h');
    await raw.out(1, 0, erase(start));
    expect(await raw.out(6)).toBe('ok');
    expect(await raw.status()).toEqual([0, 0, 2]);
    await raw.pause(100);
    expect(raw.board.flash[0]).not.toBe(0xff);
  });

  it.each(['report', 'stall'] as const)('tells that it is busy by %s', async (busy) => {
    const raw = await idle('stm32f405', { busy });
    await raw.out(1, 0, erase(start));
    // 100 ms whatever the sector, and 400 ms in truth (dfu.md 2.10).
    expect(await raw.status()).toEqual([0, 100, 4]);
    expect(await raw.status()).toEqual(busy === 'stall' ? 'usb.stall' : [0, 100, 4]);
    await raw.pause(396);
    expect(await raw.status()).toEqual(busy === 'stall' ? 'usb.stall' : [0, 100, 4]);
    await raw.pause(5);
    expect(await raw.status()).toEqual([0, 0, 5]);
  });

  it('goes on working when the host takes its held GETSTATUS back', async () => {
    const raw = await idle('stm32f405');
    await raw.out(1, 0, erase(start));
    await raw.status();
    const setup = { type: 'class', recipient: 'interface', request: 3, value: 0, index: 0 } as const;
    await expect(raw.device.controlIn(setup, 6, raw.wait(50))).rejects.toMatchObject({ code: 'usb.timeout' });
    expect(raw.board.flash[0]).not.toBe(0xff);
    expect(await raw.status()).toEqual([0, 0, 5]);
    expect(raw.board.flash[0]).toBe(0xff);
  });

  it('writes at pointer + (block - 2) * transfer size, and only clears bits', async () => {
    const raw = await idle('nanovna-h');
    for (const page of [0, 2048]) await raw.work(0, erase(start + page));
    expect(await raw.work(0, setAddress(start + 16))).toEqual([0, 5]);
    expect(await raw.work(2, Uint8Array.of(0xf0))).toEqual([0, 5]);
    expect(await raw.work(3, Uint8Array.of(0x0f))).toEqual([0, 5]);
    expect(await raw.work(3, Uint8Array.of(0x3c))).toEqual([0, 5]);
    expect(raw.board.flash[16]).toBe(0xf0);
    expect(raw.board.flash[16 + 2048]).toBe(0x0c);
    expect(raw.statistics).toMatchObject({ blocks: 3, setAddress: 1, erases: 2 });
  });

  it.each([
    ['nanovna-h', 2048 * (0.0535 / 2)],
    ['stm32f405', 2048 * 0.016],
  ] as const)('%s programs a block in its data-sheet time', async (name, ms) => {
    const raw = await idle(name);
    await raw.work(0, setAddress(start));
    await raw.out(1, 2, noise(2048));
    const before = raw.clock.now();
    expect(await raw.status()).toEqual([0, Math.ceil(ms), 4]);
    await raw.status();
    expect(raw.clock.now() - before - 1).toBeCloseTo(ms, 5);
  });

  it('scales its times', async () => {
    const raw = await idle('stm32f405', { timeScale: 0.01 });
    await raw.out(1, 0, erase(start + 0x20000));
    expect(await raw.status()).toEqual([0, 1, 4]);
    const before = raw.clock.now();
    await raw.status();
    expect(raw.clock.now() - before).toBe(20);
  });

  it('erases everything on 41 alone, 16 s on 1 MB behind a poll time of 100 ms (dfu.md 2.11)', async () => {
    const raw = await idle('stm32f405');
    await raw.out(1, 0, Uint8Array.of(0x41));
    expect(await raw.status()).toEqual([0, 100, 4]);
    const before = raw.clock.now();
    await raw.status();
    expect(raw.clock.now() - before).toBe(4 * 400 + 1_200 + 7 * 2_000);
    expect(raw.board.flash.every((byte) => byte === 0xff)).toBe(true);
  });

  it('reads by its own transfer size, keeps its pointer over ABORT, and lists its commands', async () => {
    const raw = await idle('nanovna-h');
    await pointAt(raw, start + 4096);
    expect(await raw.in(2, 2, 2048)).toEqual(raw.board.flash.slice(4096, 6144));
    expect(await raw.in(2, 4, 100)).toEqual(raw.board.flash.slice(8192, 8292));
    expect(await raw.status()).toEqual([0, 0, 9]);
    expect(await raw.out(6)).toBe('ok');
    expect(await raw.in(2, 3, 2048)).toEqual(raw.board.flash.slice(6144, 8192));
    await raw.out(6);
    expect(await raw.in(2, 0, 16)).toEqual(Uint8Array.of(0x00, 0x21, 0x41, 0x92));
    expect(await raw.state()).toBe(2);
  });

  it('reads by the length asked for where that is the manner (mboot, dfu.md 1.11)', async () => {
    const raw = await idle('nanovna-h', { uploadByRequestLength: true });
    await pointAt(raw, start);
    expect(await raw.in(2, 3, 100)).toEqual(raw.board.flash.slice(100, 200));
  });

  it('an upload is short at the end of memory', async () => {
    const raw = await idle('nanovna-h');
    await pointAt(raw, start + 128 * 1024 - 100);
    expect(await raw.in(2, 2, 2048)).toEqual(raw.board.flash.slice(-100));
    expect(await raw.state()).toBe(2);
  });
});

describe('what DfuSe refuses', () => {
  it.each([
    ['an address outside the selected memory', 0, setAddress(0x20000000), [1, 10]],
    ['an erase outside', 0, erase(start + 128 * 1024), [1, 10]],
    ['a write past the end', 2 + 64, noise(2048), [8, 10]],
    ['the reserved block 1', 1, noise(4), 'usb.stall'],
    ['a command it does not know', 0, Uint8Array.of(0x33), 'usb.stall'],
    ['an erase with half an address', 0, Uint8Array.of(0x41, 0, 0), 'usb.stall'],
  ] as const)('%s', async (_name, block, data, answer) => {
    const raw = await idle('nanovna-h');
    const before = raw.board.flash.slice();
    expect(await raw.work(block, data)).toEqual(answer);
    expect(sameBytes(raw.board.flash, before)).toBe(true);
    expect(await raw.state()).toBe(10);
    expect(await raw.out(4)).toBe('ok');
    expect(await raw.state()).toBe(2);
  });

  it('an upload of the reserved block 1, and one straight after SET_ADDRESS', async () => {
    const raw = await idle('nanovna-h');
    expect(await raw.in(2, 1, 64)).toBe('usb.stall');
    await raw.out(4);
    await raw.work(0, setAddress(start));
    expect(await raw.in(2, 2, 2048)).toBe('usb.stall');
  });

  it('CLRSTATUS outside dfuERROR, where the stack is strict (dfu.md 1.11)', async () => {
    const raw = await idle('nanovna-h', { strictClearStatus: true });
    expect(await raw.out(4)).toBe('usb.stall');
    expect(await raw.status()).toEqual([0x0e, 0, 10]);
    expect(await raw.out(4)).toBe('ok');
    expect(await raw.state()).toBe(2);
  });

  it('everything but unprotecting, at read protection level 1 (dfu.md 2.7)', async () => {
    const raw = await idle('stm32f405', { readProtected: true });
    const before = raw.board.flash.slice();
    expect(await raw.work(0, erase(start))).toEqual([0x0b, 10]);
    await raw.out(4);
    expect(await raw.work(0, Uint8Array.of(0x41))).toEqual([0x0b, 10]);
    await raw.out(4);
    await raw.work(0, setAddress(start));
    expect(await raw.work(2, noise(64))).toEqual([0x0b, 10]);
    await raw.out(4);
    expect(await raw.in(2, 2, 2048)).toBe('usb.stall');
    expect((await raw.status())[0]).toBe(0x0b);
    expect(sameBytes(raw.board.flash, before)).toBe(true);
  });
});
