// How the page's frames travel, whatever carries them.

export type Frame = string | Uint8Array<ArrayBuffer>;

export interface PageChannel {
  post(frame: Frame): void;
  onFrame(listener: (frame: string | Uint8Array) => void): void;
  /** Called once, when nothing more will come. */
  onClose(listener: () => void): void;
  close(): void;
}
