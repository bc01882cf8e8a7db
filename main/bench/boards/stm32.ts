// STM32 ROM bootloaders and the program beside them (AN2606, AN3156; dfu.md 2, devices.md 0.2).
import { DfuState, DfuStatus, DfuVersion } from '../../protocols/dfu/constants.ts';
import {
  newStatistics,
  type BoardSocket,
  type BoardStatistics,
  type BoardSurroundings,
  type VirtualBoard,
} from '../board.ts';
import {
  configurationDescriptor,
  deviceDescriptor,
  endpointDescriptor,
  functionalDescriptor,
  interfaceDescriptor,
} from '../descriptor-bytes.ts';
import { DescribedDevice } from '../dfu-device.ts';
import { DfuMachine } from '../dfu-machine.ts';
import { DfuseMemory, type DfuseRegion } from '../dfuse-memory.ts';
import type { FlashMemory } from '../flash-memory.ts';
import { Presence } from '../presence.ts';
import type { VirtualUsbDevice } from '../virtual-usb.ts';

/** What tells one chip and its board from another. */
export interface Stm32Model {
  readonly name: string;
  readonly regions: readonly (DfuseRegion & { readonly map: string })[];
  readonly flash: FlashMemory;
  readonly romTexts: readonly [manufacturer: string, product: string, serial: string];
  readonly appTexts: readonly [manufacturer: string, product: string, serial: string];
  readonly programMsPerByte: number;
  readonly erasePollMs?: number;
  readonly programPollMs?: number;
  /** Stack and flash, for judging a vector table as the hardware does: by trying it. */
  readonly sram: { readonly start: number; readonly end: number };
}

/** Switches of a board on the bench. */
export interface Stm32Options extends BoardSurroundings {
  readonly busy?: 'nak' | 'stall' | 'report';
  readonly startIn?: 'dfu' | 'app';
  readonly readProtected?: boolean;
  readonly strictClearStatus?: boolean;
  readonly uploadByRequestLength?: boolean;
  readonly leavesOnDownload?: boolean;
}

const transferSize = 2048;
/** Levels in the option bytes; every other value is level 1 (dfu.md 2.7). */
const ReadProtection = { none: 0xaa, forEver: 0xcc } as const;
/** Off the bus, start-up code, enumeration: about this long, ms (devices.md 5.8: "CDC in ~2 s" at most). */
const restartMs = 500;
/** One board with an STM32 on it. */
export class Stm32Board implements VirtualBoard {
  readonly name: string;
  readonly statistics: BoardStatistics = newStatistics();
  readonly #model: Stm32Model;
  readonly #options: Stm32Options;
  readonly #presence: Presence;
  #machine: DfuMachine | undefined;
  #protected: boolean;
  #jumpTo = 0x08000000;

  constructor(model: Stm32Model, options: Stm32Options) {
    this.name = model.name;
    this.#model = model;
    this.#options = options;
    this.#presence = new Presence(options.clock, options.faults);
    this.#protected = options.readProtected === true || options.faults.find('read-protected') !== undefined;
  }

  get flash(): Uint8Array {
    return this.#model.flash.bytes;
  }

  plugIn(socket: BoardSocket): void {
    this.#jumpTo = this.#model.flash.start;
    this.#presence.plugIn(
      socket,
      this.#options.startIn === 'app' && this.#hasProgram() ? this.#application() : this.#bootloader(),
    );
  }

  unplug(): void {
    this.#powerOff();
    this.#presence.unplug();
  }

  #powerOff(): void {
    this.#machine?.powerOff();
    this.#machine = undefined;
  }

  /** The chip resets by itself, still with BOOT0 held. */
  #restart(): void {
    this.#presence.returnAs(() => this.#bootloader(), restartMs, 'at once');
  }

  /** Comes back as whatever the flash says. */
  #leave(when: 'at once' | 'after answering'): void {
    const next = (): VirtualUsbDevice => (this.#hasProgram() ? this.#application() : this.#bootloader());
    this.#presence.returnAs(next, restartMs, when);
  }

  #vanish(returnAfterMs: number | undefined): void {
    this.#powerOff();
    this.#presence.pulled(returnAfterMs, (socket) => this.plugIn(socket));
  }

  /** A stack pointer in RAM and an odd reset vector in flash: anything else hangs or faults at once. */
  #hasProgram(): boolean {
    const { flash, sram } = this.#model;
    const offset = this.#jumpTo - flash.start;
    if (!flash.contains(this.#jumpTo, 8)) return false;
    const word = (at: number): number => new DataView(flash.bytes.buffer).getUint32(offset + at, true);
    const [stack, reset] = [word(0), word(4)];
    return stack > sram.start && stack <= sram.end && (reset & 1) === 1 && flash.contains(reset - 1);
  }

  #application(): VirtualUsbDevice {
    return new DescribedDevice({
      deviceDescriptor: deviceDescriptor({
        deviceClass: 2,
        vendorId: 0x0483,
        productId: 0x5740,
        bcdDevice: 0x0200,
        strings: [1, 2, 3],
      }),
      configurationDescriptor: configurationDescriptor(2, [
        interfaceDescriptor(0, 0, [2, 2, 1], 0, 1),
        [5, 0x24, 0, 0x10, 1, 4, 0x24, 2, 2, 5, 0x24, 6, 0, 1, 5, 0x24, 1, 3, 1],
        endpointDescriptor(0x82, 3, 8, 255),
        interfaceDescriptor(1, 0, [10, 0, 0], 0, 2),
        endpointDescriptor(0x01, 2, 64, 0),
        endpointDescriptor(0x81, 2, 64, 0),
      ]),
      texts: this.#model.appTexts,
      stringManner: 'proper',
      classRequest: () => Promise.resolve({ kind: 'ack' }),
      setAlternate: (number, alternate) => number <= 1 && alternate === 0,
    });
  }

  #bootloader(): VirtualUsbDevice {
    const { regions, romTexts } = this.#model;
    const memory = this.#memory();
    const machine = this.#newMachine(memory);
    this.#machine = machine;
    return new DescribedDevice({
      deviceDescriptor: deviceDescriptor({
        bcdUsb: 0x0100,
        vendorId: 0x0483,
        productId: 0xdf11,
        bcdDevice: 0x2200,
        strings: [1, 2, 3],
      }),
      configurationDescriptor: configurationDescriptor(1, [
        ...regions.map((_, index) => interfaceDescriptor(0, index, [0xfe, 1, 2], 4 + index)),
        // After the last alternate only, as the ROM sends it.
        functionalDescriptor(0x0b, 255, transferSize, DfuVersion.dfuse),
      ]),
      texts: [...romTexts, ...regions.map((region) => region.map)],
      stringManner: this.#options.faults.find('bad-strings')?.how ?? 'proper',
      classRequest: (setup, data, signal) => machine.request(setup, data, signal),
      setAlternate: (number, alternate) => number === 0 && memory.select(alternate),
      // Which alternate is set does not survive a reset (USB 2.0 section 9.1.1.5); hosts set it again.
      busReset: () => void memory.select(0),
    });
  }

  #memory(): DfuseMemory {
    const { regions, programMsPerByte, erasePollMs, programPollMs, flash } = this.#model;
    return new DfuseMemory({
      regions,
      transferSize,
      statistics: this.statistics,
      faults: this.#options.faults,
      programMsPerByte,
      ...(erasePollMs === undefined ? {} : { erasePollMs }),
      ...(programPollMs === undefined ? {} : { programPollMs }),
      uploadByRequestLength: this.#options.uploadByRequestLength === true,
      isProtected: () => this.#protected,
      unprotect: () => {
        flash.erase(0, flash.bytes.length);
        for (const { kind, memory, protectionOffset = 0 } of regions)
          if (kind === 'option-bytes') memory.bytes[protectionOffset] = ReadProtection.none;
        this.#protected = false;
        this.#restart();
      },
      restart: (protection) => {
        if (protection !== ReadProtection.forEver) this.#protected = protection !== ReadProtection.none;
        this.#restart();
      },
      jump: (address) => (this.#jumpTo = address),
    });
  }

  #newMachine(memory: DfuseMemory): DfuMachine {
    const {
      clock,
      timeScale,
      faults,
      busy = 'nak',
      strictClearStatus = false,
      leavesOnDownload = false,
    } = this.#options;
    return new DfuMachine({
      clock,
      timeScale,
      faults,
      statistics: this.statistics,
      memory,
      busy,
      strictClearStatus,
      leavesOnDownload,
      emptyDownloadInIdle: true,
      // Normal at first contact with this ROM (devices.md 5.2).
      initialState: { state: DfuState.error, status: DfuStatus.errFirmware },
      leave: (when) => this.#leave(when),
      vanish: (returnAfterMs) => this.#vanish(returnAfterMs),
    });
  }
}
