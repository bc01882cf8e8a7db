// The database in a thread of its own: a disk that takes its time over a sync never holds up a board or a window.
import { Worker } from 'node:worker_threads';
import type { ErrorCode, ErrorParams } from '../../shared/errors/codes.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { StoreNotice } from '../../shared/history.ts';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../base/clock.ts';
import type { AnyCall, CallAnswer, CallArguments, CallName, StoreDoor } from '../store/store-door.ts';

/** What the thread is given when it starts. */
export interface StoreThreadData {
  readonly file: string;
  readonly busyMs: number;
}

export type StoreQuestion = { readonly id: number; readonly call: AnyCall } | { readonly end: true };

export type StoreAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly code: ErrorCode; readonly params: object }
  | { readonly notice: StoreNotice };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: FlashError) => void;
  readonly stopTimer: () => void;
}

/** Beside the bundle when built, beside this file when run from source. */
const threadFile = import.meta.url.endsWith('.ts') ? './store-worker.ts' : './store-worker.js';

/**
 * The database behind a thread that is started with the first call. It keeps no program alive but for answers that are due.
 * @param clock real time: what is bounded here is the disk
 * @param tell called with what a person should know of the file
 */
export function openStore(file: string, clock: Clock, tell: (notice: StoreNotice) => void): StoreDoor {
  return new StoreThread(file, clock, tell);
}

class StoreThread implements StoreDoor {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #tell: (notice: StoreNotice) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #next = 1;

  constructor(file: string, clock: Clock, tell: (notice: StoreNotice) => void) {
    this.#file = file;
    this.#clock = clock;
    this.#tell = tell;
  }

  ask<N extends CallName>(name: N, ...values: CallArguments<N>): Promise<CallAnswer<N>> {
    const worker = (this.#worker ??= this.#start());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const stopTimer = this.#clock.after(limits.storeAnswerMs, () => {
        this.#settle(id)?.reject(this.#failure('no answer in time'));
      });
      this.#waiting.set(id, { resolve: (value) => resolve(value as CallAnswer<N>), reject, stopTimer });
      worker.ref();
      worker.postMessage({ id, call: { name, values } } satisfies StoreQuestion);
    });
  }

  /** After all that was asked is answered. */
  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    const ended = Promise.withResolvers<undefined>();
    worker.once('exit', () => ended.resolve(undefined));
    const stopTimer = this.#clock.after(limits.storeAnswerMs, () => ended.resolve(undefined));
    worker.ref();
    worker.postMessage({ end: true } satisfies StoreQuestion);
    await ended.promise;
    stopTimer();
    await worker.terminate();
  }

  #start(): Worker {
    const data: StoreThreadData = { file: this.#file, busyMs: limits.storeBusyMs };
    const worker = new Worker(new URL(threadFile, import.meta.url), { workerData: data });
    worker.on('message', (message: StoreAnswer) => this.#hear(message));
    const end = (reason: string): void => {
      // The next call starts another.
      if (this.#worker === worker) this.#worker = undefined;
      for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(this.#failure(reason));
    };
    worker.once('error', (error: Error) => end(error.message));
    worker.once('exit', (code) => end(`its thread ended (${code})`));
    return worker;
  }

  #hear(message: StoreAnswer): void {
    if ('notice' in message) {
      this.#tell(message.notice);
      return;
    }
    const waiting = this.#settle(message.id);
    if ('value' in message) waiting?.resolve(message.value);
    else waiting?.reject(new FlashError(message.code, message.params as ErrorParams[ErrorCode]));
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.stopTimer();
    if (this.#waiting.size === 0) this.#worker?.unref();
    return waiting;
  }

  #failure(reason: string): FlashError {
    return new FlashError('store.failed', { path: this.#file, reason });
  }
}
