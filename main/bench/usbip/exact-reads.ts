import type { Socket } from 'node:net';
import { usbipLimits } from './constants.ts';

/** Reads a connection in pieces of exact size. The only reader of its socket. */
export class ExactReader {
  readonly #socket: Socket;
  readonly #silenceMs: number;
  #wake: () => void = () => undefined;

  constructor(socket: Socket, silenceMs: number) {
    this.#socket = socket;
    this.#silenceMs = silenceMs;
    // Listened to once for all: each new listener for 'readable' is called at once while anything is buffered.
    const wake = (): void => this.#wake();
    socket.on('readable', wake).on('end', wake).on('close', wake).on('drain', wake);
  }

  /**
   * Reads exactly `size` bytes; undefined when the connection ends first, also in the middle.
   * The caller bounds `size`: the socket buffers little more than that. Once the client has begun to send
   * them, or from the start when they must come, silence ends the connection (the owner listens to 'timeout').
   */
  async read(size: number, mustCome: 'must come' | 'may never come'): Promise<Uint8Array | undefined> {
    const socket = this.#socket;
    if (size === 0) return new Uint8Array();
    for (;;) {
      if (socket.destroyed) return undefined;
      const chunk = socket.read(size) as Buffer | null;
      // A shorter chunk is what was left when the other side ended.
      if (chunk !== null) return chunk.length === size ? new Uint8Array(chunk) : undefined;
      if (socket.readableEnded) return undefined;
      const begun = mustCome === 'must come' || socket.readableLength > 0;
      socket.setTimeout(socket.writableEnded ? usbipLimits.partingMs : begun ? this.#silenceMs : 0);
      await this.#something();
    }
  }

  /** Waits until what was written has left for the kernel, so that a client that never reads costs little. */
  async drained(): Promise<void> {
    while (this.#socket.writableNeedDrain && !this.#socket.destroyed) {
      this.#socket.setTimeout(this.#silenceMs);
      await this.#something();
    }
  }

  /** After our own end: waits for the client's, and forgets what it still sends. */
  async parted(): Promise<void> {
    while (!this.#socket.destroyed && !this.#socket.readableEnded) {
      this.#socket.read();
      this.#socket.setTimeout(usbipLimits.partingMs);
      await this.#something();
    }
  }

  #something(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}
