// The Pytrack: its button, its window, and a bootloader with two states (devices.md 2).
import { describe, expect, it } from 'vitest';
import { pycomImage, type PycomProduct } from '../../main/bench/boards/pycom.ts';
import { pic16, pic16Crc } from '../../main/bench/pic16-dfu.ts';
import { fromHex } from '../../shared/hex.ts';
import { startWait } from '../../main/base/wait.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import { makeRig, type Rig } from '../support/rig.ts';
import { plugRaw, type RawBoard } from './raw-board.ts';

type Options = NonNullable<Parameters<typeof makeRig>[1]>;
const rows = 256;
const button = 'MCLR button (S1)';
const image = pycomImage(77);

function hands(rig: Pick<Rig, 'port'>, ...actions: BenchAction[]): void {
  for (const action of actions) rig.port.act(action);
}

const holdAndPlug: BenchAction[] = [{ act: 'unplug' }, { act: 'hold', control: button }, { act: 'plug' }];

async function productOf(rig: Pick<Rig, 'bench' | 'clock'>): Promise<number | undefined> {
  return (await rig.bench.bus.list(startWait(rig.clock, 1_000)))[0]?.productId;
}

const pause = (rig: Pick<Rig, 'clock'>, ms: number): Promise<void> =>
  new Promise((resolve) => rig.clock.after(ms, resolve));

/** Caught in its window: opened `lateMs` after it appeared. */
async function caught(options: Options = {}, lateMs = 0): Promise<RawBoard> {
  const raw = await plugRaw('pytrack', options);
  hands(raw, ...holdAndPlug);
  await pause(raw, 1_100 + lateMs);
  hands(raw, { act: 'let-go', control: button });
  return await raw.again();
}

async function send(raw: RawBoard, bytes = image, count = rows): Promise<string | undefined> {
  for (let row = 0; row < count; row++) {
    const data = bytes.subarray(row * pic16.rowBytes, (row + 1) * pic16.rowBytes);
    const sent = await raw.out(1, row, data);
    if (sent !== 'ok') return sent;
    const report = await raw.status();
    if (typeof report === 'string') return report;
    expect(report).toEqual([0, 0, 5]);
  }
  return undefined;
}

describe('the button', () => {
  it('held through power-on for a second: flash mode, until seven seconds after it', async () => {
    const rig = makeRig('pytrack');
    expect(await productOf(rig)).toBe(0xf013);
    hands(rig, ...holdAndPlug);
    const start = rig.clock.now();
    await pause(rig, 990);
    expect(rig.port.device).toBeUndefined();
    await pause(rig, 20);
    expect(await productOf(rig)).toBe(0xf014);
    hands(rig, { act: 'let-go', control: button });
    await pause(rig, 5_900);
    expect(await productOf(rig)).toBe(0xf014);
    await pause(rig, 200);
    expect(rig.port.device).toBeUndefined();
    await pause(rig, 400);
    expect(await productOf(rig)).toBe(0xf013);
    expect(rig.clock.now() - start).toBeLessThan(7_700);
  });

  it.each([0, 400, 999])('let go after %d ms: the application', async (heldMs) => {
    const rig = makeRig('pytrack');
    hands(rig, ...holdAndPlug);
    if (heldMs > 0) await pause(rig, heldMs);
    hands(rig, { act: 'let-go', control: button });
    expect(await productOf(rig)).toBe(0xf013);
    await pause(rig, 10_000);
    expect(await productOf(rig)).toBe(0xf013);
    expect(rig.port.generation).toBe(2);
  });

  it('pressed, or held too late, does nothing', async () => {
    const rig = makeRig('pytrack');
    hands(rig, { act: 'unplug' }, { act: 'press', control: 'S1' }, { act: 'plug' });
    hands(rig, { act: 'hold', control: 'S1' });
    await pause(rig, 3_000);
    expect(await productOf(rig)).toBe(0xf013);
  });

  it('the cable pulled while it is held: nothing happens until it is in again', async () => {
    const rig = makeRig('pytrack');
    hands(rig, ...holdAndPlug);
    await pause(rig, 500);
    hands(rig, { act: 'unplug' });
    await pause(rig, 5_000);
    expect(rig.port.device).toBeUndefined();
    hands(rig, { act: 'plug' });
    await pause(rig, 600);
    // The first hold's second does not count.
    expect(rig.port.device).toBeUndefined();
    await pause(rig, 500);
    expect(await productOf(rig)).toBe(0xf014);
    hands(rig, { act: 'unplug' });
    await pause(rig, 10_000);
    expect(rig.port.device).toBeUndefined();
  });

  it.each<[PycomProduct, number, number]>([
    ['pysense', 0xf012, 0xf011],
    ['pyscan', 0xef38, 0xef37],
    ['expansion-board-3', 0xef98, 0xef99],
    ['pygate', 0xed14, 0xed15],
  ])('of a %s brings its ids', async (product, application, flash) => {
    const rig = makeRig(product);
    expect(await productOf(rig)).toBe(application);
    hands(rig, { act: 'unplug' }, { act: 'hold', control: 's1' }, { act: 'plug' });
    await pause(rig, 1_010);
    expect(await productOf(rig)).toBe(flash);
  });
});

describe('descriptors in flash mode', () => {
  it('are DFU 1.0 with protocol 1 and no strings', async () => {
    const { device } = (await caught()).port;
    expect(device?.deviceDescriptor).toEqual(
      fromHex('12 01 00 01 fe 01 00 40 d8 04 14 f0 00 01 00 00 00 01'),
    );
    expect(device?.configurationDescriptor.subarray(9)).toEqual(
      fromHex('09 04 00 00 00 fe 01 01 00 09 21 03 00 00 40 00 00 01'),
    );
    expect(device?.stringDescriptor(0, 0)).toBeUndefined();
  });
});

describe('the bootloader', () => {
  it('takes rows in any order, and keeps its own', async () => {
    const raw = await caught();
    const before = raw.board.flash.slice();
    expect(await raw.status()).toEqual([0, 0, 2]);
    const row = new Uint8Array(64).fill(0xa5);
    for (const at of [200, 15, 16, 255]) {
      expect(await raw.out(1, at, row)).toBe('ok');
      expect(await raw.status()).toEqual([0, 0, 5]);
    }
    expect(raw.board.flash.subarray(0, 1024)).toEqual(before.subarray(0, 1024));
    // The two upper bits of a word are not there.
    expect([...raw.board.flash.subarray(16 * 64, 16 * 64 + 4)]).toEqual([0xa5, 0x25, 0xa5, 0x25]);
    expect(raw.board.flash.subarray(17 * 64, 200 * 64)).toEqual(before.subarray(17 * 64, 200 * 64));
    expect(await raw.out(1, 300, row)).toBe('ok');
    expect(await raw.status()).toEqual([0, 0, 5]);
  });

  it('reads rows, and nothing past the last', async () => {
    const raw = await caught();
    expect(await raw.in(2, 255, 64)).toEqual(raw.board.flash.slice(255 * 64));
    expect(await raw.in(2, 256, 64)).toEqual(new Uint8Array());
    expect(await raw.in(2, 3, 8)).toEqual(raw.board.flash.slice(192, 200));
    expect(await raw.status()).toEqual([0, 0, 2]);
  });

  it('accepts DETACH, ABORT and CLRSTATUS, and does nothing about them', async () => {
    const raw = await caught();
    await raw.out(1, 20, new Uint8Array(64));
    for (const request of [0, 6, 4]) expect(await raw.out(request)).toBe('ok');
    expect(await raw.state()).toBe(5);
    expect(await raw.out(1, 0)).toBe('ok');
    expect(await raw.status()).toEqual([0, 0, 2]);
  });

  it.each([
    ['refused', 'usb.stall'],
    ['blank', new Uint8Array(64)],
  ] as const)('may have reading %s', async (reading, answer) => {
    const raw = await caught({ reading });
    expect(await raw.in(2, 20, 64)).toEqual(answer);
    expect(await raw.status()).toEqual([0, 0, 2]);
  });

  it('works on a row after it acknowledged it; power lost then leaves half of it', async () => {
    const raw = await caught();
    const before = raw.board.flash.slice(20 * 64, 21 * 64);
    await raw.out(1, 20, new Uint8Array(64));
    hands(raw, { act: 'unplug' });
    const after = raw.board.flash.subarray(20 * 64, 21 * 64);
    expect(after.subarray(0, 32).every((byte) => byte === 0)).toBe(true);
    expect(after.subarray(32)).toEqual(before.subarray(32));
  });
});

describe('a whole transfer', () => {
  it('fits into the window, and the new application starts at its end', async () => {
    const raw = await caught();
    expect(await send(raw)).toBeUndefined();
    expect(await raw.out(1, rows)).toBe('ok');
    expect(await raw.status()).toEqual([0, 0, 2]);
    expect(raw.board.flash.subarray(1024)).toEqual(image.subarray(1024));
    await pause(raw, 7_000);
    expect(await productOf(raw)).toBe(0xf013);
  });

  it('whose closing request fails was whole all the same', async () => {
    const raw = await caught({ closing: 'gone' });
    expect(await send(raw)).toBeUndefined();
    expect(await raw.out(1, rows)).toBe('usb.gone');
    await pause(raw, 400);
    expect(await productOf(raw)).toBe(0xf013);
    expect(raw.board.flash.subarray(1024)).toEqual(image.subarray(1024));
  });

  it('begun too late goes on past the window: nothing is started that is not whole', async () => {
    const raw = await caught({}, 4_500);
    expect(await send(raw)).toBeUndefined();
    expect(await productOf(raw)).toBe(0xf014);
    expect(raw.port.generation).toBe(2);
  });

  it('begun too late over the same application is cut off: the board goes', async () => {
    const raw = await caught({}, 4_500);
    expect(await send(raw, raw.board.flash.slice())).toBe('usb.gone');
    await pause(raw, 400);
    expect(await productOf(raw)).toBe(0xf013);
  });

  it('extends the window only where the switch says so', async () => {
    const raw = await caught({ transferExtendsWindow: true }, 4_500);
    expect(await send(raw, raw.board.flash.slice())).toBeUndefined();
    expect(await raw.out(1, rows)).toBe('ok');
    await pause(raw, 8_000);
    expect(await productOf(raw)).toBe(0xf013);
  });

  it('that ends in the middle leaves a board that needs no button', async () => {
    const raw = await caught();
    expect(await send(raw, image, 100)).toBeUndefined();
    hands(raw, { act: 'unplug' }, { act: 'plug' });
    expect(await productOf(raw)).toBe(0xf014);
    await pause(raw, 60_000);
    expect(await productOf(raw)).toBe(0xf014);
    const again = await raw.again();
    expect(await send(again)).toBeUndefined();
    hands(raw, { act: 'unplug' }, { act: 'plug' });
    expect(await productOf(raw)).toBe(0xf013);
  });

  it('with the cable pulled at a row', async () => {
    const raw = await caught({ faults: [{ kind: 'vanish', at: { what: 'block', index: 40 } }] });
    expect(await send(raw)).toBe('usb.gone');
    expect(raw.statistics.blocks).toBe(41);
    hands(raw, { act: 'plug' });
    expect(await productOf(raw)).toBe(0xf014);
  });
});

describe('the application', () => {
  it('that fails its checksum is not started', async () => {
    const rig = makeRig('pytrack', { badApplication: true });
    await pause(rig, 60_000);
    expect(await productOf(rig)).toBe(0xf014);
  });

  it('has a CRC-14 that any bit changes', () => {
    const sum = pic16Crc(image);
    expect(sum).toBeLessThan(1 << 14);
    for (const at of [0x400, 0x2001, 2 * 0x1f7e]) {
      const changed = image.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(pic16Crc(changed)).not.toBe(sum);
    }
    const outside = image.slice();
    for (const at of [0x3ff, 2 * 0x1f7f, 2 * 0x1f80]) outside[at] = (outside[at] ?? 0) ^ 1;
    expect(pic16Crc(outside)).toBe(sum);
  });

  it('is a silent serial port', async () => {
    const rig = makeRig('pytrack');
    const [facts] = await rig.bench.serial.list(startWait(rig.clock, 1_000));
    expect(facts).toMatchObject({ vendorId: 0x04d8, productId: 0xf013, portPath: '1-1' });
  });
});
