// What the job runner drives. DFU, DfuSe and the protocols to come all speak it, so one runner serves them all.
import type { Flow } from '../base/flow.ts';
import type { Wait } from '../base/wait.ts';
import type { Range } from '../../shared/ranges.ts';

/** Sectors of one size in a row, with what the board's own map allows. */
export interface SectorRun {
  readonly start: number;
  readonly sectorSize: number;
  readonly count: number;
  readonly readable: boolean;
  readonly erasable: boolean;
  readonly writable: boolean;
}

/** What a region holds, as far as its name tells. Only `main-flash` is written without a named permission. */
export type RegionKind = 'main-flash' | 'option-bytes' | 'otp' | 'device-feature' | 'other';

/** One memory of a board: an alternate setting, in DFU. */
export interface Region {
  readonly alternate: number;
  readonly name: string;
  readonly kind: RegionKind;
  /** Empty where the protocol has no addresses and no sizes (plain DFU). */
  readonly runs: readonly SectorRun[];
}

/** A question with an answer, never an exception met half-way. */
export type Ability = { readonly possible: true } | { readonly possible: false; readonly why: WhyNot };

/** Reasons with a text each, in `shared/text/plan.ts`. */
export type WhyNot =
  | 'download-not-offered'
  | 'upload-not-offered'
  | 'leaves-after-writing'
  | 'not-needed'
  | 'no-way-to-leave'
  | 'erases-while-writing';

export interface Abilities {
  readonly write: Ability;
  readonly read: Ability;
  readonly erase: Ability;
  readonly verify: Ability;
  readonly leave: Ability;
}

/** Where a session stands once all bytes are sent. */
export type WritingEnd = 'in-session' | 'wait-reset' | 'left';
export type LeaveEnd = 'left' | 'left-early' | 'stayed';

/** An opened board in flash mode. Addresses are the region's; errors are FlashErrors of the layers below. */
export interface Target extends AsyncDisposable {
  readonly protocol: 'dfu' | 'dfuse';
  /** Whether bytes have addresses; otherwise an image is one run from offset 0. */
  readonly addressed: boolean;
  readonly transferSize: number;
  /** Of its flash mode, where it was asked for when it was opened; empty otherwise. */
  readonly serial: string;
  readonly regions: readonly Region[];
  readonly abilities: Abilities;

  /**
   * Reads a range; without one, all there is, to the device's own end.
   * @throws FlashError; the board is unchanged
   */
  read(region: Region, range: Range | undefined, flow: Flow): Promise<Uint8Array>;
  /** Erases one sector. */
  erase(region: Region, sector: Range, flow: Flow): Promise<void>;
  /** Erases all main flash, user settings included. The caller holds the permission `mass-erase`. */
  massErase(region: Region, flow: Flow): Promise<void>;
  /** Lifts read protection, which erases the chip and makes it leave. The caller holds `read-unprotect`. */
  readUnprotect(flow: Flow): Promise<void>;
  /** Writes one contiguous run; `flow.progress` tells the bytes the board has acknowledged. */
  write(region: Region, address: number, bytes: Uint8Array, flow: Flow): Promise<void>;
  /** The closing request, for protocols that have one. */
  finishWriting(flow: Flow): Promise<WritingEnd>;
  /** Starts the program at `address` (ignored by protocols without addresses). */
  leave(region: Region, address: number, end: WritingEnd, flow: Flow): Promise<LeaveEnd>;
  /** Whether it can be made to leave after such an end; one that cannot stays where it is. */
  canLeave(end: WritingEnd): boolean;
  /** DETACH and bus reset, whatever the board: for `--reset`. */
  detachAndReset(wait: Wait): Promise<void>;
  /** Back to a state from which anyone can start: ABORT or CLRSTATUS as the state calls for. Never rejects. */
  tidyUp(wait: Wait): Promise<void>;
  /** Requests sent so far, by name: for the record. */
  readonly requestCounts: Readonly<Record<string, number>>;
}

/** Every sector of a region, in address order. Bounded by `limits.mapSectors` where the map was read. */
export function* sectorsOf(region: Region): Generator<Range & { readonly run: SectorRun }> {
  for (const run of region.runs) {
    for (let index = 0; index < run.count; index++) {
      const start = run.start + index * run.sectorSize;
      yield { start, end: start + run.sectorSize, run };
    }
  }
}

/** The address ranges a region covers, one per run. */
export function rangesOf(region: Region): Range[] {
  return region.runs.map((run) => ({ start: run.start, end: run.start + run.count * run.sectorSize }));
}
