// The DFU state machine as devices run it (DFU 1.1 appendix A.2; dfu.md 1.5, 2 "Execution model"). What a block
// means is the memory's business: plain DFU and DfuSe differ only there.
import { DfuRequest, DfuState, DfuStatus } from '../protocols/dfu/constants.ts';
import type { MachineOptions } from './machine-options.ts';
import { bendUpload, bendWork, pulledDuring } from './misfortunes.ts';
import type { SetupPacket, TransferReply } from './virtual-usb.ts';
import { WorkRunner, type Work } from './work-runner.ts';

const stalled: TransferReply = { kind: 'stall' };
const acknowledged: TransferReply = { kind: 'ack' };
const inRequests: readonly number[] = [DfuRequest.upload, DfuRequest.getStatus, DfuRequest.getState];
/** ABORT is legal here (DFU 1.1 appendix A.2; dfu.md 1.5). */
const abortable: readonly DfuState[] = [
  DfuState.dfuIdle,
  DfuState.downloadSync,
  DfuState.downloadIdle,
  DfuState.manifestSync,
  DfuState.uploadIdle,
];

/** One DFU interface in DFU mode. */
export class DfuMachine {
  readonly #options: MachineOptions;
  #state: DfuState;
  #status: number;
  /** Received, and begun by the next GETSTATUS. */
  #work: Work | undefined;
  /** Begun, and its outcome not yet told. */
  #begun: Work | undefined;
  readonly #runner: WorkRunner;
  #manifestUntil = 0;
  #afterManifest: DfuState = DfuState.dfuIdle;
  #statusCount = 0;
  #blockStatusCount = 0;
  #requestCount = 0;
  #requestCounts = new Map<number, number>();

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#state = options.initialState?.state ?? DfuState.dfuIdle;
    this.#status = options.initialState?.status ?? DfuStatus.ok;
    this.#runner = new WorkRunner(options.clock, (work) => {
      if (work.kind === 'erase') options.statistics.erases++;
    });
  }

  get state(): DfuState {
    this.#passManifest();
    return this.#state;
  }

  /** Power is gone: what was being written is half-written. */
  powerOff(): void {
    this.#work = undefined;
    this.#runner.powerOff();
  }

  /** Starts anew, as after a bus reset. */
  restart(state: DfuState, status: number): void {
    this.#work = undefined;
    this.#state = state;
    this.#status = status;
  }

  /** A class request to this interface. */
  async request(setup: SetupPacket, data: Uint8Array, signal: AbortSignal): Promise<TransferReply> {
    const { faults, interfaceNumber = 0 } = this.#options;
    if (setup.index !== interfaceNumber) return stalled;
    if (setup.requestType !== (inRequests.includes(setup.request) ? 0xa1 : 0x21))
      return this.#refuse(DfuStatus.errStalledPacket);
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
        return { kind: 'data', bytes: Uint8Array.of(this.state) };
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
      statistics.dataBytes += data.length;
      if (faults.strike('stall-download', (fault) => fault.block === index) !== undefined)
        return this.#refuse(DfuStatus.errStalledPacket);
    }
    this.#work = bendWork(work, faults, index, statistics.erases);
    this.#blockStatusCount = 0;
    this.#state = DfuState.downloadSync;
    return acknowledged;
  }

  #close(): TransferReply {
    const { faults, memory, leavesOnDownload, leave } = this.#options;
    const pulled = faults.strike('vanish', ({ at }) => at.what === 'manifest');
    if (pulled !== undefined) return this.#pull(pulled.returnAfterMs);
    const refused = faults.strike('status', (fault) => fault.at === 'manifest');
    if (refused !== undefined) return this.#refuse(refused.code);
    this.#state = DfuState.manifestSync;
    if (leavesOnDownload && typeof memory.manifest() !== 'number') {
      leave('at once');
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
    return { kind: 'data', bytes: bendUpload(bytes, faults, nth) };
  }

  async #getStatus(signal: AbortSignal): Promise<TransferReply> {
    const { faults, statistics } = this.#options;
    statistics.getStatus++;
    const nth = this.#statusCount++;
    if ((this.#work ?? this.#begun)?.kind === 'block') {
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
    if (this.#state === DfuState.downloadSync && this.#work !== undefined) return this.#begin(this.#work);
    if (this.#state === DfuState.downloadBusy) {
      const held = await this.#whileBusy(signal);
      if (held !== 'done') return held;
    }
    if (this.#state === DfuState.manifestSync) return this.#manifest();
    return this.#report(Math.ceil(this.#passManifest()));
  }

  /** The first GETSTATUS after DNLOAD starts the work (dfu.md 2.4). */
  #begin(work: Work): TransferReply {
    const { faults, statistics, timeScale, erases } = this.#options;
    const block = statistics.blocks - 1;
    const isBlock = work.kind === 'block';
    this.#work = undefined;
    if (isBlock && faults.strike('fall-to-idle', (fault) => block >= fault.block) !== undefined) {
      this.#state = DfuState.dfuIdle;
      return this.#report(0);
    }
    const ms = work.ms * timeScale;
    this.#begun = work;
    const pulled = pulledDuring(work, faults, statistics);
    if (pulled !== undefined) {
      this.#runner.start(work, Number.POSITIVE_INFINITY);
      return this.#pull(pulled.returnAfterMs);
    }
    if (Number.isFinite(ms)) statistics.busyMs += ms;
    this.#state = DfuState.downloadBusy;
    this.#runner.start(work, ms);
    if (work.kind === 'erase' && erases?.(ms) === false) return { kind: 'gone' };
    if (ms === 0 && work.pollMs === 0) this.#takeOutcome();
    return this.#report(Math.ceil(work.pollMs * timeScale));
  }

  /** `done` when the work is over; otherwise the answer to whoever asked too early. */
  async #whileBusy(signal: AbortSignal): Promise<'done' | TransferReply> {
    const { busy, faults, statistics, timeScale } = this.#options;
    const block = statistics.blocks - 1;
    const work = this.#runner.current;
    const stallsHere = (fault: { block: number }): boolean =>
      fault.block === block && this.#begun?.kind === 'block';
    if (faults.strike('stall-status', stallsHere) !== undefined) return stalled;
    if (work !== undefined) {
      if (busy === 'stall') return stalled;
      if (busy === 'report') return this.#report(Math.ceil(work.pollMs * timeScale));
      if (!(await this.#runner.ended(signal))) return { kind: 'gone' };
    }
    this.#takeOutcome();
    return 'done';
  }

  #takeOutcome(): void {
    this.#begun = undefined;
    this.#status = this.#runner.outcome;
    this.#state = this.#status === DfuStatus.ok ? DfuState.downloadIdle : DfuState.error;
  }

  #manifest(): TransferReply {
    const { clock, memory, timeScale, leave } = this.#options;
    const end = memory.manifest();
    if (typeof end === 'number') {
      this.#state = DfuState.error;
      this.#status = end;
      return this.#report(0);
    }
    this.#state = DfuState.manifest;
    this.#afterManifest = end.then === 'idle' ? DfuState.dfuIdle : DfuState.manifestWaitReset;
    this.#manifestUntil = clock.now() + end.ms * timeScale;
    const reply = this.#report(Math.ceil(end.ms * timeScale));
    if (end.then === 'leave') leave('after answering');
    return reply;
  }

  /** Through dfuMANIFEST-SYNC to dfuIDLE, or to waiting for a reset (DFU 1.1 appendix A.2). */
  #passManifest(): number {
    if (this.#state !== DfuState.manifest) return 0;
    const leftMs = this.#manifestUntil - this.#options.clock.now();
    if (leftMs <= 0) this.#state = this.#afterManifest;
    return Math.max(0, leftMs);
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
    if (!abortable.includes(this.#state)) return this.#refuse(DfuStatus.errStalledPacket);
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
