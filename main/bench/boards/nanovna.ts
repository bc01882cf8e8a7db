// NanoVNA-H and NanoVNA-H4: one board with two chips (devices.md 5).
import type { VirtualUsbDevice } from '../virtual-usb.ts';
import { serialDevice, silentProgram } from '../cdc-device.ts';
import type { Controls } from '../controls.ts';
import { FlashMemory } from '../flash-memory.ts';
import {
  nanovnaLayouts,
  sampleCalibration,
  storeCalibration,
  storeConfig,
  type NanovnaFamily,
  type NanovnaLayout,
} from './nanovna-layout.ts';
import { boardNameOf, nanovnaProgram, readProgram, type NanovnaModel } from './nanovna-program.ts';
import { startShell } from './nanovna-shell.ts';
import { Stm32Board, vectorTable, type RunningChip, type Stm32Options } from './stm32.ts';

/** Switches of these boards. */
export interface NanovnaOptions extends Stm32Options {
  /** Whose program it comes with: DiSlord's unless given. */
  readonly firmware?: NanovnaFamily;
  /** Its version, 1.2.40 unless given. */
  readonly firmwareVersion?: string;
  /** Built without the software's way into the ROM: `reset dfu` is a plain reset then (devices.md 5.3). */
  readonly softwareDfu?: boolean;
  /** A program that hangs behind its port: it echoes nothing and answers nothing. */
  readonly silentShell?: boolean;
}

interface Chip {
  readonly pages: number;
  readonly eraseMs: number;
  readonly map: string;
  readonly programMsPerByte: number;
  readonly sramBytes: number;
  /** By the program's family; a program of no known family is taken for DiSlord's. */
  readonly layouts: Readonly<Record<NanovnaFamily, NanovnaLayout>>;
}

const flashStart = 0x08000000;
const pageBytes = 2048;
/** What the shell has said goes out before it goes itself, ms; the bench's own figure. */
const lastWordsMs = 20;

const f072: Chip = {
  pages: 64,
  eraseMs: 20,
  map: '@Internal Flash  /0x08000000/064*0002Kg',
  // 53.5 µs typical for each half-word (dfu.md 2.10, unverified there).
  programMsPerByte: 0.0535 / 2,
  sramBytes: 0x4000,
  layouts: { dislord: nanovnaLayouts.dislordF072, ttrftech: nanovnaLayouts.ttrftechF072 },
};

/** The map was seen on other boards with this chip, not on an H4 (devices.md 0.2); times as the F072's. */
const f303: Chip = {
  pages: 128,
  eraseMs: 20,
  map: '@Internal Flash  /0x08000000/128*0002Kg',
  programMsPerByte: 0.0535 / 2,
  sramBytes: 0xa000,
  layouts: { dislord: nanovnaLayouts.dislordF303, ttrftech: nanovnaLayouts.dislordF303 },
};

/** STM32F072CB, 128 KB in 64 pages. Starts in its ROM, with BOOT0 closed, unless `startIn` says otherwise. */
export function nanovnaH(options: NanovnaOptions): Stm32Board {
  return nanovna('nanovna-h', 'NanoVNA-H', f072, { startIn: 'dfu', ...options });
}

/** STM32F303CC, 256 KB in 128 pages. Starts in its program. */
export function nanovnaH4(options: NanovnaOptions): Stm32Board {
  return nanovna('nanovna-h4', 'NanoVNA-H4', f303, { startIn: 'app', ...options });
}

function nanovna(name: string, model: NanovnaModel, chip: Chip, options: NanovnaOptions): Stm32Board {
  const flash = new FlashMemory(flashStart, [{ size: pageBytes, count: chip.pages, eraseMs: chip.eraseMs }]);
  const { firmware = 'dislord', firmwareVersion = '1.2.40' } = options;
  fillFlash(
    flash,
    chip.layouts[firmware],
    nanovnaProgram({ family: firmware, model, version: firmwareVersion }),
  );
  const optionBytes = new FlashMemory(0x1ffff800, [{ size: 16, count: 1, eraseMs: 0 }]);
  optionBytes.bytes.set([0xaa, 0x55, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00]);
  return new Stm32Board(
    {
      name,
      flash,
      regions: [
        { memory: flash, kind: 'flash', map: chip.map },
        { memory: optionBytes, kind: 'option-bytes', map: '@Option Bytes  /0x1FFFF800/01*016 e' },
      ],
      // The same on every unit (devices.md 5.2).
      romTexts: ['STMicroelectronics', 'STM32  BOOTLOADER', 'FFFFFFFEFFFF'],
      programMsPerByte: chip.programMsPerByte,
      runs: vectorTable(flash, { start: 0x20000000, end: 0x20000000 + chip.sramBytes }),
      controls: [
        { kind: 'button', name: 'jog switch', also: ['jog', 'multi-function switch'], held: false },
        { kind: 'jumper', name: 'BOOT0 to VDD', also: ['BOOT0', 'P1'], closed: options.startIn === 'dfu' },
        { kind: 'power', name: 'power switch', on: true },
        { kind: 'menu', paths: [['CONFIG', 'DFU', 'RESET AND ENTER DFU']] },
      ],
      startsInRom,
      program: (running) => runningProgram(flash, chip, model, running, options),
    },
    options,
  );
}

/** Jumper, or jog pressed while it is switched on (devices.md 5.3; the program itself looks at the jog). */
function startsInRom(controls: Controls): boolean {
  return controls.isClosed('BOOT0 to VDD') || controls.isHeld('jog switch');
}

function fillFlash(flash: FlashMemory, layout: NanovnaLayout, program: Uint8Array): void {
  flash.bytes.set(program);
  storeConfig(flash, layout);
  for (const slot of [0, 1]) storeCalibration(flash, layout, slot, sampleCalibration(layout, slot + 1));
}

/** A program for the other chip hangs before it comes to USB (devices.md 0.2, 5.9). */
function runningProgram(
  flash: FlashMemory,
  chip: Chip,
  model: NanovnaModel,
  running: RunningChip,
  { softwareDfu = true, silentShell = false }: NanovnaOptions,
): VirtualUsbDevice | undefined {
  const program = readProgram(flash.bytes.subarray(0, chip.layouts.dislord.codeBytes));
  if (program.model !== undefined && program.model !== model) return undefined;
  const family = program.family ?? 'dislord';
  const info =
    family === 'dislord' ? [`Board: ${boardNameOf(model)}`] : ['Kernel: ChibiOS', 'Platform: STM32F072xB'];
  return serialDevice(
    {
      vendorId: 0x0483,
      productId: 0x5740,
      // Manufacturer and product: devices.md 5.2. The serials are the bench's own.
      texts:
        family === 'dislord'
          ? ['nanovna.com', model, '400']
          : ['STMicroelectronics', 'ChibiOS/RT Virtual COM Port', '400'],
    },
    silentShell
      ? silentProgram
      : (send) =>
          startShell({
            flash,
            layout: chip.layouts[family],
            version: program.version,
            info: [...info, `Version: ${program.version}`, 'Build Time: Nov 21 2026 - 12:00:00'],
            send,
            restart: (into) => running.restart(softwareDfu ? into : 'as the pins say', lastWordsMs),
          }),
  );
}
