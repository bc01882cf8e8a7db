// The DFU 1.0 bootloader of a PIC16F145x (devices.md 2.2, 2.4): two states, no errors, a row a block. Requests that the
// facts leave out behave as in the source of the bootloader it descends from (majbthrd, PIC16F1-USB-DFU-Bootloader).
import { isFilledWith } from '../base/bytes.ts';
import { sleep, type Clock } from '../base/clock.ts';
import { DfuRequest, DfuState, DfuStatus } from '../protocols/dfu/constants.ts';
import type { BoardStatistics } from './board.ts';
import type { FaultScript } from './faults.ts';
import { bendUpload, pulledDuring } from './misfortunes.ts';
import type { SetupPacket, TransferReply } from './virtual-usb.ts';

export const pic16 = {
  rowBytes: 64,
  rows: 256,
  /** Words 0x0000 to 0x01ff: the bootloader, write-protected by the hardware. */
  protectedRows: 16,
  firstWord: 0x200,
  /** Holds the CRC-14 of all words from `firstWord` up to it. */
  crcWord: 0x1f7f,
} as const;

/** How reading is answered: as the source has it, refused, or with zeros where code protection hides the flash. */
export type Pic16Upload = 'allowed' | 'refused' | 'blank';

/**
 * What the closing request does: it is answered, the board is gone before (devices.md 2.8), or it is refused by a board that
 * stays. Which of the last two a real board does, nobody has recorded.
 */
export type Pic16Closing = 'answered' | 'gone' | 'refused';

export interface Pic16Options {
  readonly clock: Clock;
  readonly timeScale: number;
  readonly faults: FaultScript;
  readonly statistics: BoardStatistics;
  readonly flash: Uint8Array;
  readonly upload: Pic16Upload;
  readonly closing: Pic16Closing;
  /** A block was taken. */
  readonly onBlock: () => void;
  readonly onClosed: () => void;
  vanish(returnAfterMs: number | undefined): void;
}

const stalled: TransferReply = { kind: 'stall' };
const acknowledged: TransferReply = { kind: 'ack' };
/** "A full 256-row transfer takes a few seconds" (devices.md 2.6): erase and write of one row, ms, unverified. */
const rowMs = 10;

/** The bootloader while it is on the bus. */
export class Pic16Dfu {
  readonly #options: Pic16Options;
  #downloading = false;
  #off = false;
  #busyUntil = 0;
  /** The row at work, written when its time is over. */
  #work: { readonly row: number; readonly data: Uint8Array } | undefined;
  #requests = 0;
  readonly #counts = new Map<number, number>();

  constructor(options: Pic16Options) {
    this.#options = options;
  }

  /** What was being written is half-written. */
  powerOff(): void {
    this.#off = true;
    const { clock } = this.#options;
    const work = this.#work;
    this.#work = undefined;
    if (work !== undefined)
      this.#program(work.row, clock.now() >= this.#busyUntil ? work.data : work.data.subarray(0, 32));
  }

  async request(setup: SetupPacket, data: Uint8Array, signal: AbortSignal): Promise<TransferReply> {
    const { faults, clock } = this.#options;
    if ((setup.requestType & 0x7f) !== 0x21) return stalled;
    const nth = this.#counts.get(setup.request) ?? 0;
    this.#counts.set(setup.request, nth + 1);
    const total = this.#requests++;
    const pulled = faults.strike('vanish', ({ at }) => at.what === 'request' && at.index === total);
    if (pulled !== undefined) return this.#pull(pulled.returnAfterMs);
    if (faults.strike('nak', (fault) => fault.request === setup.request && fault.index === nth) !== undefined)
      return await sleepUntil(signal);
    // The processor writes a row after it acknowledged it, and serves nothing meanwhile.
    const leftMs = this.#busyUntil - clock.now();
    if (leftMs > 0) {
      try {
        await sleep(clock, leftMs, signal);
      } catch {
        return { kind: 'gone' };
      }
    }
    this.#finishRow();
    if (this.#off) return { kind: 'gone' };
    return this.#answer(setup, data, nth);
  }

  #answer(setup: SetupPacket, data: Uint8Array, nth: number): TransferReply {
    const { statistics } = this.#options;
    const state = this.#downloading ? DfuState.downloadIdle : DfuState.dfuIdle;
    switch (setup.request) {
      case DfuRequest.download:
        statistics.download++;
        return data.length === 0 ? this.#close() : this.#download(setup.value, data);
      case DfuRequest.upload:
        statistics.upload++;
        return this.#upload(setup.value, setup.length, nth);
      case DfuRequest.getStatus:
        statistics.getStatus++;
        return { kind: 'data', bytes: Uint8Array.of(DfuStatus.ok, 0, 0, 0, state, 0) };
      case DfuRequest.getState:
        return { kind: 'data', bytes: Uint8Array.of(state) };
      case DfuRequest.detach:
      case DfuRequest.clearStatus:
      case DfuRequest.abort:
        return acknowledged;
      default:
        return stalled;
    }
  }

  #download(block: number, data: Uint8Array): TransferReply {
    const { statistics, faults, timeScale, clock, onBlock } = this.#options;
    if (data.length > pic16.rowBytes) return stalled;
    const index = statistics.blocks++;
    statistics.dataBytes += data.length;
    this.#downloading = true;
    if (faults.strike('stall-download', (fault) => fault.block === index) !== undefined) return stalled;
    const ms = rowMs * timeScale;
    statistics.busyMs += ms;
    this.#busyUntil = clock.now() + ms;
    if (faults.strike('drop-write', (fault) => fault.block === index) === undefined)
      this.#begin({ row: block, data: data.slice() }, ms);
    const work = { kind: 'block', ms, pollMs: 0, finish: () => DfuStatus.ok } as const;
    const pulled = pulledDuring(work, faults, statistics);
    if (pulled !== undefined) return this.#pull(pulled.returnAfterMs);
    onBlock();
    return acknowledged;
  }

  #begin(work: { readonly row: number; readonly data: Uint8Array }, ms: number): void {
    this.#work = work;
    if (ms === 0) this.#finishRow();
    else
      this.#options.clock.after(ms, () => {
        if (this.#work === work) this.#finishRow();
      });
  }

  #finishRow(): void {
    const work = this.#work;
    this.#work = undefined;
    if (work !== undefined) this.#program(work.row, work.data);
  }

  /** 14 bits a word; the bootloader's own rows, and those there are not, are taken and ignored. */
  #program(row: number, data: Uint8Array): void {
    if (row < pic16.protectedRows || row >= pic16.rows) return;
    const { flash } = this.#options;
    const start = row * pic16.rowBytes;
    for (const [at, byte] of data.entries()) flash[start + at] = at % 2 === 1 ? byte & 0x3f : byte;
  }

  #close(): TransferReply {
    const { faults, closing, onClosed } = this.#options;
    const pulled = faults.strike('vanish', ({ at }) => at.what === 'manifest');
    if (pulled !== undefined) return this.#pull(pulled.returnAfterMs);
    this.#downloading = false;
    if (closing === 'refused') return stalled;
    onClosed();
    return closing === 'gone' ? { kind: 'gone' } : acknowledged;
  }

  #upload(block: number, length: number, nth: number): TransferReply {
    const { flash, faults, upload } = this.#options;
    const pulled = faults.strike('vanish', ({ at }) => at.what === 'upload' && at.index === nth);
    if (pulled !== undefined) return this.#pull(pulled.returnAfterMs);
    if (upload === 'refused') return stalled;
    if (block >= pic16.rows) return { kind: 'data', bytes: new Uint8Array() };
    const start = block * pic16.rowBytes;
    const row = flash.slice(start, start + Math.min(length, pic16.rowBytes));
    return { kind: 'data', bytes: bendUpload(upload === 'blank' ? row.fill(0) : row, faults, nth) };
  }

  #pull(returnAfterMs: number | undefined): TransferReply {
    this.#options.vanish(returnAfterMs);
    return { kind: 'gone' };
  }
}

/**
 * Whether the bootloader starts the application: its CRC-14 fits. The facts (devices.md 2.4) leave out where the sum
 * starts; the tool that makes files for this bootloader starts at 0 (454hex2dfu.c of the same project).
 */
export function isPic16Valid(flash: Uint8Array): boolean {
  const application = flash.subarray(pic16.firstWord * 2, pic16.crcWord * 2);
  // All zeros have the sum 0, and are no application; the bench's own rule.
  return !isFilledWith(application, 0) && wordAt(flash, pic16.crcWord) === pic16Crc(flash);
}

/** CRC-14: reflected, 0x23B1, 16 shifts for each word. */
export function pic16Crc(flash: Uint8Array): number {
  let crc = 0;
  for (let word: number = pic16.firstWord; word < pic16.crcWord; word++) {
    let bits = wordAt(flash, word);
    for (let shift = 0; shift < 16; shift++) {
      const out = (bits ^ crc) & 1;
      crc = (crc >> 1) ^ (out === 1 ? 0x23b1 : 0);
      bits >>= 1;
    }
  }
  return crc;
}

function wordAt(flash: Uint8Array, word: number): number {
  return (flash[2 * word] ?? 0) | ((flash[2 * word + 1] ?? 0) << 8);
}

/** A NAK without end. */
function sleepUntil(signal: AbortSignal): Promise<TransferReply> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve({ kind: 'gone' });
    signal.addEventListener('abort', () => resolve({ kind: 'gone' }), { once: true });
  });
}
