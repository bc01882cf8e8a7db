import type { ImageFact } from './image-facts.ts';
import type { ImageNotice } from './image-notice.ts';
import type { formatTexts } from './text/image-facts.ts';

/** A firmware file as the page sees it: everything but its bytes. */
export interface ImageReport {
  readonly id: string;
  readonly name: string;
  readonly format: keyof typeof formatTexts;
  /** Names of the archives it was found in, outermost first. */
  readonly inside: readonly string[];
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
    /** A memory of its own, which no board's map names. */
    readonly space: 'modem' | undefined;
    /** Of files for several kinds of chips: the kind this part is for. */
    readonly chip: string | undefined;
  }[];
  /** Where the program begins, where the file says it. */
  readonly entry: number | undefined;
  readonly facts: readonly ImageFact[];
  readonly notices: readonly ImageNotice[];
}
