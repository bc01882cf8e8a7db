// The board with a DFU runtime interface: detach, bus resets, and what it starts (DFU 1.1 section 5; dfu.md 1.5, 1.7).
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../shared/hex.ts';
import { plugRaw, type RawBoard } from './raw-board.ts';

const rows = new Uint8Array(256).fill(0x21);

async function productId(raw: RawBoard): Promise<number | undefined> {
  return (await raw.bench.bus.list(raw.wait()))[0]?.productId;
}

/** In DFU mode, by DETACH. */
async function detached(options: Parameters<typeof plugRaw>[1] = {}): Promise<RawBoard> {
  const raw = await plugRaw('runtime-dfu', options);
  await raw.out(0, 1_000);
  await raw.pause(10);
  return await raw.again();
}

describe('a running program', () => {
  it('shows protocol 1, version 1.1, and its manner of detaching', async () => {
    for (const [willDetach, attributes] of [
      [true, '0b'],
      [false, '03'],
    ] as const) {
      const raw = await plugRaw('runtime-dfu', { willDetach });
      const [, dfu] = raw.device.facts.interfaces;
      expect(dfu?.alternates[0]).toMatchObject({
        interfaceClass: 0xfe,
        interfaceSubClass: 1,
        interfaceProtocol: 1,
      });
      expect(dfu?.alternates[0]?.extra).toEqual(fromHex(`09 21 ${attributes} e8 03 00 01 10 01`));
      expect(raw.device.facts.productId).toBe(2);
      expect(await raw.status()).toEqual([0, 0, 0]);
    }
  });

  it('leaves by itself after DETACH, and comes back in DFU mode under another id', async () => {
    const raw = await plugRaw('runtime-dfu');
    expect(await raw.out(0, 1_000)).toBe('ok');
    await raw.pause(5);
    expect(raw.port.device).toBeUndefined();
    const back = await raw.again();
    expect(back.device.facts.productId).toBe(3);
    expect(back.device.facts.interfaces[0]?.alternates[0]?.interfaceProtocol).toBe(2);
    expect(await back.status()).toEqual([0, 0, 2]);
  });

  it('without will-detach waits for a reset, no longer than it was told', async () => {
    const raw = await plugRaw('runtime-dfu', { willDetach: false });
    await raw.out(0, 400);
    expect(await raw.state()).toBe(1);
    await raw.pause(500);
    expect(await raw.state()).toBe(0);
    expect(await raw.device.reset(raw.wait())).toBe(true);
    expect(await raw.state()).toBe(0);
    await raw.out(0, 400);
    await raw.pause(300);
    expect(await raw.device.reset(raw.wait())).toBe(false);
    expect((await raw.again()).device.facts.productId).toBe(3);
  });

  it('knows none of the DFU-mode requests', async () => {
    const raw = await plugRaw('runtime-dfu');
    expect(await raw.out(1, 0, rows)).toBe('usb.stall');
    expect(await raw.in(2, 0, 64)).toBe('usb.stall');
    expect(await raw.out(4)).toBe('usb.stall');
    expect(await raw.out(6)).toBe('usb.stall');
    expect(await raw.state()).toBe(0);
  });
});

describe('its bootloader', () => {
  it('a bus reset starts the program when it is whole', async () => {
    const raw = await detached();
    expect(await raw.device.reset(raw.wait())).toBe(false);
    await raw.again();
    expect(await productId(raw)).toBe(2);
  });

  it('a bus reset in the middle of a download leaves dfuERROR with errFIRMWARE', async () => {
    const raw = await detached();
    expect(await raw.work(0, rows)).toEqual([0, 5]);
    expect(await raw.device.reset(raw.wait())).toBe(true);
    expect(await raw.status()).toEqual([0x0a, 0, 10]);
    expect(await raw.out(4)).toBe('ok');
    expect(await raw.work(0, rows)).toEqual([0, 5]);
  });

  it('an aborted download is not whole either', async () => {
    const raw = await detached();
    await raw.work(0, rows);
    await raw.out(6);
    expect(await raw.state()).toBe(2);
    expect(await raw.device.reset(raw.wait())).toBe(true);
    expect(await raw.status()).toEqual([0x0a, 0, 10]);
  });

  it('is what starts when power was lost in a download', async () => {
    const raw = await detached();
    await raw.work(0, rows);
    raw.port.replug();
    const back = await raw.again();
    expect(back.device.facts.productId).toBe(3);
    expect(await back.status()).toEqual([0x0a, 0, 10]);
    await back.out(4);
    await back.work(0, rows);
    await back.out(1, 1);
    expect(await back.status()).toEqual([0, 5, 7]);
    await back.pause(5);
    expect(await back.status()).toEqual([0, 0, 8]);
    expect(await back.device.reset(back.wait())).toBe(false);
    await back.again();
    expect(await productId(back)).toBe(2);
  });

  it('stays to be read after a tolerant manifestation', async () => {
    const raw = await detached({ manifestationTolerant: true });
    await raw.work(0, rows);
    await raw.out(1, 1);
    expect(await raw.status()).toEqual([0, 5, 7]);
    await raw.pause(5);
    expect(await raw.status()).toEqual([0, 0, 2]);
    expect(await raw.in(2, 0, 256)).toEqual(rows);
    expect(await productId(raw)).toBe(3);
  });
});

describe('the DFU 1.0 board', () => {
  it.each([0, 1] as const)('has a 7-byte functional descriptor, and protocol %i', async (protocol) => {
    const raw = await plugRaw('plain-dfu', { protocol, manifestationTolerant: false });
    expect(raw.port.device?.deviceDescriptor).toEqual(
      fromHex('12 01 00 01 fe 01 00 40 09 12 01 00 00 01 01 02 00 01'),
    );
    const configuration = raw.port.device?.configurationDescriptor;
    expect(configuration).toEqual(
      fromHex(`09 02 19 00 01 01 00 c0 32  09 04 00 00 00 fe 01 0${protocol} 00  07 21 03 00 00 40 00`),
    );
  });
});
