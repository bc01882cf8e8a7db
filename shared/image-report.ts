import type { ImageNotice } from './image-notice.ts';

/** A firmware file as the page sees it: everything but its bytes. */
export interface ImageReport {
  readonly id: string;
  readonly name: string;
  readonly format: string;
  /** Why it was taken for that format. */
  readonly evidence: string;
  readonly sha256: string;
  readonly fileBytes: number;
  /** The device it says it is for, as `0483:df11`; undefined where it names none. */
  readonly ids: string | undefined;
  readonly parts: readonly {
    readonly address: number | undefined;
    readonly bytes: number;
    readonly alternate: number | undefined;
  }[];
  readonly notices: readonly ImageNotice[];
}
