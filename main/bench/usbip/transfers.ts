import type { Socket } from 'node:net';
import { viewOf } from '../../base/bytes.ts';
import type { Log } from '../../log/log.ts';
import type { TransferReply, VirtualUsbDevice } from '../virtual-usb.ts';
import { ChapterNine, type Enumeration } from './chapter-nine.ts';
import { Command, headerBytes, TransferStatus, usbipLimits } from './constants.ts';
import type { ExactReader } from './exact-reads.ts';
import { encodeSubmitResult, parseSubmit, type SubmitCommand, type SubmitResult } from './submit.ts';
import { encodeUnlinkResult, parseUnlink } from './unlink.ts';

interface Pending {
  readonly controller: AbortController;
  readonly bytes: number;
}

/** Carries the transfers of one imported device until its connection ends. */
export class Transfers {
  readonly #socket: Socket;
  readonly #reader: ExactReader;
  readonly #device: VirtualUsbDevice;
  readonly #standard: ChapterNine;
  readonly #log: Log;
  readonly #pending = new Map<number, Pending>();
  #pendingBytes = 0;

  constructor(
    socket: Socket,
    reader: ExactReader,
    device: VirtualUsbDevice,
    tell: (what: Enumeration) => void,
    log: Log,
  ) {
    this.#socket = socket;
    this.#reader = reader;
    this.#device = device;
    this.#standard = new ChapterNine(device, tell);
    this.#log = log;
  }

  /** Serves until the connection ends or must end; resolves with the reason in words for the log. */
  async serve(): Promise<string> {
    try {
      for (;;) {
        const header = await this.#reader.read(headerBytes, 'may never come');
        if (header === undefined) return 'closed';
        const refusal = await this.#take(header);
        if (refusal !== undefined) return refusal;
        await this.#reader.drained();
      }
    } finally {
      this.cancelAll();
    }
  }

  /** Unlinks everything without an answer: for a connection that is over. */
  cancelAll(): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    this.#pendingBytes = 0;
    for (const { controller } of all) controller.abort();
  }

  async #take(header: Uint8Array): Promise<string | undefined> {
    const command = viewOf(header).getUint32(0);
    if (command === Command.unlink) {
      this.#unlink(header);
      return undefined;
    }
    if (command !== Command.submit) return `unknown command ${command}`;
    const submit = parseSubmit(header);
    if (typeof submit === 'string') return submit;
    const refusal = this.#refuse(submit);
    if (refusal !== undefined) return refusal;
    const outBytes = submit.direction === 'out' ? submit.length : 0;
    const data = await this.#reader.read(outBytes, 'must come');
    if (data === undefined) return 'closed in the middle of a transfer';
    // Not awaited: a transfer the device holds must not hold up the others.
    void this.#carry(submit, data);
    return undefined;
  }

  #refuse(submit: SubmitCommand): string | undefined {
    if (this.#pending.has(submit.sequence)) return `sequence number ${submit.sequence} is taken`;
    if (this.#pending.size >= usbipLimits.pendingTransfers) return 'too many pending transfers';
    if (this.#pendingBytes + submit.length > usbipLimits.pendingBytes) return 'too many pending bytes';
    if (submit.endpoint !== 0 && !hasEndpoint(this.#device, endpointAddress(submit))) {
      return `no endpoint ${endpointAddress(submit)}`;
    }
    return undefined;
  }

  #unlink(header: Uint8Array): void {
    const { sequence, target } = parseUnlink(header);
    const pending = this.#pending.get(target);
    this.#forget(target, pending);
    pending?.controller.abort();
    this.#write(encodeUnlinkResult(sequence, pending !== undefined));
  }

  async #carry(submit: SubmitCommand, data: Uint8Array): Promise<void> {
    const pending: Pending = { controller: new AbortController(), bytes: submit.length };
    this.#pending.set(submit.sequence, pending);
    this.#pendingBytes += pending.bytes;
    let result: SubmitResult;
    try {
      result = toResult(submit, await this.#perform(submit, data, pending.controller.signal));
    } catch (error) {
      if (!pending.controller.signal.aborted)
        this.#log.write('error', 'usbip', `the model failed: ${String(error)}`);
      result = { status: TransferStatus.protocol, actual: 0, data: new Uint8Array() };
    }
    if (this.#pending.get(submit.sequence) !== pending) return;
    this.#forget(submit.sequence, pending);
    this.#write(encodeSubmitResult(submit.sequence, result));
  }

  #perform(submit: SubmitCommand, data: Uint8Array, signal: AbortSignal): Promise<TransferReply> {
    if (submit.endpoint === 0) return this.#standard.control(submit.setup, data, signal);
    const what = submit.direction === 'in' ? submit.length : data;
    return this.#device.bulk?.(endpointAddress(submit), what, signal) ?? withoutModel(submit, signal);
  }

  #forget(sequence: number, pending: Pending | undefined): void {
    if (pending === undefined) return;
    this.#pending.delete(sequence);
    this.#pendingBytes -= pending.bytes;
  }

  #write(message: Uint8Array): void {
    if (!this.#socket.writableEnded && !this.#socket.destroyed) this.#socket.write(message);
  }
}

/** An endpoint with nothing behind it: NAKs for ever when read, and takes whatever is written. */
function withoutModel(submit: SubmitCommand, signal: AbortSignal): Promise<TransferReply> {
  if (submit.direction === 'out') return Promise.resolve({ kind: 'ack' });
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ kind: 'gone' }), { once: true });
  });
}

function endpointAddress(submit: SubmitCommand): number {
  return submit.endpoint | (submit.direction === 'in' ? 0x80 : 0);
}

function hasEndpoint(device: VirtualUsbDevice, address: number): boolean {
  const bytes = device.configurationDescriptor;
  for (let at = 0; at + 2 < bytes.length;) {
    const length = bytes[at] ?? 0;
    if (length < 2) return false;
    if (bytes[at + 1] === 5 && bytes[at + 2] === address) return true;
    at += length;
  }
  return false;
}

function toResult(submit: SubmitCommand, reply: TransferReply): SubmitResult {
  const nothing = new Uint8Array();
  switch (reply.kind) {
    case 'stall':
      return { status: TransferStatus.stall, actual: 0, data: nothing };
    case 'gone':
      return { status: TransferStatus.gone, actual: 0, data: nothing };
    case 'ack':
      return {
        status: TransferStatus.ok,
        actual: submit.direction === 'out' ? submit.length : 0,
        data: nothing,
      };
    case 'data': {
      if (submit.direction === 'out')
        return { status: TransferStatus.ok, actual: submit.length, data: nothing };
      const data = reply.bytes.subarray(0, submit.length);
      const tooLong = reply.bytes.length > submit.length;
      const tooShort = submit.shortIsError && data.length < submit.length;
      const status = tooLong ? TransferStatus.overflow : tooShort ? TransferStatus.short : TransferStatus.ok;
      return { status, actual: data.length, data };
    }
  }
}
