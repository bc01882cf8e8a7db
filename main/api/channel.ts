// How frames reach a page, whatever carries them: MessagePort, WebSocket, or a pair in memory.

export type Frame = string | Uint8Array;

/** One page, seen from the core. */
export interface Channel {
  /** Hands a frame over. May throw when the other side is gone. */
  post(frame: Frame): void;
  /** Called once with everything that arrives; what is no frame arrives as it is, to be refused. */
  onFrame(listener: (frame: unknown) => void): void;
  onClose(listener: () => void): void;
  /** @param why for the log, and for people where the carrier has room for words */
  close(why: string): void;
}

/** How the other side says that it has taken everything up to and including its n-th frame. */
export const acknowledgement = /^ack:(\d{1,12})$/;
