// Many boards, one recipe: as pages and programs are told of it.
import type { ErrorCode } from './errors/codes.ts';

/**
 * One board of a batch. `left`: it would have needed an answer nobody has given, and was not changed. `stopped`: it was
 * told to end.
 */
export interface BatchUnit {
  readonly jobId: string;
  /** The name under which the history has its job; undefined until it is begun on its board. */
  readonly record: string | undefined;
  readonly portPath: string;
  readonly board: string;
  readonly virtual: boolean;
  /** As the board says it in flash mode; empty where it says none, or was not asked. */
  readonly serial: string;
  /** ISO 8601: when it had its board. */
  readonly startedAt: string;
  /** From then to its end. */
  readonly seconds: number | undefined;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'left' | 'stopped';
  readonly error: { readonly code: ErrorCode; readonly params: object } | undefined;
  /** It was tried again later, as another unit of the same batch. */
  readonly retried: boolean;
}

/** One batch, whole. */
export interface BatchSnapshot {
  readonly id: string;
  /** `all`: the boards that were there. `next`: whatever is plugged in next, until enough are done. */
  readonly kind: 'all' | 'next';
  readonly files: readonly string[];
  /** Hashes of the images, hexadecimal. */
  readonly images: readonly string[];
  /** Of `next`: which board is waited for; undefined for any in flash mode. */
  readonly profile: string | undefined;
  /** How many are to be done. */
  readonly wanted: number;
  readonly counts: {
    readonly running: number;
    readonly done: number;
    readonly failed: number;
    readonly left: number;
  };
  /** Newest first, at most `limits.batchUnits`; counts go on counting. */
  readonly units: readonly BatchUnit[];
  readonly state: 'running' | 'stopping' | 'ended';
  /** Why it ended before enough were done. */
  readonly problem: { readonly code: ErrorCode; readonly params: object } | undefined;
}

/**
 * A board of a batch whose program ended, by what was recorded and what the journal knows of its job. `in-doubt`: an erase or a
 * write had begun; its open job tells more. `gone-on`: another job went on with it since.
 */
export interface OpenBatchBoard {
  readonly portPath: string;
  readonly board: string;
  readonly serial: string;
  readonly virtual: boolean;
  readonly state: 'done' | 'failed' | 'left' | 'stopped' | 'in-doubt' | 'not-begun' | 'gone-on';
  /** Id of the open job that tells what of it was done. */
  readonly openJob: string | undefined;
  readonly error: ErrorCode | undefined;
}

/** A batch that was under way when its program ended. */
export interface OpenBatch {
  readonly id: string;
  readonly kind: BatchSnapshot['kind'];
  /** ISO 8601. */
  readonly startedAt: string;
  readonly files: readonly string[];
  readonly profile: string | undefined;
  readonly wanted: number;
  /** Whether its images are still kept: it can be gone on with. */
  readonly imagesThere: boolean;
  /** In the order in which they had their turns. */
  readonly boards: readonly OpenBatchBoard[];
}

/** Options of a batch's flashes, as they are kept. */
export interface KeptRecipe {
  readonly address?: number | undefined;
  readonly fromStart?: boolean | undefined;
  readonly backup?: boolean | undefined;
  readonly insistOnBackup?: boolean | undefined;
  readonly verify?: boolean | undefined;
  readonly leave?: boolean | undefined;
  readonly full?: boolean | undefined;
  readonly keepRest?: boolean | undefined;
  readonly asRaw?: boolean | undefined;
}
