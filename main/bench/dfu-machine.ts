// The DFU state machine as devices run it (DFU 1.1 appendix A.2; dfu.md 1.5, 2 "Execution model"). What a block
// means is the memory's business: plain DFU and DfuSe differ only there.
import { sleep, type Clock } from '../base/clock.ts';
import { DfuRequest, DfuState, DfuStatus } from '../protocols/dfu/constants.ts';
import type { BoardStatistics } from './board.ts';
import type { FaultScript } from './faults.ts';
import type { SetupPacket, TransferReply } from './virtual-usb.ts';

/** Work that takes time; `finish` changes the memory and may refuse with a status. */
export interface Work {
  readonly kind: 'block' | 'erase' | 'address' | 'other';
  readonly ms: number;
  /** bwPollTimeout the device announces for it. */
  readonly pollMs: number;
  finish(): number;
  /** Power fails half-way. */
  interrupt?(): void;
}

/** What stands behind the machine. */
export interface DfuMemory {
  /** A DNLOAD with data: work to do, or a status that refuses it at once. */
  download(block: number, data: Uint8Array): Work | number;
  /** An UPLOAD: bytes (short at the end), or a status that refuses it. */
  upload(block: number, length: number): Uint8Array | number;
  /** The closing DNLOAD. */
  manifest(): { readonly ms: number; readonly then: 'idle' | 'leave' | 'wait-reset' } | number;
}

export interface MachineOptions {
  readonly clock: Clock;
  readonly timeScale: number;
  readonly faults: FaultScript;
  readonly statistics: BoardStatistics;
  readonly memory: DfuMemory;
  /** How it answers while the flash works: holds the answer, stalls, or says dfuDNBUSY. */
  readonly busy: 'nak' | 'stall' | 'report';
  /** DfuSe takes an empty DNLOAD in dfuIDLE as "leave"; plain DFU stalls it (dfu.md 1.5). */
  readonly emptyDownloadInIdle: boolean;
  /** CLRSTATUS outside dfuERROR is an error (dfu.md 1.11). */
  readonly strictClearStatus: boolean;
  /** Leaves on the closing DNLOAD, before any GETSTATUS (GD32, dfu.md 1.11). */
  readonly leavesOnDownload: boolean;
  readonly initialState?: { readonly state: DfuState; readonly status: number };
  /** The device goes: to its program, or because power is gone. */
  readonly leave: () => void;
  /** Pulled by a fault. */
  vanish(returnAfterMs: number | undefined): void;
}

const stalled: TransferReply = { kind: 'stall' };
const acknowledged: TransferReply = { kind: 'ack' };

/** One DFU interface in DFU mode. */
export class DfuMachine {
  readonly #options: MachineOptions;
  #state: DfuState;
  #status: number;
  #work: Work | undefined;
  #started = false;
  #busyUntil = 0;
  #statusCount = 0;
  #blockStatusCount = 0;
  #requestCount = 0;
  #requestCounts = new Map<number, number>();

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#state = options.initialState?.state ?? DfuState.dfuIdle;
    this.#status = options.initialState?.status ?? DfuStatus.ok;
  }

  get state(): DfuState {
    return this.#state;
  }

  /** Power is gone: what was being written is half-written. */
  powerOff(): void {
    if (this.#started) this.#work?.interrupt?.();
    this.#work = undefined;
    this.#started = false;
  }

  /** A class request to this interface. */
  async request(setup: SetupPacket, data: Uint8Array, signal: AbortSignal): Promise<TransferReply> {
    const { faults } = this.#options;
    const nth = this.#requestCounts.get(setup.request) ?? 0;
    this.#requestCounts.set(setup.request, nth + 1);
    const total = this.#requestCount++;
    const pulled = faults.strike('vanish', ({ at }) => at.what === 'request' && at.index === total);
    if (pulled !== undefined) return this.#pull(pulled.returnAfterMs);
    if (faults.strike('nak', (fault) => fault.request === setup.request && fault.index === nth) !== undefined)
      return await forever(signal);
    if (this.#state === DfuState.downloadBusy && setup.request !== DfuRequest.getStatus) {
      const held = await this.#whileBusy(signal);
      if (held !== 'done') return held.kind === 'data' ? this.#refuse(DfuStatus.errStalledPacket) : held;
    }
    switch (setup.request) {
      case DfuRequest.download:
        return this.#download(setup.value, data);
      case DfuRequest.upload:
        return this.#upload(setup.value, setup.length, nth);
      case DfuRequest.getStatus:
        return await this.#getStatus(signal);
      case DfuRequest.getState:
        return { kind: 'data', bytes: Uint8Array.of(this.#state) };
      case DfuRequest.clearStatus:
        return this.#clearStatus();
      case DfuRequest.abort:
        return this.#abort();
      default:
        return this.#refuse(DfuStatus.errStalledPacket);
    }
  }

  #refuse(status: number): TransferReply {
    this.#state = DfuState.error;
    this.#status = status;
    return stalled;
  }

  #pull(returnAfterMs: number | undefined): TransferReply {
    this.#options.vanish(returnAfterMs);
    return { kind: 'gone' };
  }

  #download(block: number, data: Uint8Array): TransferReply {
    const { faults, statistics, memory, emptyDownloadInIdle } = this.#options;
    statistics.download++;
    if (this.#state !== DfuState.dfuIdle && this.#state !== DfuState.downloadIdle)
      return this.#refuse(DfuStatus.errStalledPacket);
    if (data.length === 0) {
      if (this.#state === DfuState.dfuIdle && !emptyDownloadInIdle)
        return this.#refuse(DfuStatus.errStalledPacket);
      return this.#close();
    }
    const work = memory.download(block, data);
    if (typeof work === 'number') return this.#refuse(work);
    const index = statistics.blocks;
    if (work.kind === 'block') {
      statistics.blocks++;
      if (faults.strike('stall-download', (fault) => fault.block === index) !== undefined)
        return this.#refuse(DfuStatus.errStalledPacket);
    }
    this.#work = this.#bent(work, index);
    this.#started = false;
    this.#blockStatusCount = 0;
    this.#state = DfuState.downloadSync;
    return acknowledged;
  }

  /** The work as the faults would have it. */
  #bent(work: Work, blockIndex: number): Work {
    const { faults, statistics } = this.#options;
    const isBlock = work.kind === 'block';
    const isErase = work.kind === 'erase';
    const index = isBlock ? blockIndex : statistics.erases;
    const here = (at: string): boolean => (at === 'block' && isBlock) || (at === 'erase' && isErase);
    if (faults.strike('stuck-busy', (fault) => here(fault.at) && fault.index === index) !== undefined)
      return { ...work, ms: Number.POSITIVE_INFINITY, finish: () => work.finish() };
    const refused = faults.strike('status', (fault) => here(fault.at) && fault.index === index);
    if (refused !== undefined) return { ...work, finish: () => refused.code };
    if (isBlock && faults.strike('drop-write', (fault) => fault.block === index) !== undefined)
      return { ...work, finish: () => DfuStatus.ok };
    return work;
  }

  #close(): TransferReply {
    const { faults, memory, leavesOnDownload, leave } = this.#options;
    const pulled = faults.strike('vanish', ({ at }) => at.what === 'manifest');
    if (pulled !== undefined) return this.#pull(pulled.returnAfterMs);
    const refused = faults.strike('status', (fault) => fault.at === 'manifest');
    if (refused !== undefined) return this.#refuse(refused.code);
    this.#state = DfuState.manifestSync;
    if (leavesOnDownload && typeof memory.manifest() !== 'number') {
      leave();
      return { kind: 'gone' };
    }
    return acknowledged;
  }

  #upload(block: number, length: number, nth: number): TransferReply {
    const { faults, statistics, memory } = this.#options;
    statistics.upload++;
    if (this.#state !== DfuState.dfuIdle && this.#state !== DfuState.uploadIdle)
      return this.#refuse(DfuStatus.errStalledPacket);
    const pulled = faults.strike('vanish', ({ at }) => at.what === 'upload' && at.index === nth);
    if (pulled !== undefined) return this.#pull(pulled.returnAfterMs);
    const bytes = memory.upload(block, length);
    if (typeof bytes === 'number') return this.#refuse(bytes);
    this.#state = bytes.length < length ? DfuState.dfuIdle : DfuState.uploadIdle;
    if (faults.strike('short-upload', (fault) => fault.index === nth) !== undefined)
      return { kind: 'data', bytes: bytes.subarray(0, bytes.length >> 1) };
    if (faults.strike('wrong-bytes', (fault) => fault.index === nth) !== undefined)
      return { kind: 'data', bytes: bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) };
    return { kind: 'data', bytes };
  }

  async #getStatus(signal: AbortSignal): Promise<TransferReply> {
    const { faults, statistics } = this.#options;
    statistics.getStatus++;
    const nth = this.#statusCount++;
    if (this.#work?.kind === 'block') {
      this.#blockStatusCount++;
      statistics.mostStatusPerBlock = Math.max(statistics.mostStatusPerBlock, this.#blockStatusCount);
    }
    const short = faults.strike('short-status', (fault) => fault.index === nth);
    const reply = await this.#statusReply(signal);
    return short !== undefined && reply.kind === 'data'
      ? { kind: 'data', bytes: reply.bytes.subarray(0, short.bytes) }
      : reply;
  }

  async #statusReply(signal: AbortSignal): Promise<TransferReply> {
    if (this.#state === DfuState.downloadSync && this.#work !== undefined) return this.#start(this.#work);
    if (this.#state === DfuState.downloadBusy) {
      const held = await this.#whileBusy(signal);
      if (held !== 'done') return held;
    }
    if (this.#state === DfuState.manifestSync) return this.#manifest();
    return this.#report(0);
  }

  /** The first GETSTATUS after DNLOAD starts the work (dfu.md 2.4). */
  #start(work: Work): TransferReply {
    const { faults, statistics, clock, timeScale } = this.#options;
    const block = statistics.blocks - 1;
    const isBlock = work.kind === 'block';
    if (isBlock && faults.strike('fall-to-idle', (fault) => block >= fault.block) !== undefined) {
      this.#work = undefined;
      this.#state = DfuState.dfuIdle;
      return this.#report(0);
    }
    this.#started = true;
    const what = isBlock ? 'block' : work.kind === 'erase' ? 'erase' : 'none';
    const index = isBlock ? block : statistics.erases;
    const pulled = faults.strike(
      'vanish',
      ({ at }) => at.what === what && 'index' in at && at.index === index,
    );
    if (pulled !== undefined) return this.#pull(pulled.returnAfterMs);
    const ms = work.ms * timeScale;
    if (Number.isFinite(ms)) statistics.busyMs += ms;
    this.#busyUntil = clock.now() + ms;
    if (ms === 0 && work.pollMs === 0) {
      this.#finish();
      return this.#report(0);
    }
    this.#state = DfuState.downloadBusy;
    return this.#report(Math.ceil(work.pollMs * timeScale));
  }

  /** `done` when the work is over; otherwise the answer to whoever asked too early. */
  async #whileBusy(signal: AbortSignal): Promise<'done' | TransferReply> {
    const { clock, busy, faults, statistics, timeScale } = this.#options;
    const left = this.#busyUntil - clock.now();
    const block = statistics.blocks - 1;
    if (
      faults.strike('stall-status', (fault) => fault.block === block && this.#work?.kind === 'block') !==
      undefined
    )
      return stalled;
    if (left > 0) {
      if (busy === 'stall') return stalled;
      if (busy === 'report') return this.#report(Math.ceil((this.#work?.pollMs ?? 0) * timeScale));
      if (!Number.isFinite(left)) return await forever(signal);
      try {
        await sleep(clock, left, signal);
      } catch {
        return { kind: 'gone' };
      }
    }
    if (this.#started) this.#finish();
    return 'done';
  }

  #finish(): void {
    const work = this.#work;
    this.#work = undefined;
    this.#started = false;
    if (work === undefined) return;
    const status = work.finish();
    if (work.kind === 'erase') this.#options.statistics.erases++;
    this.#status = status;
    this.#state = status === DfuStatus.ok ? DfuState.downloadIdle : DfuState.error;
  }

  #manifest(): TransferReply {
    const end = this.#options.memory.manifest();
    if (typeof end === 'number') {
      this.#state = DfuState.error;
      this.#status = end;
      return this.#report(0);
    }
    if (end.then === 'idle') {
      this.#state = DfuState.dfuIdle;
      return this.#report(0);
    }
    this.#state = DfuState.manifest;
    const reply = this.#report(Math.ceil(end.ms));
    this.#state = end.then === 'leave' ? DfuState.manifest : DfuState.manifestWaitReset;
    if (end.then === 'leave') this.#options.leave();
    return reply;
  }

  #clearStatus(): TransferReply {
    if (this.#state !== DfuState.error && this.#options.strictClearStatus)
      return this.#refuse(DfuStatus.errUnknown);
    this.#state = DfuState.dfuIdle;
    this.#status = DfuStatus.ok;
    return acknowledged;
  }

  /** Between DNLOAD and its first GETSTATUS this drops the work (dfu.md 2.4, devices.md 6.1). */
  #abort(): TransferReply {
    const allowed: readonly DfuState[] = [
      DfuState.dfuIdle,
      DfuState.downloadSync,
      DfuState.downloadIdle,
      DfuState.manifestSync,
      DfuState.uploadIdle,
    ];
    if (!allowed.includes(this.#state)) return this.#refuse(DfuStatus.errStalledPacket);
    this.#work = undefined;
    this.#state = DfuState.dfuIdle;
    return acknowledged;
  }

  #report(pollMs: number): TransferReply {
    const poll = this.#options.faults.find('poll-time')?.ms ?? pollMs;
    return {
      kind: 'data',
      bytes: Uint8Array.of(this.#status, poll & 0xff, (poll >> 8) & 0xff, poll >> 16, this.#state, 0),
    };
  }
}

/** A NAK without end: only the host's giving up ends it. */
function forever(signal: AbortSignal): Promise<TransferReply> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve({ kind: 'gone' });
    signal.addEventListener('abort', () => resolve({ kind: 'gone' }), { once: true });
  });
}
