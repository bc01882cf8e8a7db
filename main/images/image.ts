import type { ImageFact } from '../../shared/image-facts.ts';
import type { ImageNotice } from '../../shared/image-notice.ts';

export type { ImageFact } from '../../shared/image-facts.ts';
export type { ImageNotice } from '../../shared/image-notice.ts';

export type FormatId =
  'raw' | 'dfu' | 'dfuse' | 'ihex' | 'srec' | 'elf' | 'uf2' | 'mcuboot' | 'particle' | PackageId;

/** Archives that are one firmware as a whole. */
export type PackageId = 'particle-bundle' | 'nordic-modem' | 'nordic-dfu';

/** A run of bytes of an image and where it belongs. */
export interface ImagePart {
  /** Address of the first byte in the target's memory; undefined where the file does not say. */
  readonly address: number | undefined;
  readonly bytes: Uint8Array;
  /** The alternate setting the file names for it; undefined where the file does not say. */
  readonly alternate: number | undefined;
  readonly alternateName: string | undefined;
  /** A memory of its own, which no board's map names. */
  readonly space?: 'modem';
  /** Of files for several kinds of chips: the kind this part is for, as in the fact `chip`. */
  readonly chip?: string;
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
  /** Names of the archives it was found in, outermost first. `name` is then that of the file inside. */
  readonly inside: readonly string[];
  /** SHA-256 of the whole file, lower-case hex. */
  readonly sha256: string;
  /** Bytes of the whole file. */
  readonly fileBytes: number;
  readonly ids: ImageIds | undefined;
  /** Sorted and disjoint where the format gives addresses in any order. */
  readonly parts: readonly ImagePart[];
  /** Where the program begins, where the file says it. */
  readonly entry: number | undefined;
  readonly facts: readonly ImageFact[];
  readonly notices: readonly ImageNotice[];
}

/** How a format says "this is mine". */
export interface Recognition {
  /** `certain`: its own magic; `likely`: its name, or marks that chance could make; `fallback`: nothing else claims it. */
  readonly confidence: 'certain' | 'likely' | 'fallback';
  readonly evidence: string;
}

/** What a format finds; the registry adds what is the same for all. */
export interface ParsedImage {
  readonly parts: readonly ImagePart[];
  readonly ids?: ImageIds;
  readonly entry?: number | undefined;
  readonly facts?: readonly ImageFact[];
  readonly notices?: readonly ImageNotice[];
}

/** One file format. A new one is a file with such an object and a line in `registry.ts`. */
export interface ImageFormat {
  readonly id: Exclude<FormatId, PackageId>;
  /** Most bytes a file of this format may have. */
  readonly maxBytes: number;
  recognise(file: Uint8Array, name: string): Recognition | undefined;
  /** @throws FlashError `image.*`, naming the offset or the line */
  parse(file: Uint8Array, name: string): ParsedImage;
}

/** A part that only has an address. */
export function addressedPart(address: number | undefined, bytes: Uint8Array): ImagePart {
  return { address, bytes, alternate: undefined, alternateName: undefined };
}
