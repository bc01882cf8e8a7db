// Many boards, one recipe: as pages and programs are told of it.
import type { ErrorCode } from './errors/codes.ts';

/**
 * One board of a batch. `left`: it would have needed an answer nobody has given, and was not changed. `stopped`: it was
 * told to end.
 */
export interface BatchUnit {
  readonly jobId: string;
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
