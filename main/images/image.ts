import type { ImageNotice } from '../../shared/image-notice.ts';

export type { ImageNotice } from '../../shared/image-notice.ts';

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
