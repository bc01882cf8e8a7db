// The ODrive: a supply of its own, a switch that counts at power-on, its version in the OTP (devices.md 3).
import { describe, expect, it } from 'vitest';
import { sleep } from '../../main/base/clock.ts';
import { startWait } from '../../main/base/wait.ts';
import { odriveProgram, type OdriveOtp, type OdriveVersion } from '../../main/bench/boards/odrive.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import { makeRig, type Rig } from '../support/rig.ts';
import { command, plugRaw, type RawBoard } from './raw-board.ts';

type Options = NonNullable<Parameters<typeof makeRig>[1]>;
const toDfu: BenchAction = { act: 'switch', control: 'DFU / RUN switch', to: 'DFU' };
const toRun: BenchAction = { act: 'switch', control: 'DFU / RUN switch', to: 'RUN' };
const powerCycle: BenchAction[] = [{ act: 'switch-off' }, { act: 'switch-on' }];

function hands(rig: Pick<Rig, 'port'>, ...actions: BenchAction[]): void {
  for (const action of actions) rig.port.act(action);
}

async function idsOf(rig: Pick<Rig, 'bench' | 'clock'>): Promise<number | undefined> {
  return (await rig.bench.bus.list(startWait(rig.clock, 1_000)))[0]?.productId;
}

function textOf(rig: Pick<Rig, 'port'>, index: number): string {
  return new TextDecoder('utf-16le').decode(rig.port.device?.stringDescriptor(index, 0x0409)?.subarray(2));
}

async function inRom(options: Options = {}): Promise<RawBoard> {
  const raw = await plugRaw('odrive-v3', { startIn: 'dfu', ...options });
  await raw.out(4);
  return raw;
}

async function readAt(raw: RawBoard, alternate: number, address: number, length: number) {
  await raw.device.setAlternate(0, alternate, raw.wait());
  await raw.work(0, command(0x21, address));
  await raw.out(6);
  const bytes = await raw.in(2, 2, length);
  await raw.out(6);
  return bytes;
}

describe('its program', () => {
  it('is a serial port and a native interface, with the serial number of the ROM', async () => {
    const rig = makeRig('odrive-v3');
    const [facts] = await rig.bench.bus.list(startWait(rig.clock, 1_000));
    expect(facts).toMatchObject({ vendorId: 0x1209, productId: 0x0d32 });
    const classes = facts?.interfaces.map(({ alternates: [one] }) => [
      one?.interfaceClass,
      one?.interfaceSubClass,
      ...(one?.endpoints.map(({ address }) => address) ?? []),
    ]);
    expect(classes).toEqual([
      [2, 2, 0x82],
      [10, 0, 0x01, 0x81],
      [0, 1, 0x03, 0x83],
    ]);
    expect([1, 2, 4].map((index) => textOf(rig, index))).toEqual([
      'ODrive Robotics',
      'ODrive 3.6 CDC Interface',
      'ODrive 3.6 Native Interface',
    ]);
    const serialNumber = textOf(rig, 3);
    expect(await rig.bench.serial.list(startWait(rig.clock, 1_000))).toHaveLength(1);
    hands(rig, toDfu, ...powerCycle);
    expect(textOf(rig, 3)).toBe(serialNumber);
  });

  it.each<[string, OdriveVersion, OdriveOtp, boolean]>([
    ['0.5.1', '3.6-56V', '3.5-24V', true],
    ['0.5.1', '3.6-56V', 'empty', true],
    ['0.5.2', '3.6-56V', '3.6-56V', true],
    ['0.5.2', '3.6-56V', 'empty', false],
    ['0.5.2', '3.6-56V', '3.5-24V', false],
    ['0.5.3', '3.6-56V', 'empty', true],
    ['0.5.6', '3.6-24V', '3.6-56V', false],
    ['0.5.6', '3.6-56V', 'cancelled', false],
    ['0.4.12', '3.5-24V', 'cancelled', true],
  ])('%s for %s, OTP %s: runs %s', async (version, board, otp, runs) => {
    const rig = makeRig('odrive-v3', { odrive: { otp, program: { board, version } } });
    expect(rig.port.device !== undefined).toBe(runs);
    await sleep(rig.clock, 60_000);
    expect(rig.port.device !== undefined).toBe(runs);
    hands(rig, toDfu, ...powerCycle);
    expect(await idsOf(rig)).toBe(0xdf11);
  });
});

describe('its switch and its supply', () => {
  it('the switch counts at power-on only', async () => {
    const rig = makeRig('odrive-v3');
    hands(rig, toDfu);
    await sleep(rig.clock, 5_000);
    expect(await idsOf(rig)).toBe(0x0d32);
    hands(rig, { act: 'unplug' }, { act: 'plug' });
    expect(await idsOf(rig)).toBe(0x0d32);
    hands(rig, ...powerCycle);
    expect(await idsOf(rig)).toBe(0xdf11);
    hands(rig, toRun);
    expect(await idsOf(rig)).toBe(0xdf11);
    hands(rig, ...powerCycle);
    expect(await idsOf(rig)).toBe(0x0d32);
  });

  it('without its supply the cable does nothing', async () => {
    const rig = makeRig('odrive-v3');
    hands(rig, { act: 'switch-off' });
    expect(rig.port.device).toBeUndefined();
    hands(rig, { act: 'unplug' }, { act: 'plug' });
    expect(rig.port.device).toBeUndefined();
    hands(rig, { act: 'unplug' }, toDfu, { act: 'switch-on' });
    expect(rig.port.device).toBeUndefined();
    hands(rig, { act: 'plug' });
    expect(await idsOf(rig)).toBe(0xdf11);
  });

  it('a cable pulled in the middle leaves the chip at work, and where it was', async () => {
    const raw = await inRom();
    raw.board.flash.fill(0, 0, 16 * 1024);
    await raw.out(1, 0, command(0x41, 0x08000000));
    await raw.status();
    hands(raw, { act: 'unplug' });
    await raw.pause(1_000);
    expect(raw.board.flash.subarray(0, 16 * 1024).every((byte) => byte === 0xff)).toBe(true);
    hands(raw, { act: 'plug' });
    const again = await raw.again();
    expect(await again.status()).toMatchObject([0, expect.anything(), 5]);
  });

  it('a cable pulled while it goes to its program: the program is there when it is in again', async () => {
    const raw = await inRom();
    await raw.work(0, command(0x21, 0x08000000));
    await raw.out(6);
    await raw.out(1, 2);
    await raw.status();
    await raw.pause(100);
    hands(raw, { act: 'unplug' });
    await raw.pause(1_000);
    hands(raw, { act: 'plug' });
    expect(await idsOf(raw)).toBe(0x0d32);
  });
});

describe('its ROM', () => {
  it.each<[OdriveOtp, number[]]>([
    ['empty', Array<number>(6).fill(0xff)],
    ['3.5-24V', [0xfe, 1, 1, 3, 5, 24]],
    ['3.6-56V', [0xfe, 1, 1, 3, 6, 56]],
    ['cancelled', [0, 1, 1, 3, 5, 24]],
  ])('lets the OTP be read: %s', async (otp, record) => {
    const raw = await inRom({ odrive: { otp } });
    const bytes = await readAt(raw, 2, 0x1fff7800, 32);
    if (typeof bytes === 'string') throw new Error(bytes);
    expect([...bytes.subarray(0, 6)]).toEqual(record);
    if (otp === 'cancelled') expect([...bytes.subarray(16, 22)]).toEqual([0xfe, 1, 1, 3, 6, 56]);
    expect(raw.statistics.otpWrites).toBe(0);
  });

  it('counts a write to the OTP as the damage it is', async () => {
    const raw = await inRom({ odrive: { otp: 'empty' } });
    await raw.device.setAlternate(0, 2, raw.wait());
    await raw.work(0, command(0x21, 0x1fff7800));
    await raw.work(2, Uint8Array.of(0xfe));
    expect(raw.statistics.otpWrites).toBe(1);
  });

  it('holds configuration in its last two sectors', async () => {
    const raw = await inRom();
    for (const address of [0x080c0000, 0x080e0000]) {
      const bytes = await readAt(raw, 0, address, 2048);
      if (typeof bytes === 'string') throw new Error(bytes);
      expect(bytes.some((byte) => byte !== 0xff)).toBe(true);
    }
  });

  it('is all there is on a blank board, until a program is written', async () => {
    const raw = await inRom({ odrive: { program: 'none' } });
    expect(raw.board.flash.every((byte) => byte === 0xff)).toBe(true);
    hands(raw, toRun, ...powerCycle);
    expect(raw.port.device).toBeUndefined();
    raw.board.flash.set(odriveProgram({ board: '3.6-56V', version: '0.5.6' }));
    hands(raw, ...powerCycle);
    expect(await idsOf(raw)).toBe(0x0d32);
  });
});
