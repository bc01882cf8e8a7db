// ODrive v3.5 and v3.6 (devices.md 3): an STM32F405 with a supply of its own, a DIP switch for flash mode, its version
// in memory that can be written once, and programs that refuse to run on another board.
import { indexOfBytes } from '../../base/bytes.ts';
import { CdcFunction, cdcDescriptors } from '../cdc.ts';
import { silentProgram } from '../cdc-device.ts';
import {
  configurationDescriptor,
  deviceDescriptor,
  endpointDescriptor,
  interfaceDescriptor,
} from '../descriptor-bytes.ts';
import { DescribedDevice } from '../dfu-device.ts';
import type { FlashMemory } from '../flash-memory.ts';
import type { TransferReply, VirtualUsbDevice } from '../virtual-usb.ts';
import { oldFirmware } from './old-firmware.ts';
import { Stm32Board, vectorTable, type Stm32Options } from './stm32.ts';
import { f405Flash, f405Regions, f405Times } from './stm32f405.ts';

export type OdriveVersion = '3.5-24V' | '3.5-48V' | '3.6-24V' | '3.6-56V';
/** `cancelled`: the first record is struck out and the second one holds 3.6-56V. */
export type OdriveOtp = 'empty' | 'cancelled' | OdriveVersion;

/** Switches of this board. */
export interface OdriveOptions extends Stm32Options {
  readonly odrive?: {
    /** 3.6-56V unless given. */
    readonly otp?: OdriveOtp;
    /** The program it comes with: 0.5.1 for 3.6-56V unless given; none is a blank flash. */
    readonly program?: OdriveProgram | 'none';
  };
}

export interface OdriveProgram {
  readonly board: OdriveVersion;
  readonly version: string;
}

const switchName = 'DFU / RUN switch';
/** The same in both modes (devices.md 3.1). */
const serial = '337938943430';
/** Configuration, in turns: sectors 10 and 11 (devices.md 3.4). */
const configOffsets = [0xc0000, 0xe0000] as const;
/** Programs carry it for the bench alone: real ones have their version in no fixed place (devices.md 3.4). */
const mark = 'Virtual ODrive program ';

/** A program for a board: what stands in it is the USB name that real ones have, and the bench's own mark. */
export function odriveProgram({ board, version }: OdriveProgram, seed = 31): Uint8Array {
  const bytes = oldFirmware(180 * 1024 + 13, 0x20020000, 0x08000189, seed);
  const texts = `ODrive ${board.slice(0, 3)} CDC Interface\0${mark}${version} for ${board}\0`;
  bytes.set(ascii(texts), 0x1000);
  return bytes;
}

/** An ODrive v3. USB does not power it; it starts in its program unless its switch is at DFU. */
export function odriveV3(options: OdriveOptions): Stm32Board {
  const { otp: version = '3.6-56V', program = { board: '3.6-56V', version: '0.5.1' } } = options.odrive ?? {};
  const flash = f405Flash();
  if (program !== 'none') {
    flash.bytes.set(odriveProgram(program));
    for (const [turn, offset] of configOffsets.entries())
      flash.bytes.set(oldFirmware(2_000, turn, 0, 41 + turn), offset);
  }
  const regions = f405Regions(flash);
  const otp = regions.find((region) => region.kind === 'otp')?.memory;
  otp?.bytes.set(otpRecords(version));
  return new Stm32Board(
    {
      name: 'odrive-v3',
      flash,
      regions,
      ...f405Times,
      romTexts: ['STMicroelectronics', 'STM32  BOOTLOADER', serial],
      runs: vectorTable(flash, { start: 0x20000000, end: 0x20020000 }),
      controls: [
        {
          kind: 'switch',
          name: switchName,
          also: ['DFU switch', 'DIP switch'],
          positions: ['RUN', 'DFU'],
          at: options.startIn === 'dfu' ? 'DFU' : 'RUN',
        },
        { kind: 'power', name: 'DC supply', on: true },
      ],
      startsInRom: (controls) => controls.positionOf(switchName) === 'DFU',
      program: () => runningProgram(flash, otp),
      ownSupply: true,
    },
    options,
  );
}

function otpRecords(version: OdriveOtp): Uint8Array {
  if (version === 'empty') return new Uint8Array();
  if (version === 'cancelled') {
    const records = new Uint8Array(32).fill(0xff);
    records.set([0x00, 1, 1, 3, 5, 24]);
    records.set(recordOf('3.6-56V'), 16);
    return records;
  }
  return recordOf(version);
}

/** 0xFE, layout 1, product 1, then major, minor and voltage (devices.md 3.4). */
function recordOf(version: OdriveVersion): Uint8Array {
  return Uint8Array.of(0xfe, 1, 1, ...numbersOf(version));
}

function numbersOf(version: string): number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}

/** Spins for ever, with nothing on USB, where the version in the OTP is not the one it was built for. */
function runningProgram(flash: FlashMemory, otp: FlashMemory | undefined): VirtualUsbDevice | undefined {
  const program = readProgram(flash.bytes);
  if (program !== undefined && !isContent(program, otp?.bytes ?? new Uint8Array())) return undefined;
  const hardware = program?.board.slice(0, 3) ?? '3.6';
  return composite(hardware);
}

/**
 * From 0.5.2 on programs compare; 0.5.2 itself does not even pass empty OTP; only the first record is looked at, so
 * that one struck out passes none (devices.md 3.4; the last inferred there).
 */
function isContent({ board, version }: OdriveProgram, otp: Uint8Array): boolean {
  const [major = 0, minor = 0, revision = 0] = numbersOf(version);
  const number = major * 10_000 + minor * 100 + revision;
  if (number < 502) return true;
  if (otp[0] === 0xff) return number > 502;
  return otp[0] === 0xfe && numbersOf(board).every((value, at) => otp[3 + at] === value);
}

function readProgram(flash: Uint8Array): OdriveProgram | undefined {
  const at = indexOfBytes(flash.subarray(0, configOffsets[0]), ascii(mark));
  if (at === undefined) return undefined;
  const text = String.fromCharCode(...flash.subarray(at + mark.length, at + mark.length + 32));
  const [, version, board] = /^(\d+\.\d+\.\d+) for (3\.\d-\d\dV)\0/.exec(text) ?? [];
  return version === undefined ? undefined : { version, board: board as OdriveVersion };
}

/** Serial port and native interface (devices.md 3.1). Neither answers: nothing here needs the native protocol yet. */
function composite(hardware: string): VirtualUsbDevice {
  const port = new CdcFunction(silentProgram);
  return new DescribedDevice({
    deviceDescriptor: deviceDescriptor({
      vendorId: 0x1209,
      productId: 0x0d32,
      bcdDevice: 0x0300,
      strings: [1, 2, 3],
    }),
    configurationDescriptor: configurationDescriptor(3, [
      ...cdcDescriptors(),
      interfaceDescriptor(2, 0, [0, 1, 0], 4, 2),
      endpointDescriptor(0x03, 2, 64, 0),
      endpointDescriptor(0x83, 2, 64, 0),
    ]),
    texts: [
      'ODrive Robotics',
      `ODrive ${hardware} CDC Interface`,
      serial,
      `ODrive ${hardware} Native Interface`,
    ],
    stringManner: 'proper',
    classRequest: (setup, data) => Promise.resolve(port.classRequest(setup, data)),
    setAlternate: (number, alternate) => number <= 2 && alternate === 0,
    transfer: (endpoint, dataOrLength, signal) =>
      (endpoint & 0x0f) === 3 ? mute(endpoint, signal) : port.transfer(endpoint, dataOrLength, signal),
  });
}

/** Takes what is written, and has nothing to say. */
function mute(endpoint: number, signal: AbortSignal): Promise<TransferReply> {
  if (endpoint < 0x80) return Promise.resolve({ kind: 'ack' });
  return new Promise((resolve) => {
    if (signal.aborted) resolve({ kind: 'gone' });
    signal.addEventListener('abort', () => resolve({ kind: 'gone' }), { once: true });
  });
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
