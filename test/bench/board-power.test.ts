// What boards do by themselves: work that nobody waits for, power that fails, resets of their own and of the bus.
import { describe, expect, it } from 'vitest';
import { sleep } from '../../main/base/clock.ts';
import { startWait } from '../../main/base/wait.ts';
import { DfuRequest, DfuState, DfuStatus } from '../../main/protocols/dfu/constants.ts';
import type { UsbDevice, UsbDeviceFacts } from '../../main/transports/usb/usb-device.ts';
import { makeRig, type Rig } from '../support/rig.ts';

interface Opened {
  readonly rig: Rig;
  readonly device: UsbDevice;
  out(request: number, value?: number, data?: Uint8Array): Promise<void>;
  status(): Promise<readonly [status: number, state: number]>;
}

async function listed(rig: Rig): Promise<UsbDeviceFacts | undefined> {
  return (await rig.bench.bus.list(startWait(rig.clock, 1_000)))[0];
}

async function open(rig: Rig, interfaceNumber = 0): Promise<Opened> {
  const facts = await listed(rig);
  if (facts === undefined) throw new Error('no board');
  const wait = startWait(rig.clock, 600_000);
  const device = await rig.bench.bus.open(facts, wait);
  await device.claim(interfaceNumber, wait);
  const setup = (request: number, value: number) =>
    ({ type: 'class', recipient: 'interface', request, value, index: interfaceNumber }) as const;
  return {
    rig,
    device,
    out: (request, value = 0, data = new Uint8Array()) =>
      device.controlOut(setup(request, value), data, wait),
    async status() {
      const bytes = await device.controlIn(setup(DfuRequest.getStatus, 0), 6, wait);
      return [bytes[0] ?? -1, bytes[4] ?? -1];
    },
  };
}

async function openIdle(...options: Parameters<typeof makeRig>): Promise<Opened> {
  const board = await open(makeRig(...options));
  await board.out(DfuRequest.clearStatus);
  return board;
}

function command(code: number, address?: number): Uint8Array {
  const bytes = new Uint8Array(address === undefined ? 1 : 5);
  bytes[0] = code;
  if (address !== undefined) new DataView(bytes.buffer).setUint32(1, address, true);
  return bytes;
}

async function pointAt(board: Opened, address: number): Promise<void> {
  await board.out(DfuRequest.download, 0, command(0x21, address));
  await board.status();
  expect(await board.status()).toEqual([DfuStatus.ok, DfuState.downloadIdle]);
}

describe('work of the flash', () => {
  it('is done when its time is over, also when nobody asks before the cable is pulled', async () => {
    const board = await openIdle('nanovna-h');
    await board.out(DfuRequest.download, 0, command(0x41, 0x08000800));
    await board.status();
    await sleep(board.rig.clock, 25);
    board.rig.port.unplug();
    expect(board.rig.board.flash.subarray(0x800, 0x1000).every((byte) => byte === 0xff)).toBe(true);
    expect(board.rig.board.statistics.erases).toBe(1);
  });

  it('is half done when power fails in the middle', async () => {
    const board = await openIdle('nanovna-h');
    const before = board.rig.board.flash.slice(0x800, 0x1000);
    await board.out(DfuRequest.download, 0, command(0x41, 0x08000800));
    await board.status();
    await sleep(board.rig.clock, 5);
    board.rig.port.unplug();
    const after = board.rig.board.flash.slice(0x800, 0x1000);
    expect(after.subarray(0, 1024).every((byte) => byte === 0xff)).toBe(true);
    expect(after.subarray(1024)).toEqual(before.subarray(1024));
  });

  it('ends with the cable at a byte', async () => {
    const board = await openIdle('nanovna-h', {
      faults: [{ kind: 'vanish', at: { what: 'byte', index: 3_000 } }],
    });
    await pointAt(board, 0x0801f000);
    await board.out(DfuRequest.download, 2, new Uint8Array(2048));
    await board.status();
    await board.status();
    await board.out(DfuRequest.download, 3, new Uint8Array(2048));
    await expect(board.status()).rejects.toMatchObject({ code: 'usb.gone' });
    expect(board.rig.board.flash.subarray(0x1f000, 0x1f800).every((byte) => byte === 0)).toBe(true);
  });

  it.each(['stall', 'report'] as const)(
    'a board that says %s while busy finishes all the same',
    async (busy) => {
      const board = await openIdle('nanovna-h', { busy });
      await board.out(DfuRequest.download, 0, command(0x41, 0x08000000));
      expect(await board.status()).toEqual([DfuStatus.ok, DfuState.downloadBusy]);
      if (busy === 'stall') await expect(board.status()).rejects.toMatchObject({ code: 'usb.stall' });
      else expect(await board.status()).toEqual([DfuStatus.ok, DfuState.downloadBusy]);
      await sleep(board.rig.clock, 30);
      expect(await board.status()).toEqual([DfuStatus.ok, DfuState.downloadIdle]);
    },
  );
});

describe('an STM32 that resets itself', () => {
  it('does so after option bytes, without being asked again, and counts an attempt to lock it for ever', async () => {
    const board = await openIdle('stm32f405');
    await board.device.setAlternate(0, 1, startWait(board.rig.clock, 1_000));
    await pointAt(board, 0x1fffc000);
    const bytes = new Uint8Array(16).fill(0xcc);
    bytes[1] = 0xaa;
    await board.out(DfuRequest.download, 2, bytes);
    await board.status();
    await sleep(board.rig.clock, 10);
    expect(await listed(board.rig)).toBeUndefined();
    expect(board.rig.board.statistics.lockAttempts).toBe(0);
    await sleep(board.rig.clock, 1_000);
    const again = await open(board.rig);
    await again.out(DfuRequest.clearStatus);
    await again.device.setAlternate(0, 1, startWait(board.rig.clock, 1_000));
    await pointAt(again, 0x1fffc000);
    await again.out(DfuRequest.download, 2, new Uint8Array(16).fill(0xcc));
    await again.status();
    await sleep(board.rig.clock, 10);
    expect(board.rig.board.statistics.lockAttempts).toBe(1);
  });

  it('loses the second GETSTATUS of a read-unprotect, and comes back blank and open', async () => {
    const board = await openIdle('stm32f405', { readProtected: true });
    await board.out(DfuRequest.download, 0, command(0x92));
    expect(await board.status()).toEqual([DfuStatus.ok, DfuState.downloadBusy]);
    await expect(board.status()).rejects.toMatchObject({ code: 'usb.gone' });
    await sleep(board.rig.clock, 1_000);
    expect(board.rig.board.flash.every((byte) => byte === 0xff)).toBe(true);
    const again = await openIdleAgain(board.rig);
    await pointAt(again, 0x08000000);
  });

  it('leaves on the closing DNLOAD where it is told to, and comes back as its program', async () => {
    const board = await openIdle('nanovna-h', { leavesOnDownload: true });
    await pointAt(board, 0x08000000);
    await expect(board.out(DfuRequest.download, 2)).rejects.toMatchObject({ code: 'usb.gone' });
    expect(await listed(board.rig)).toBeUndefined();
    await sleep(board.rig.clock, 600);
    expect(await listed(board.rig)).toMatchObject({ vendorId: 0x0483, productId: 0x5740, generation: 2 });
  });

  it('comes back as something else where a fault says so', async () => {
    const board = await openIdle('nanovna-h', { faults: [{ kind: 'return-as', productId: 0x1234 }] });
    await pointAt(board, 0x08000000);
    await board.out(DfuRequest.download, 2);
    await board.status();
    await sleep(board.rig.clock, 600);
    expect(await listed(board.rig)).toMatchObject({ vendorId: 0x0483, productId: 0x1234 });
  });
});

async function openIdleAgain(rig: Rig): Promise<Opened> {
  const board = await open(rig);
  await board.out(DfuRequest.clearStatus);
  return board;
}

describe('requests that are not for it', () => {
  it('are refused: another interface, the wrong direction, a block beyond the transfer size', async () => {
    const board = await openIdle('nanovna-h');
    const wait = startWait(board.rig.clock, 10_000);
    const stray = { type: 'class', recipient: 'interface', request: DfuRequest.getStatus, value: 0 } as const;
    await expect(board.device.controlIn({ ...stray, index: 1 }, 6, wait)).rejects.toMatchObject({
      code: 'usb.stall',
    });
    expect(await board.status()).toEqual([DfuStatus.ok, DfuState.dfuIdle]);
    await expect(
      board.device.controlOut({ ...stray, index: 0 }, new Uint8Array(6), wait),
    ).rejects.toMatchObject({
      code: 'usb.stall',
    });
    expect(await board.status()).toEqual([DfuStatus.errStalledPacket, DfuState.error]);
    await board.out(DfuRequest.clearStatus);
    await expect(board.out(DfuRequest.download, 2, new Uint8Array(2049))).rejects.toMatchObject({
      code: 'usb.stall',
    });
  });
});

describe('a bus reset', () => {
  async function inDfuMode(): Promise<Opened> {
    const rig = makeRig('runtime-dfu');
    const program = await open(rig, 1);
    await program.out(DfuRequest.detach, 1_000);
    await sleep(rig.clock, 500);
    expect(await listed(rig)).toMatchObject({ productId: 0x0003 });
    return await open(rig);
  }

  it('brings a whole program back', async () => {
    const board = await inDfuMode();
    rigReset(board.rig);
    await sleep(board.rig.clock, 500);
    expect(await listed(board.rig)).toMatchObject({ productId: 0x0002 });
  });

  it('in the middle of a download leaves errFIRMWARE', async () => {
    const board = await inDfuMode();
    await board.out(DfuRequest.download, 0, new Uint8Array(256));
    await board.status();
    await sleep(board.rig.clock, 10);
    expect(await board.status()).toEqual([DfuStatus.ok, DfuState.downloadIdle]);
    rigReset(board.rig);
    expect(await board.status()).toEqual([DfuStatus.errFirmware, DfuState.error]);
  });

  it('after manifestation starts the new program: through dfuMANIFEST to waiting for it', async () => {
    const board = await inDfuMode();
    await board.out(DfuRequest.download, 0, new Uint8Array(256));
    await board.status();
    await sleep(board.rig.clock, 10);
    await board.status();
    await board.out(DfuRequest.download, 1);
    expect(await board.status()).toEqual([DfuStatus.ok, DfuState.manifest]);
    await sleep(board.rig.clock, 10);
    expect(await board.status()).toEqual([DfuStatus.ok, DfuState.manifestWaitReset]);
    rigReset(board.rig);
    await sleep(board.rig.clock, 500);
    expect(await listed(board.rig)).toMatchObject({ productId: 0x0002 });
  });
});

function rigReset(rig: Rig): void {
  rig.port.device?.busReset();
}
