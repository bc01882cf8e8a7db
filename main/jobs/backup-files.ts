// A backup on its way out: as it was saved, or in another format. A page takes it piece by piece; it is read once.
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../base/clock.ts';
import { convertImage, type WrittenFormat } from '../images/convert.ts';
import type { ReadImage } from '../images/open-images.ts';
import { readIntactBackup } from '../store/backup-library.ts';

/** As it lies there, or converted. */
export type BackupFormat = 'saved' | Extract<WrittenFormat, 'bin' | 'hex' | 'dfuse'>;

/** One page's. It holds the file that was asked for last, for as long as pieces are asked for. */
export class BackupFiles {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #read: ReadImage;
  #held: { readonly key: string; readonly bytes: Promise<Uint8Array> } | undefined;
  #stopIdle: () => void = () => undefined;

  constructor(folder: string, clock: Clock, read: ReadImage) {
    this.#folder = folder;
    this.#clock = clock;
    this.#read = read;
  }

  /**
   * The whole file.
   * @throws FlashError `api.unknown`, `backup.changed`, `file.*`, `image.cannot-convert`
   */
  async bytes(id: string, format: BackupFormat): Promise<Uint8Array> {
    const key = `${format} ${id}`;
    if (this.#held?.key !== key) this.#held = { key, bytes: this.#load(id, format) };
    this.#stopIdle();
    this.#stopIdle = this.#clock.after(limits.openImageIdleMs, () => this.letGo());
    const { bytes } = this.#held;
    // What failed is tried anew next time.
    bytes.catch(() => this.letGo());
    return await bytes;
  }

  /** Frees what is held. */
  letGo(): void {
    this.#stopIdle();
    this.#held = undefined;
  }

  async #load(id: string, format: BackupFormat): Promise<Uint8Array> {
    const saved = await readIntactBackup(this.#folder, id);
    if (format === 'saved') return saved;
    return convertImage(await this.#read(saved, id, {}), format);
  }
}
