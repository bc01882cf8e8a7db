// What a DFU machine is made of.
import type { Clock } from '../base/clock.ts';
import type { DfuState } from '../protocols/dfu/constants.ts';
import type { BoardStatistics } from './board.ts';
import type { FaultScript } from './faults.ts';
import type { Work } from './work-runner.ts';

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
  /** Which interface it sits on, 0 unless given: wIndex of its requests. */
  readonly interfaceNumber?: number;
  /** How it answers while the flash works: holds the answer, stalls, or says dfuDNBUSY. */
  readonly busy: 'nak' | 'stall' | 'report';
  /** DfuSe takes an empty DNLOAD in dfuIDLE as "leave"; plain DFU stalls it (dfu.md 1.5). */
  readonly emptyDownloadInIdle: boolean;
  /** CLRSTATUS outside dfuERROR is an error (dfu.md 1.11). */
  readonly strictClearStatus: boolean;
  /** Leaves on the closing DNLOAD, before any GETSTATUS (GD32, dfu.md 1.11). */
  readonly leavesOnDownload: boolean;
  readonly initialState?: { readonly state: DfuState; readonly status: number };
  /** The device goes to its program. */
  readonly leave: (when: 'at once' | 'after answering') => void;
  /** The flash begins to erase, for so long; false where the board has lost its power over it. */
  readonly erases?: (ms: number) => boolean;
  /** Pulled by a fault. */
  vanish(returnAfterMs: number | undefined): void;
}
