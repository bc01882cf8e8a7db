// STM32 ROM bootloaders and the program beside them (AN2606, AN3156; dfu.md 2, devices.md 0.2).
import type { BenchControl } from '../../../shared/bench-action.ts';
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
  functionalDescriptor,
  interfaceDescriptor,
  type StringManner,
} from '../descriptor-bytes.ts';
import { DescribedDevice } from '../dfu-device.ts';
import { DfuMachine } from '../dfu-machine.ts';
import { DfuseMemory, type DfuseRegion } from '../dfuse-memory.ts';
import { Controls, type BoardAction, type ControlModel } from '../controls.ts';
import type { FlashMemory } from '../flash-memory.ts';
import type { HubPower } from '../hub-power.ts';
import { Presence } from '../presence.ts';
import type { VirtualUsbDevice } from '../virtual-usb.ts';

/** What tells one chip and its board from another. */
export interface Stm32Model {
  readonly name: string;
  readonly regions: readonly (DfuseRegion & { readonly map: string })[];
  readonly flash: FlashMemory;
  /** 0483:df11 unless given. */
  readonly romIds?: { readonly vendorId: number; readonly productId: number };
  readonly romTexts: readonly [manufacturer: string, product: string, serial: string];
  /** How the ROM sends its serial, where that is not how it sends the others. */
  readonly serialManner?: StringManner;
  readonly programMsPerByte: number;
  readonly erasePollMs?: number;
  readonly programPollMs?: number;
  /** Whether the chip runs what begins with these two words; where it does not, it hangs or faults at once. */
  readonly runs: (first: number, second: number) => boolean;
  readonly controls: readonly ControlModel[];
  /** At power-on and after a reset: whether the pins send it to the ROM. */
  startsInRom(controls: Controls): boolean;
  /** The program in the flash as it shows itself; undefined where it does not come as far as USB. */
  program(chip: RunningChip): VirtualUsbDevice | undefined;
  /** USB does not power it: pulling the cable takes it off the bus and no more. */
  readonly ownSupply?: boolean;
}

/** What a program on the chip can do to it. */
export interface RunningChip {
  /** Leaves the bus and starts anew, in the ROM or as the pins say; `afterMs` for what is still to be sent. */
  restart(into: 'rom' | 'as the pins say', afterMs: number): void;
}

interface Running {
  readonly mode: 'rom' | 'program';
  readonly device: VirtualUsbDevice | undefined;
}

/** Switches of a board on the bench. */
export interface Stm32Options extends BoardSurroundings {
  readonly busy?: 'nak' | 'stall' | 'report';
  readonly startIn?: 'dfu' | 'app';
  readonly readProtected?: boolean;
  readonly strictClearStatus?: boolean;
  readonly uploadByRequestLength?: boolean;
  readonly leavesOnDownload?: boolean;
  /** What it draws its power from, where that is not enough for everybody. */
  readonly hub?: HubPower;
}

const stIds = { vendorId: 0x0483, productId: 0xdf11 } as const;
const serialIndex = 3;
const transferSize = 2048;
/** Levels in the option bytes; every other value is level 1 (dfu.md 2.7). */
const ReadProtection = { none: 0xaa, forEver: 0xcc } as const;
/** Off the bus, start-up code, enumeration: about this long, ms (devices.md 5.8: "CDC in ~2 s" at most). */
const restartMs = 500;

/** What a Cortex-M starts: a stack pointer in its RAM, and an odd reset vector in its flash. */
export function vectorTable(
  flash: FlashMemory,
  sram: { readonly start: number; readonly end: number },
): Stm32Model['runs'] {
  return (stack, reset) =>
    stack > sram.start && stack <= sram.end && (reset & 1) === 1 && flash.contains(reset - 1);
}

/** One board with an STM32 on it, or a chip with a ROM like it. */
export class Stm32Board implements VirtualBoard {
  readonly name: string;
  readonly statistics: BoardStatistics = newStatistics();
  readonly #model: Stm32Model;
  readonly #options: Stm32Options;
  readonly #presence: Presence;
  readonly #controls: Controls;
  #plugged = false;
  /** What runs and is shown; undefined without power, during a restart, and where nothing comes to USB. */
  #running: Running | undefined;
  /** Where a restart that is under way goes. */
  #next: (() => Running) | undefined;
  #machine: DfuMachine | undefined;
  #protected: boolean;
  #jumpTo = 0x08000000;

  constructor(model: Stm32Model, options: Stm32Options) {
    this.name = model.name;
    this.#model = model;
    this.#options = options;
    this.#presence = new Presence(options.clock, options.faults);
    this.#controls = new Controls(model.controls);
    this.#protected = options.readProtected === true || options.faults.find('read-protected') !== undefined;
  }

  get flash(): Uint8Array {
    return this.#model.flash.bytes;
  }

  get controls(): readonly BenchControl[] {
    return this.#controls.list;
  }

  plugIn(socket: BoardSocket): void {
    this.#plugged = true;
    const isAwake = this.#model.ownSupply === true && this.#running !== undefined;
    if (!isAwake && this.#controls.powerOn) this.#running = this.#next?.() ?? this.#start();
    if (isAwake) this.#running?.device?.busReset();
    this.#presence.plugIn(socket, this.#running?.device);
  }

  unplug(): void {
    this.#plugged = false;
    if (this.#model.ownSupply !== true) this.#powerOff();
    this.#presence.unplug();
  }

  act(action: BoardAction): void {
    const before = this.#controls.powerOn;
    this.#controls.act(action);
    const now = this.#controls.powerOn;
    if (action.act === 'choose') {
      // A menu is there while its program runs.
      if (this.#running?.mode === 'program') this.#restart('rom', 0);
    } else if (before && !now) {
      this.#powerOff();
      this.#presence.show(undefined);
    } else if (!before && now && (this.#plugged || this.#model.ownSupply === true)) {
      this.#running = this.#start();
      this.#presence.show(this.#running.device);
    }
  }

  #powerOff(): void {
    this.#machine?.powerOff();
    this.#machine = undefined;
    this.#running = undefined;
    this.#next = undefined;
  }

  /** Power-on or reset: the pins decide. */
  #start(): Running {
    this.#next = undefined;
    this.#jumpTo = this.#model.flash.start;
    return this.#model.startsInRom(this.#controls) ? this.#inRom() : this.#inProgram();
  }

  #inRom(): Running {
    this.#next = undefined;
    return { mode: 'rom', device: this.#bootloader() };
  }

  #inProgram(): Running {
    this.#next = undefined;
    this.#machine = undefined;
    const chip = {
      restart: (into: 'rom' | 'as the pins say', afterMs: number) => this.#restart(into, afterMs),
    };
    return { mode: 'program', device: this.#hasProgram() ? this.#model.program(chip) : undefined };
  }

  #restart(into: 'rom' | 'as the pins say', afterMs: number): void {
    this.#goTo(() => (into === 'rom' ? this.#inRom() : this.#start()), afterMs);
  }

  /** Where a leave goes. What jumps into nonsense is reset by the bench, and then the pins decide again. */
  #leave(when: 'at once' | 'after answering'): void {
    this.#goTo(() => (this.#hasProgram() ? this.#inProgram() : this.#start()), when);
  }

  #goTo(next: () => Running, when: 'at once' | 'after answering' | number): void {
    this.#running = undefined;
    this.#next = next;
    this.#presence.returnAs(
      () => {
        this.#running = next();
        return this.#running.device;
      },
      restartMs,
      when,
    );
  }

  #vanish(returnAfterMs: number | undefined): void {
    this.#plugged = false;
    if (this.#model.ownSupply !== true) this.#powerOff();
    this.#presence.pulled(returnAfterMs, (socket) => this.plugIn(socket));
  }

  /** By trying it, as the hardware does. */
  #hasProgram(): boolean {
    const { flash, runs } = this.#model;
    const offset = this.#jumpTo - flash.start;
    if (!flash.contains(this.#jumpTo, 8)) return false;
    const word = (at: number): number => new DataView(flash.bytes.buffer).getUint32(offset + at, true);
    return runs(word(0), word(4));
  }

  #bootloader(): VirtualUsbDevice {
    const { regions, romIds = stIds, romTexts, serialManner } = this.#model;
    const memory = this.#memory();
    const machine = this.#newMachine(memory);
    this.#machine = machine;
    return new DescribedDevice({
      deviceDescriptor: deviceDescriptor({
        bcdUsb: 0x0100,
        ...romIds,
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
      ...(serialManner === undefined ? {} : { otherManners: { [serialIndex]: serialManner } }),
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
        this.#restart('as the pins say', 0);
      },
      restart: (protection) => {
        if (protection !== ReadProtection.forEver) this.#protected = protection !== ReadProtection.none;
        this.#restart('as the pins say', 0);
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
      hub,
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
      erases: (ms) => hub?.draw(ms, () => this.#vanish(restartMs)) ?? true,
    });
  }
}
