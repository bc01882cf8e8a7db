import type { Archive } from '../archives/archive.ts';
import type { PackageId, ParsedImage } from '../image.ts';

/** An archive that is one firmware as a whole. A new kind is a file with such an object and a line in `choose.ts`. */
export interface ImagePackage {
  readonly id: PackageId;
  /** Looks at names first, for unpacking costs; undefined when the archive is no such package. @throws FlashError `image.*` */
  recognise(archive: Archive): RecognisedPackage | undefined;
}

export interface RecognisedPackage {
  readonly evidence: string;
  /** @throws FlashError `image.*` */
  parse(): ParsedImage;
}
