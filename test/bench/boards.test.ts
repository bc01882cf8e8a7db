// The boards themselves, spoken to with bare requests: they follow the standard and the data sheets, not our client.
import { describe, expect, it } from 'vitest';
import { startWait } from '../../main/base/wait.ts';
import { DfuRequest, DfuState, DfuStatus } from '../../main/protocols/dfu/constants.ts';
import type { UsbDevice } from '../../main/transports/usb/usb-device.ts';
import { makeRig, type Rig } from '../support/rig.ts';

interface Bare {
  readonly rig: Rig;
  out(request: number, value?: number, data?: readonly number[]): Promise<void>;
  upload(block: number, length: number): Promise<Uint8Array>;
  status(): Promise<{ status: number; state: number; pollMs: number }>;
}

async function bare(...rigOptions: Parameters<typeof makeRig>): Promise<Bare> {
  const rig = makeRig(...rigOptions);
  const wait = startWait(rig.clock, 600_000);
  const [facts] = await rig.bench.bus.list(wait);
  if (facts === undefined) throw new Error('no board');
  const device: UsbDevice = await rig.bench.bus.open(facts, wait);
  const interfaceNumber = facts.interfaces.at(-1)?.number ?? 0;
  const setup = (request: number, value: number) =>
    ({ type: 'class', recipient: 'interface', request, value, index: interfaceNumber }) as const;
  return {
    rig,
    out: (request, value = 0, data = []) =>
      device.controlOut(setup(request, value), Uint8Array.from(data), wait),
    upload: (block, length) => device.controlIn(setup(DfuRequest.upload, block), length, wait),
    async status() {
      const bytes = await device.controlIn(setup(DfuRequest.getStatus, 0), 6, wait);
      return {
        status: bytes[0] ?? -1,
        state: bytes[4] ?? -1,
        pollMs: (bytes[1] ?? 0) | ((bytes[2] ?? 0) << 8),
      };
    },
  };
}

const pointAt = (address: number): number[] => [
  0x21,
  address & 0xff,
  (address >> 8) & 0xff,
  (address >> 16) & 0xff,
  address >>> 24,
];

async function idle(board: Bare): Promise<void> {
  await board.out(DfuRequest.clearStatus);
  expect((await board.status()).state).toBe(DfuState.dfuIdle);
}

describe('an STM32 ROM', () => {
  it('starts in dfuERROR with errFIRMWARE', async () => {
    const board = await bare('nanovna-h');
    expect(await board.status()).toMatchObject({ status: DfuStatus.errFirmware, state: DfuState.error });
  });

  it('starts work at the first GETSTATUS, and drops it when aborted before', async () => {
    const board = await bare('nanovna-h', { busy: 'report' });
    await idle(board);
    const erase = [0x41, ...pointAt(0x08000000).slice(1)];
    await board.out(DfuRequest.download, 0, erase);
    await board.out(DfuRequest.abort);
    expect(board.rig.board.flash[0]).not.toBe(0xff);
    await board.out(DfuRequest.download, 0, erase);
    expect((await board.status()).state).toBe(DfuState.downloadBusy);
    expect(board.rig.board.flash[0]).not.toBe(0xff);
    board.rig.clock.after(30, () => undefined);
    await new Promise<void>((resolve) => board.rig.clock.after(30, resolve));
    expect((await board.status()).state).toBe(DfuState.downloadIdle);
    expect(board.rig.board.flash.subarray(0, 2048).every((byte) => byte === 0xff)).toBe(true);
    expect(board.rig.board.flash[2048]).not.toBe(0xff);
  });

  it('a write can only clear bits', async () => {
    const board = await bare('nanovna-h');
    await idle(board);
    const before = board.rig.board.flash.slice(0, 4);
    await board.out(DfuRequest.download, 0, pointAt(0x08000000));
    await board.status();
    await board.status();
    await board.out(DfuRequest.download, 2, [0x0f, 0xf0, 0xff, 0x00]);
    await board.status();
    expect((await board.status()).state).toBe(DfuState.downloadIdle);
    const written = [0x0f, 0xf0, 0xff, 0x00].map((byte, at) => byte & (before[at] ?? 0));
    expect([...board.rig.board.flash.subarray(0, 4)]).toEqual(written);
  });

  it("takes the data sheet's time for a block, inside the second GETSTATUS", async () => {
    const board = await bare('nanovna-h');
    await idle(board);
    await board.out(DfuRequest.download, 2, new Array<number>(2048).fill(0));
    await board.status();
    const started = board.rig.clock.now();
    await board.status();
    expect(board.rig.clock.now() - started).toBeGreaterThan(50);
    expect(board.rig.clock.now() - started).toBeLessThan(60);
  });

  it('refuses another address, an early UPLOAD, and everything when it is protected', async () => {
    const board = await bare('stm32f405', { readProtected: true });
    await idle(board);
    await board.out(DfuRequest.download, 0, pointAt(0x20000000));
    await board.status();
    expect(await board.status()).toMatchObject({ status: DfuStatus.errTarget, state: DfuState.error });
    await idle(board);
    await expect(board.upload(2, 64)).rejects.toMatchObject({ code: 'usb.stall' });
    expect(await board.status()).toMatchObject({ status: DfuStatus.errVendor });
    await idle(board);
    expect([...(await board.upload(0, 16))]).toEqual([0x00, 0x21, 0x41, 0x92]);
  });

  it('lifting the protection erases everything and restarts it', async () => {
    const rig = makeRig('stm32f405', { readProtected: true });
    const request = {
      kind: 'chip',
      command: 'read-unprotect',
      selection: { waitMs: 0 },
      dryRun: false,
      allow: new Set<'read-unprotect'>(),
    } as const;
    expect((await rig.run(request)).error?.code).toBe('plan.needs-permission');
    const result = await rig.run({ ...request, allow: new Set<'read-unprotect'>(['read-unprotect']) });
    expect(result.error).toBeUndefined();
    expect(rig.board.flash.every((byte) => byte === 0xff)).toBe(true);
    expect(rig.board.statistics.lockAttempts).toBe(0);
  });
});

describe('plain DFU', () => {
  it('is strict: an empty DNLOAD in dfuIDLE is an error, a long UPLOAD too', async () => {
    const board = await bare('plain-dfu');
    await expect(board.out(DfuRequest.download, 0)).rejects.toMatchObject({ code: 'usb.stall' });
    expect(await board.status()).toMatchObject({ status: DfuStatus.errStalledPacket, state: DfuState.error });
    await idle(board);
    await expect(board.upload(0, 65)).rejects.toMatchObject({ code: 'usb.stall' });
  });

  it('an UPLOAD ends with a short block', async () => {
    const board = await bare('plain-dfu');
    expect(await board.upload(0, 64)).toHaveLength(64);
    expect((await board.status()).state).toBe(DfuState.uploadIdle);
    expect(await board.upload(256, 64)).toHaveLength(0);
    expect((await board.status()).state).toBe(DfuState.dfuIdle);
  });

  it('punishes CLRSTATUS outside dfuERROR where the stack does', async () => {
    const board = await bare('plain-dfu', { strictClearStatus: true });
    await expect(board.out(DfuRequest.clearStatus)).rejects.toMatchObject({ code: 'usb.stall' });
    expect((await board.status()).state).toBe(DfuState.error);
  });

  it('detaches by bus reset within its time, and not after it', async () => {
    const board = await bare('runtime-dfu', { willDetach: false });
    await board.out(DfuRequest.detach, 1_000);
    expect((await board.status()).state).toBe(DfuState.appDetach);
    await new Promise<void>((resolve) => board.rig.clock.after(1_500, resolve));
    expect((await board.status()).state).toBe(DfuState.appIdle);
    board.rig.port.device?.busReset();
    await new Promise<void>((resolve) => board.rig.clock.after(1_000, resolve));
    expect((await board.status()).state).toBe(DfuState.appIdle);
  });
});
