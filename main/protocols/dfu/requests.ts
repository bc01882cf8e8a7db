// One method per DFU class request, and nothing more: no policy, no state (DFU 1.1 section 3; dfu.md 1.4).
import { viewOf } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { shrink, type Wait } from '../../base/wait.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { ControlSetup, UsbDevice } from '../../transports/usb/usb-device.ts';
import { DfuRequest, DfuStatus, isDfuState, type DfuState } from './constants.ts';

/** The six bytes of GETSTATUS. */
export interface StatusReport {
  readonly status: number;
  /** How long the device asks not to be polled, ms. A hint (dfu.md 0, rule 6). */
  readonly pollTimeoutMs: number;
  /** The state after this request. */
  readonly state: DfuState;
  /** String descriptor with the vendor's words for the status; 0 for none. */
  readonly textIndex: number;
}

/**
 * Ceilings for one request, ms. GETSTATUS is NAKed for a whole sector erase by some ROMs, so it gets
 * 35 s (dfu.md 0 rule 5, 2.11); the rest is answered at once by everything known.
 */
export const requestLimitMs = { ordinary: 5_000, status: 35_000 } as const;

/** The DFU interface of an opened, claimed device. */
export class DfuRequests {
  readonly #device: UsbDevice;
  readonly #interfaceNumber: number;
  readonly #clock: Clock;
  /** How often each request was sent: for the result record and the speed figures. */
  readonly sent: Record<keyof typeof DfuRequest, number> = {
    detach: 0,
    download: 0,
    upload: 0,
    getStatus: 0,
    clearStatus: 0,
    getState: 0,
    abort: 0,
  };

  constructor(device: UsbDevice, interfaceNumber: number, clock: Clock) {
    this.#device = device;
    this.#interfaceNumber = interfaceNumber;
    this.#clock = clock;
  }

  /** Asks a running program to go to DFU mode. `timeoutMs` is how long it should wait for a reset. */
  detach(timeoutMs: number, wait: Wait, forceBit = false): Promise<void> {
    return this.#out('detach', timeoutMs, new Uint8Array(), wait, forceBit ? 0x100 : 0);
  }

  /** Sends one block; an empty one ends the transfer (or, in DfuSe, leaves). */
  download(block: number, data: Uint8Array, wait: Wait): Promise<void> {
    return this.#out('download', block & 0xffff, data, wait);
  }

  /** Reads one block of at most `length` bytes; a shorter one is the last. */
  upload(block: number, length: number, wait: Wait): Promise<Uint8Array> {
    return this.#in('upload', block & 0xffff, length, requestLimitMs.ordinary, wait);
  }

  /**
   * @throws FlashError `dfu.bad-answer` on anything but six bytes with a state the standard knows;
   * `usb.*` as the transport does, `usb.stall` among them: some stacks stall while busy (dfu.md 2.11)
   */
  async getStatus(wait: Wait): Promise<StatusReport> {
    const bytes = await this.#in('getStatus', 0, 6, requestLimitMs.status, wait);
    if (bytes.length !== 6) {
      throw new FlashError('dfu.bad-answer', { doing: 'GETSTATUS', detail: `${bytes.length} of 6 bytes` });
    }
    const view = viewOf(bytes);
    const state = view.getUint8(4);
    if (!isDfuState(state)) {
      throw new FlashError('dfu.bad-answer', { doing: 'GETSTATUS', detail: `state ${state}` });
    }
    const status = view.getUint8(0);
    if (status > DfuStatus.errStalledPacket) {
      throw new FlashError('dfu.bad-answer', { doing: 'GETSTATUS', detail: `status ${status}` });
    }
    return {
      status,
      pollTimeoutMs: view.getUint16(1, true) + view.getUint8(3) * 0x10000,
      state,
      textIndex: view.getUint8(5),
    };
  }

  clearStatus(wait: Wait): Promise<void> {
    return this.#out('clearStatus', 0, new Uint8Array(), wait);
  }

  /** @throws FlashError `dfu.bad-answer` on anything but one byte with a known state */
  async getState(wait: Wait): Promise<DfuState> {
    const bytes = await this.#in('getState', 0, 1, requestLimitMs.ordinary, wait);
    const state = bytes[0];
    if (bytes.length !== 1 || state === undefined || !isDfuState(state)) {
      throw new FlashError('dfu.bad-answer', { doing: 'GETSTATE', detail: `${bytes.length} bytes` });
    }
    return state;
  }

  /** OUT, as the standard says; sent the other way it knocks some ROMs out of step (devices.md 3.7). */
  abort(wait: Wait): Promise<void> {
    return this.#out('abort', 0, new Uint8Array(), wait);
  }

  #setup(name: keyof typeof DfuRequest, value: number, indexBits = 0): ControlSetup {
    this.sent[name]++;
    const index = this.#interfaceNumber | indexBits;
    return { type: 'class', recipient: 'interface', request: DfuRequest[name], value, index };
  }

  #out(
    name: keyof typeof DfuRequest,
    value: number,
    data: Uint8Array,
    wait: Wait,
    indexBits = 0,
  ): Promise<void> {
    const limited = shrink(wait, this.#clock, requestLimitMs.ordinary);
    return this.#device.controlOut(this.#setup(name, value, indexBits), data, limited);
  }

  #in(
    name: keyof typeof DfuRequest,
    value: number,
    length: number,
    limitMs: number,
    wait: Wait,
  ): Promise<Uint8Array> {
    return this.#device.controlIn(this.#setup(name, value), length, shrink(wait, this.#clock, limitMs));
  }
}
