// The STM32 boards as they show themselves, protect themselves and leave (dfu.md 2.1 to 2.7; devices.md 0.2, 3.1).
import { describe, expect, it } from 'vitest';
import type { BoardName } from '../../main/bench/boards/registry.ts';
import { fromHex } from '../../shared/hex.ts';
import { command, plugRaw, type RawBoard } from './raw-board.ts';

const start = 0x08000000;
const setAddress = (address: number): Uint8Array => command(0x21, address);

async function idle(...args: Parameters<typeof plugRaw>): Promise<RawBoard> {
  const raw = await plugRaw(...args);
  await raw.out(4);
  return raw;
}

function textOf(raw: RawBoard, index: number): string {
  const bytes = raw.port.device?.stringDescriptor(index, 0x0409) ?? new Uint8Array();
  expect(bytes[0]).toBe(bytes.length);
  return new TextDecoder('utf-16le').decode(bytes.subarray(2));
}

async function select(raw: RawBoard, alternate: number): Promise<void> {
  await raw.device.setAlternate(0, alternate, raw.wait());
}

/** What the empty DNLOAD and its GETSTATUS do, and what stands on the port a second later. */
async function leave(raw: RawBoard): Promise<[string, [number, number, number] | string, number]> {
  const sent = await raw.out(1, 2);
  const report = await raw.status();
  await raw.pause(1_000);
  const [facts] = await raw.bench.bus.list(raw.wait());
  return [sent, report, facts?.productId ?? 0];
}

/** Writes the first two words of a program, after erasing their sector, and points there. */
async function writeVectors(raw: RawBoard, stack: number, reset: number): Promise<void> {
  await raw.work(0, command(0x41, start));
  await raw.work(0, setAddress(start));
  const words = new Uint8Array(8);
  new DataView(words.buffer).setUint32(0, stack, true);
  new DataView(words.buffer).setUint32(4, reset, true);
  expect(await raw.work(2, words)).toEqual([0, 5]);
  await raw.out(6);
}

describe('descriptors', () => {
  it.each([
    ['nanovna-h', 2, ['@Internal Flash  /0x08000000/064*0002Kg', '@Option Bytes  /0x1FFFF800/01*016 e']],
    [
      'stm32f405',
      4,
      [
        '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg',
        '@Option Bytes  /0x1FFFC000/01*016 e',
        '@OTP Memory /0x1FFF7800/01*512 e,01*016 e',
        '@Device Feature/0xFFFF0000/01*004 e',
      ],
    ],
  ] as const)('%s', async (name, alternates, maps) => {
    const raw = await plugRaw(name);
    const { device } = raw.port;
    expect(device?.deviceDescriptor).toEqual(
      fromHex('12 01 00 01 00 00 00 40 83 04 11 df 00 22 01 02 03 01'),
    );
    const configuration = device?.configurationDescriptor ?? new Uint8Array();
    expect(configuration).toHaveLength(9 + alternates * 9 + 9);
    expect(configuration.subarray(0, 9)).toEqual(
      Uint8Array.of(9, 2, configuration.length, 0, 1, 1, 0, 0xc0, 50),
    );
    for (let index = 0; index < alternates; index++) {
      const at = 9 + 9 * index;
      expect(configuration.subarray(at, at + 9)).toEqual(
        Uint8Array.of(9, 4, 0, index, 0, 0xfe, 1, 2, 4 + index),
      );
      expect(textOf(raw, 4 + index)).toBe(maps[index]);
    }
    // Version 1.1a, 2048 bytes, 255 ms; can download, upload, and detaches by itself.
    expect(configuration.subarray(-9)).toEqual(fromHex('09 21 0b ff 00 00 08 1a 01'));
    expect(textOf(raw, 1)).toBe('STMicroelectronics');
    expect(textOf(raw, 2)).toBe('STM32  BOOTLOADER');
    expect(textOf(raw, 3)).toMatch(name === 'nanovna-h' ? /^FFFFFFFEFFFF$/ : /^[0-9A-F]{12}$/);
    expect(device?.stringDescriptor(0, 0)).toEqual(Uint8Array.of(4, 3, 9, 4));
    expect(device?.stringDescriptor(4 + alternates, 0x0409)).toBeUndefined();
  });

  it('tell which alternate is selected, and refuse one that is not there', async () => {
    const raw = await plugRaw('stm32f405');
    await select(raw, 2);
    const setup = { type: 'standard', recipient: 'interface', request: 10, value: 0, index: 0 } as const;
    expect(await raw.device.controlIn(setup, 1, raw.wait())).toEqual(Uint8Array.of(2));
    await expect(select(raw, 4)).rejects.toMatchObject({ code: 'usb.stall' });
    expect(await raw.device.controlIn(setup, 1, raw.wait())).toEqual(Uint8Array.of(2));
  });

  it('an application is a serial port', async () => {
    const raw = await plugRaw('nanovna-h', { startIn: 'app' });
    const { facts } = raw.device;
    expect(facts).toMatchObject({ vendorId: 0x0483, productId: 0x5740, deviceClass: 2 });
    expect(facts.interfaces.map((one) => one.alternates[0]?.interfaceClass)).toEqual([2, 10]);
    expect([textOf(raw, 1), textOf(raw, 2)]).toEqual(['nanovna.com', 'NanoVNA-H']);
  });
});

describe('leaving', () => {
  it('starts a program with a stack in RAM and an odd reset vector in flash', async () => {
    const raw = await idle('nanovna-h');
    await raw.work(0, setAddress(start));
    await raw.out(6);
    expect(await leave(raw)).toEqual(['ok', [0, 1, 7], 0x5740]);
  });

  it.each([
    ['a blank one', 0xffffffff, 0xffffffff],
    ['an even reset vector', 0x20001000, 0x08000100],
    ['a reset vector outside flash', 0x20001000, 0x08020001],
    ['a stack outside RAM', 0x20004004, 0x08000101],
  ])('with %s the chip is back in its bootloader', async (_name, stack, reset) => {
    const raw = await idle('nanovna-h');
    await writeVectors(raw, stack, reset);
    expect(await leave(raw)).toEqual(['ok', [0, 1, 7], 0xdf11]);
  });

  it('goes on the DNLOAD itself, where that is the manner (GD32, dfu.md 1.11)', async () => {
    const raw = await idle('nanovna-h', { leavesOnDownload: true });
    await raw.work(0, setAddress(start));
    const [sent, report, productId] = await leave(raw);
    expect(['ok', 'usb.gone']).toContain(sent);
    expect(report === 'usb.gone' || typeof report === 'object').toBe(true);
    expect(productId).toBe(0x5740);
  });

  it('an address it was once sent to is forgotten without power', async () => {
    const raw = await plugRaw('nanovna-h', { startIn: 'app' });
    raw.port.unplug();
    const vectors = raw.board.flash.slice(0, 8);
    raw.board.flash.fill(0xff);
    raw.board.act({ act: 'close-jumper', control: 'BOOT0' });
    raw.port.replug();
    const boot = await raw.again();
    expect(boot.device.facts.productId).toBe(0xdf11);
    await boot.out(4);
    await boot.work(0, setAddress(start));
    await boot.work(2, vectors);
    await boot.work(0, setAddress(start + 0x8000));
    await boot.out(6);
    expect((await leave(boot))[2]).toBe(0xdf11);
    raw.board.act({ act: 'open-jumper', control: 'BOOT0' });
    raw.port.replug();
    expect((await raw.again()).device.facts.productId).toBe(0x5740);
  });
});

describe('option bytes, OTP, and protection', () => {
  const chips: [BoardName, number, number][] = [
    ['nanovna-h', 0x1ffff800, 0],
    ['stm32f405', 0x1fffc000, 1],
  ];

  it.each(chips)('%s resets at once when its option bytes are written', async (name, address) => {
    const raw = await idle(name);
    await select(raw, 1);
    await raw.work(0, setAddress(address));
    await raw.out(6);
    const bytes = await raw.in(2, 2, 16);
    if (typeof bytes === 'string') throw new Error(bytes);
    await raw.out(6);
    const changed = bytes.slice();
    changed[4] = 0x42;
    await raw.work(0, setAddress(address));
    await raw.out(1, 2, changed);
    expect(await raw.status()).toMatchObject({ 0: 0, 2: 4 });
    expect(await raw.status()).toBe('usb.gone');
    const back = await raw.again();
    await back.out(4);
    await select(back, 1);
    await back.work(0, setAddress(address));
    await back.out(6);
    expect(await back.in(2, 2, 16)).toEqual(changed);
    expect(back.statistics.lockAttempts).toBe(0);
  });

  it.each(chips)(
    '%s counts a level that would lock it for ever, and only that',
    async (name, address, rdp) => {
      const raw = await idle(name);
      await select(raw, 1);
      const write = async (board: RawBoard, bytes: Uint8Array): Promise<RawBoard> => {
        await board.work(0, setAddress(address));
        await board.work(2, bytes);
        const back = await board.again();
        await back.out(4);
        await select(back, 1);
        return back;
      };
      const open = new Uint8Array(16).fill(0xcc);
      open[rdp] = 0xaa;
      const back = await write(raw, open);
      expect(back.statistics.lockAttempts).toBe(0);
      const locked = new Uint8Array(16).fill(0xff);
      locked[rdp] = 0xcc;
      await write(back, locked);
      expect(back.statistics.lockAttempts).toBe(1);
    },
  );

  it('protects from the next start on, and lifting it erases everything', async () => {
    const raw = await idle('stm32f405');
    await select(raw, 1);
    await raw.work(0, setAddress(0x1fffc000));
    await raw.work(2, Uint8Array.of(0xef, 0xbb, 0x10, 0x55));
    const protectedOne = await raw.again();
    await protectedOne.out(4);
    await protectedOne.work(0, setAddress(start));
    await protectedOne.out(6);
    expect(await protectedOne.in(2, 2, 64)).toBe('usb.stall');
    await protectedOne.out(4);
    // A host that is told to wait and never asks again (dfu-util) has its chip unprotected all the same.
    await protectedOne.out(1, 0, Uint8Array.of(0x92));
    expect(await protectedOne.status()).toEqual([0, 2_000, 4]);
    await protectedOne.pause(2_001);
    expect(protectedOne.port.device).toBeUndefined();
    const open = await protectedOne.again();
    await open.out(4);
    await open.work(0, setAddress(start));
    await open.out(6);
    expect(await open.in(2, 2, 64)).toEqual(new Uint8Array(64).fill(0xff));
    expect(open.board.flash.every((byte) => byte === 0xff)).toBe(true);
    await open.out(6);
    await select(open, 1);
    await open.work(0, setAddress(0x1fffc000));
    await open.out(6);
    expect(await open.in(2, 2, 4)).toEqual(Uint8Array.of(0xef, 0xaa, 0x10, 0x55));
  });

  it('the answer to a second GETSTATUS after 92 never comes', async () => {
    const raw = await idle('nanovna-h', { readProtected: true });
    await raw.out(1, 0, Uint8Array.of(0x92));
    await raw.status();
    expect(await raw.status()).toBe('usb.gone');
  });

  it('bits of the OTP are cleared once, and never set nor erased', async () => {
    const raw = await idle('stm32f405');
    await select(raw, 2);
    await raw.work(0, setAddress(0x1fff7800));
    expect(await raw.work(2, Uint8Array.of(0xfe, 0x0f))).toEqual([0, 5]);
    expect(await raw.work(2, Uint8Array.of(0xff, 0xf1))).toEqual([0, 5]);
    expect(await raw.work(0, command(0x41, 0x1fff7800))).toEqual([1, 10]);
    await raw.out(4);
    await raw.work(0, setAddress(0x1fff7800));
    await raw.out(6);
    expect(await raw.in(2, 2, 3)).toEqual(Uint8Array.of(0xfe, 0x01, 0xff));
  });

  it('power lost in a mass erase leaves the part that was done', async () => {
    const raw = await idle('stm32f405');
    raw.board.flash.fill(0);
    await raw.out(1, 0, Uint8Array.of(0x41));
    await raw.status();
    await raw.pause(2_000);
    raw.port.unplug();
    expect(raw.board.flash.indexOf(0)).toBe(512 * 1024);
    raw.port.replug();
    await raw.pause(60_000);
    expect(raw.board.flash.indexOf(0)).toBe(512 * 1024);
  });

  it('is not brought back by what it had begun before power was lost', async () => {
    const left = await idle('nanovna-h');
    await left.work(0, setAddress(start));
    await left.out(6);
    await left.out(1, 2);
    await left.status();
    left.port.unplug();
    await left.pause(5_000);
    expect(left.port.device).toBeUndefined();

    const writing = await idle('stm32f405', { timeScale: 100 });
    await select(writing, 1);
    await writing.work(0, setAddress(0x1fffc000));
    await writing.out(1, 2, Uint8Array.of(0xef, 0xaa, 0x10, 0x55));
    await writing.status();
    writing.port.unplug();
    await writing.pause(5_000);
    expect(writing.port.device).toBeUndefined();
  });
});
