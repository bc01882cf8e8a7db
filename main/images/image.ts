import type { ErrorCode } from '../../shared/errors/codes.ts';

export type FormatId = 'raw' | 'dfu' | 'dfuse';

/** A run of bytes of an image and where it belongs. */
export interface ImagePart {
  /** Address of the first byte in the target's memory; undefined where the file does not say. */
  readonly address: number | undefined;
  readonly bytes: Uint8Array;
  /** The alternate setting the file names for it; undefined where the file does not say. */
  readonly alternate: number | undefined;
  readonly alternateName: string | undefined;
}

/** The device a file says it is for; 0xFFFF (and, in the wild, 0x0000) stands for any. */
export interface ImageIds {
  readonly vendorId: number;
  readonly productId: number;
  readonly bcdDevice: number;
}

/** Something a person should know of a file that is accepted all the same. Texts in `shared/text/notices.ts`. */
export type ImageNotice =
  /** Suffix ids 0x0000 or 0xFFFF: the file does not say which board it is for. */
  | { readonly code: 'wildcard-ids'; readonly ids: string }
  /** Taken as raw bytes, but the content is really another format. */
  | { readonly code: 'looks-like'; readonly format: string }
  /** Bytes after the end that belong to nothing; ignored. */
  | { readonly code: 'leftover-bytes'; readonly count: number }
  /** All bytes are 0xFF: writing it leaves the board blank. */
  | { readonly code: 'all-blank' }
  /** The first words do not look like a Cortex-M vector table. */
  | { readonly code: 'no-vector-table' };

export type ImageNoticeCode = ImageNotice['code'];

/** A firmware file, understood. */
export interface FirmwareImage {
  readonly format: FormatId;
  /** Why it was taken for that format, in words of the format ("suffix UFD, DFU 1.0"). */
  readonly evidence: string;
  /** File name without folders, control characters removed. */
  readonly name: string;
  /** SHA-256 of the whole file, lower-case hex. */
  readonly sha256: string;
  /** Bytes of the whole file. */
  readonly fileBytes: number;
  readonly ids: ImageIds | undefined;
  readonly parts: readonly ImagePart[];
  readonly notices: readonly ImageNotice[];
}

/** How a format says "this is mine". */
export interface Recognition {
  /** `certain`: its own magic; `fallback`: taken when nothing else claims the file. */
  readonly confidence: 'certain' | 'likely' | 'fallback';
  readonly evidence: string;
}

/** One file format. A new one is a file with such an object and a line in `registry.ts`. */
export interface ImageFormat {
  readonly id: FormatId;
  /** Most bytes a file of this format may have. */
  readonly maxBytes: number;
  recognise(file: Uint8Array, name: string): Recognition | undefined;
  /** @throws FlashError `image.*`, naming the offset */
  parse(
    file: Uint8Array,
    name: string,
    recognition: Recognition,
  ): Omit<FirmwareImage, 'sha256' | 'fileBytes' | 'name'>;
}

/** The codes `parse` may throw. */
export type ImageErrorCode = Extract<ErrorCode, `image.${string}`>;
