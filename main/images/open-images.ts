// Firmware files a page has sent us, piece by piece, and may use in jobs.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { formatIds } from '../../shared/hex.ts';
import type { ImageReport } from '../../shared/image-report.ts';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../base/clock.ts';
import type { FirmwareImage } from './image.ts';
import type { ReadOptions } from './registry.ts';

interface OpenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  received: number;
  image: FirmwareImage | undefined;
  stopIdle: () => void;
}

/** Understands a file, wherever that is done. @throws FlashError `image.*` */
export type ReadImage = (bytes: Uint8Array, name: string, options: ReadOptions) => Promise<FirmwareImage>;

/** The files one page holds open: bounded in number, size and time. */
export class OpenImages {
  readonly #files = new Map<string, OpenFile>();
  readonly #clock: Clock;
  readonly #read: ReadImage;
  #next = 1;

  /** @param read may keep the bytes it is given */
  constructor(clock: Clock, read: ReadImage) {
    this.#clock = clock;
    this.#read = read;
  }

  /** @throws FlashError `api.limit` */
  begin(name: string, bytes: number): string {
    if (this.#files.size >= limits.openImages)
      throw new FlashError('api.limit', { what: 'open-images', limit: limits.openImages });
    const held = [...this.#files.values()].reduce((sum, file) => sum + file.bytes.length, 0);
    if (held + bytes > limits.openImagesBytes)
      throw new FlashError('api.limit', { what: 'open-images-bytes', limit: limits.openImagesBytes });
    const id = `image-${this.#next++}`;
    const file = { name, bytes: new Uint8Array(bytes), received: 0, image: undefined };
    this.#files.set(id, { ...file, stopIdle: () => undefined });
    this.#touch(id);
    return id;
  }

  /** @throws FlashError `api.unknown`, `api.out-of-order` */
  append(id: string, offset: number, chunk: Uint8Array): void {
    const file = this.#touch(id);
    if (offset !== file.received || offset + chunk.length > file.bytes.length)
      throw new FlashError('api.out-of-order', { offset, expected: file.received });
    file.bytes.set(chunk, offset);
    file.received += chunk.length;
  }

  /**
   * Reads the file as told, and keeps it so.
   * @throws FlashError `api.unknown`, `api.out-of-order` while pieces are missing, `image.*`
   */
  async inspect(id: string, options: ReadOptions = {}): Promise<ImageReport> {
    const file = this.#whole(id);
    // A copy: the file may be read again, otherwise.
    file.image = await this.#read(file.bytes.slice(), file.name, options);
    return reportOf(id, file.image);
  }

  /** Its bytes as they came. @throws FlashError `api.unknown`, `api.out-of-order` */
  file(id: string): { readonly name: string; readonly bytes: Uint8Array } {
    const { name, bytes } = this.#whole(id);
    return { name, bytes: bytes.slice() };
  }

  /** The file as it was read last. @throws as `inspect` */
  async image(id: string): Promise<FirmwareImage> {
    const file = this.#whole(id);
    return (file.image ??= await this.#read(file.bytes.slice(), file.name, {}));
  }

  /** A file that is whole already, as a backup. @throws FlashError `api.limit`, `image.*` */
  async add(name: string, bytes: Uint8Array): Promise<ImageReport> {
    const id = this.begin(name, bytes.length);
    try {
      this.append(id, 0, bytes);
      return await this.inspect(id);
    } catch (error) {
      this.close(id);
      throw error;
    }
  }

  /** An image that is understood already; there is no file to be read otherwise. @throws FlashError `api.limit` */
  hold(image: FirmwareImage): ImageReport {
    const id = this.begin(image.name, 0);
    const file = this.#touch(id);
    file.image = image;
    return reportOf(id, image);
  }

  close(id: string): void {
    this.#files.get(id)?.stopIdle();
    this.#files.delete(id);
  }

  closeAll(): void {
    for (const id of [...this.#files.keys()]) this.close(id);
  }

  #whole(id: string): OpenFile {
    const file = this.#touch(id);
    if (file.received !== file.bytes.length)
      throw new FlashError('api.out-of-order', { offset: file.bytes.length, expected: file.received });
    return file;
  }

  #touch(id: string): OpenFile {
    const file = this.#files.get(id);
    if (file === undefined) throw new FlashError('api.unknown', { what: 'image' });
    file.stopIdle();
    file.stopIdle = this.#clock.after(limits.openImageIdleMs, () => this.close(id));
    return file;
  }
}

function reportOf(id: string, image: FirmwareImage): ImageReport {
  const { name, format, inside, evidence, sha256, fileBytes, ids, parts, entry, facts, notices } = image;
  return {
    id,
    name,
    format,
    inside,
    evidence,
    sha256,
    fileBytes,
    ids: ids === undefined ? undefined : formatIds(ids.vendorId, ids.productId),
    parts: parts.map((part) => ({
      address: part.address,
      bytes: part.bytes.length,
      alternate: part.alternate,
      space: part.space,
      chip: part.chip,
    })),
    entry,
    facts,
    notices,
  };
}
