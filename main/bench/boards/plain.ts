// Boards with plain DFU: no addresses, blocks in rows (DFU 1.0 and 1.1; dfu.md 1).
import { DfuState, DfuStatus, DfuVersion } from '../../protocols/dfu/constants.ts';
import { newStatistics, type BoardSocket, type BoardSurroundings, type VirtualBoard } from '../board.ts';
import { Controls, type BoardAction } from '../controls.ts';
import {
  configurationDescriptor,
  deviceDescriptor,
  functionalDescriptor,
  interfaceDescriptor,
} from '../descriptor-bytes.ts';
import { DescribedDevice } from '../dfu-device.ts';
import { DfuMachine } from '../dfu-machine.ts';
import type { DfuMemory } from '../machine-options.ts';
import { Presence } from '../presence.ts';
import type { SetupPacket, TransferReply, VirtualUsbDevice } from '../virtual-usb.ts';
import type { Work } from '../work-runner.ts';
import { oldFirmware } from './old-firmware.ts';

/** Switches of the plain boards. */
export interface PlainOptions extends BoardSurroundings {
  readonly manifestationTolerant?: boolean;
  readonly upload?: boolean;
  /** runtime-dfu: leaves by itself after DETACH; otherwise it waits for a bus reset. */
  readonly willDetach?: boolean;
  /** plain-dfu: bInterfaceProtocol; DFU 1.0 says 0, one family sends 1 (devices.md 2.2). */
  readonly protocol?: 0 | 1;
  readonly strictClearStatus?: boolean;
  readonly busy?: 'nak' | 'stall' | 'report';
}

interface PlainModel {
  readonly name: string;
  readonly size: number;
  readonly transferSize: number;
  readonly rowMs: number;
}

/** Rows without addresses: block n is row n; erased as they are written. */
class Rows implements DfuMemory {
  readonly bytes: Uint8Array;
  readonly #model: PlainModel;
  readonly #tolerant: boolean;
  /** False from the first row begun until the whole is manifested: such a program is not started. */
  intact = true;

  constructor(model: PlainModel, tolerant: boolean) {
    this.#model = model;
    this.#tolerant = tolerant;
    this.bytes = new Uint8Array(model.size).fill(0xff);
  }

  download(block: number, data: Uint8Array): Work | number {
    const { transferSize, rowMs } = this.#model;
    if (data.length > transferSize) return DfuStatus.errStalledPacket;
    const offset = block * transferSize;
    if (offset + data.length > this.bytes.length) return DfuStatus.errAddress;
    const copy = data.slice();
    return {
      kind: 'block',
      ms: rowMs,
      pollMs: rowMs,
      finish: () => {
        this.intact = false;
        this.bytes.set(copy, offset);
        return DfuStatus.ok;
      },
      interrupt: () => {
        this.intact = false;
        this.bytes.set(copy.subarray(0, copy.length >> 1), offset);
      },
    };
  }

  upload(block: number, length: number): Uint8Array | number {
    const { transferSize } = this.#model;
    // Strict stacks stall a longer request than they can serve (dfu.md 1.10).
    if (length > transferSize) return DfuStatus.errStalledPacket;
    return this.bytes.slice(block * transferSize, block * transferSize + length);
  }

  manifest(): { ms: number; then: 'idle' | 'wait-reset' } {
    this.intact = true;
    return { ms: 5, then: this.#tolerant ? 'idle' : 'wait-reset' };
  }
}

/** A board whose one interface is DFU 1.0 (16 KB, 64-byte blocks), always in DFU mode. */
export function plainDfu(options: PlainOptions): VirtualBoard {
  const model: PlainModel = { name: 'plain-dfu', size: 16 * 1024, transferSize: 64, rowMs: 2 };
  return new PlainBoard(model, options, options.manifestationTolerant ?? true, 'dfu');
}

/** A program with a DFU runtime interface that detaches into plain DFU 1.1 (32 KB, 256-byte blocks). */
export function runtimeDfu(options: PlainOptions): VirtualBoard {
  const model: PlainModel = { name: 'runtime-dfu', size: 32 * 1024, transferSize: 256, rowMs: 4 };
  return new PlainBoard(model, options, options.manifestationTolerant ?? false, 'program');
}

const restartMs = 300;
const detachTimeoutMs = 1_000;

class PlainBoard implements VirtualBoard {
  readonly name: string;
  readonly statistics = newStatistics();
  readonly controls = [];
  readonly #controls = new Controls([]);
  readonly #model: PlainModel;
  readonly #options: PlainOptions;
  readonly #rows: Rows;
  readonly #tolerant: boolean;
  readonly #starts: 'dfu' | 'program';
  readonly #presence: Presence;
  #machine: DfuMachine | undefined;
  #detachedUntil = Number.NEGATIVE_INFINITY;

  constructor(model: PlainModel, options: PlainOptions, tolerant: boolean, starts: 'dfu' | 'program') {
    this.name = model.name;
    this.#model = model;
    this.#options = options;
    this.#presence = new Presence(options.clock, options.faults);
    this.#tolerant = tolerant;
    this.#starts = starts;
    this.#rows = new Rows(model, tolerant);
    this.#rows.bytes.set(oldFirmware(Math.floor(model.size * 0.7) + 5, 0x20001000, 0x101, 5));
  }

  get flash(): Uint8Array {
    return this.#rows.bytes;
  }

  /** No buttons: every control is unknown to it. */
  act(action: BoardAction): void {
    this.#controls.act(action);
  }

  plugIn(socket: BoardSocket): void {
    this.#presence.plugIn(socket, this.#started());
  }

  unplug(): void {
    this.#powerOff();
    this.#presence.unplug();
  }

  /** What runs after power-on or a reset: the program where there is one, and it is whole (dfu.md 1.5). */
  #started(): VirtualUsbDevice {
    return this.#starts === 'program' && this.#rows.intact ? this.#program() : this.#bootloader();
  }

  #powerOff(): void {
    this.#machine?.powerOff();
    this.#machine = undefined;
  }

  #bootloader(): VirtualUsbDevice {
    const isTen = this.#starts === 'dfu';
    const { upload = true, protocol = 0 } = this.#options;
    const attributes = 0x01 | (upload ? 0x02 : 0) | (this.#tolerant ? 0x04 : 0);
    const machine = this.#newMachine(upload);
    this.#machine = machine;
    const { transferSize } = this.#model;
    return new DescribedDevice({
      deviceDescriptor: isTen
        ? deviceDescriptor({
            bcdUsb: 0x0100,
            deviceClass: 0xfe,
            deviceSubClass: 1,
            vendorId: 0x1209,
            productId: 0x0001,
            bcdDevice: 0x0100,
            strings: [1, 2, 0],
          })
        : deviceDescriptor({ vendorId: 0x1209, productId: 0x0003, bcdDevice: 0x0100, strings: [1, 2, 3] }),
      configurationDescriptor: configurationDescriptor(1, [
        interfaceDescriptor(0, 0, [0xfe, 1, isTen ? protocol : 2], isTen ? 0 : 4),
        isTen
          ? functionalDescriptor(attributes, 0, transferSize, undefined)
          : functionalDescriptor(attributes, detachTimeoutMs, transferSize, DfuVersion.dfu11),
      ]),
      texts: isTen
        ? ['Rekindle', 'Plain DFU board']
        : ['Rekindle', 'Detaching board (DFU)', 'RD0001', 'Firmware'],
      stringManner: this.#options.faults.find('bad-strings')?.how ?? 'proper',
      classRequest: (setup, data, signal) => machine.request(setup, data, signal),
      setAlternate: (number, alternate) => number === 0 && alternate === 0,
      busReset: () => this.#bootloaderReset(machine),
    });
  }

  #newMachine(upload: boolean): DfuMachine {
    const { clock, timeScale, faults, strictClearStatus = false, busy = 'report' } = this.#options;
    const rows = this.#rows;
    return new DfuMachine({
      clock,
      timeScale,
      faults,
      statistics: this.statistics,
      memory: upload
        ? rows
        : {
            download: rows.download.bind(rows),
            manifest: rows.manifest.bind(rows),
            upload: () => DfuStatus.errStalledPacket,
          },
      busy,
      strictClearStatus,
      emptyDownloadInIdle: false,
      leavesOnDownload: false,
      ...(rows.intact ? {} : { initialState: { state: DfuState.error, status: DfuStatus.errFirmware } }),
      leave: () => undefined,
      vanish: (returnAfterMs) => this.#vanish(returnAfterMs),
    });
  }

  #vanish(returnAfterMs: number | undefined): void {
    this.#powerOff();
    this.#presence.pulled(returnAfterMs, (socket) => this.plugIn(socket));
  }

  #detach(): void {
    this.#presence.returnAs(() => this.#bootloader(), restartMs, 'after answering');
  }

  /**
   * A reset ends DFU mode: the program runs if it is whole, otherwise the bootloader says errFIRMWARE (DFU 1.1
   * appendix A.2). plain-dfu has no program on USB: only the end of a manifestation makes it start anew.
   */
  #bootloaderReset(machine: DfuMachine): void {
    const isTen = this.#starts === 'dfu';
    const leaves = machine.state === DfuState.dfuIdle && this.#rows.intact && !isTen;
    if (machine.state === DfuState.manifestWaitReset || leaves) {
      this.#presence.returnAs(() => this.#started(), restartMs, 'after answering');
    } else if (!isTen) machine.restart(DfuState.error, DfuStatus.errFirmware);
  }

  /** A vendor interface, and a DFU runtime one beside it. */
  #program(): VirtualUsbDevice {
    const willDetach = this.#options.willDetach ?? true;
    const attributes = 0x03 | (willDetach ? 0x08 : 0);
    this.#detachedUntil = Number.NEGATIVE_INFINITY;
    return new DescribedDevice({
      deviceDescriptor: deviceDescriptor({
        vendorId: 0x1209,
        productId: 0x0002,
        bcdDevice: 0x0100,
        strings: [1, 2, 3],
      }),
      configurationDescriptor: configurationDescriptor(2, [
        interfaceDescriptor(0, 0, [0xff, 0, 0], 0),
        interfaceDescriptor(1, 0, [0xfe, 1, 1], 0),
        functionalDescriptor(attributes, detachTimeoutMs, this.#model.transferSize, DfuVersion.dfu11),
      ]),
      texts: ['Rekindle', 'Detaching board', 'RD0001'],
      stringManner: 'proper',
      classRequest: (setup) => Promise.resolve(this.#runtimeRequest(setup, willDetach)),
      setAlternate: (number, alternate) => number <= 1 && alternate === 0,
      busReset: () => {
        if (this.#options.clock.now() <= this.#detachedUntil) this.#detach();
      },
    });
  }

  #runtimeRequest(setup: SetupPacket, willDetach: boolean): TransferReply {
    if (setup.index !== 1) return { kind: 'stall' };
    const detached = this.#options.clock.now() <= this.#detachedUntil;
    switch (setup.request) {
      case 0:
        if (willDetach) this.#detach();
        else this.#detachedUntil = this.#options.clock.now() + Math.min(setup.value, detachTimeoutMs);
        return { kind: 'ack' };
      case 3:
        return {
          kind: 'data',
          bytes: Uint8Array.of(0, 0, 0, 0, detached ? DfuState.appDetach : DfuState.appIdle, 0),
        };
      case 5:
        return { kind: 'data', bytes: Uint8Array.of(detached ? DfuState.appDetach : DfuState.appIdle) };
      default:
        return { kind: 'stall' };
    }
  }
}
