// An image the core holds open for this page, opened again when the core let it go meanwhile.
import type { ImageReport } from '../../shared/image-report.ts';
import { failureOf } from '../client/errors.ts';
import { sendFile } from '../client/send-file.ts';
import { ImageBytes } from './image-bytes.svelte.ts';
import type { StudioState } from './studio.svelte.ts';

/** Where an image comes from. */
export type ImageSource =
  | {
      readonly kind: 'file';
      readonly file: File;
      readonly asRaw: boolean;
      readonly entry: string | undefined;
    }
  | { readonly kind: 'backup'; readonly id: string };

/** One open image. */
export class OpenedImage {
  readonly source: ImageSource;
  readonly bytes: ImageBytes;
  report = $state.raw() as ImageReport;
  readonly #studio: StudioState;
  /** The connection that knows our id; another one gives the same ids to other files. */
  #generation: number;
  #opening: Promise<void> | undefined;

  private constructor(studio: StudioState, source: ImageSource, report: ImageReport) {
    this.#studio = studio;
    this.#generation = studio.generation;
    this.source = source;
    this.report = report;
    this.bytes = new ImageBytes(async (piece) => {
      const blob = await this.use((id) => this.#studio.client.images.bytes({ id, ...piece }));
      return new Uint8Array(await blob.arrayBuffer());
    });
  }

  /** @throws as `images.inspect` and `backups.open` */
  static async open(studio: StudioState, source: ImageSource): Promise<OpenedImage> {
    return new OpenedImage(studio, source, await openSource(studio, source));
  }

  /**
   * Does something with the image. The core lets files go that nobody used for a while, and all of them when the
   * connection ends: then it is sent once more.
   * @throws as the action, and as `open`
   */
  async use<T>(action: (id: string) => Promise<T>): Promise<T> {
    if (this.#generation !== this.#studio.generation) await this.#openAgain();
    const { id } = this.report;
    try {
      return await action(id);
    } catch (error) {
      if (failureOf(error).code !== 'api.unknown') throw error;
      if (id === this.report.id) await this.#openAgain();
      return await action(this.report.id);
    }
  }

  /** The page is done with it. */
  async close(): Promise<void> {
    if (this.#generation !== this.#studio.generation) return;
    const { id } = this.report;
    // Without a connection there is nothing to close.
    await Promise.resolve()
      .then(() => this.#studio.client.images.close({ id }))
      .catch(() => undefined);
  }

  async #openAgain(): Promise<void> {
    const { generation } = this.#studio;
    this.#opening ??= openSource(this.#studio, this.source)
      .then((report) => {
        this.report = report;
        this.#generation = generation;
      })
      .finally(() => (this.#opening = undefined));
    await this.#opening;
  }
}

async function openSource({ client }: StudioState, source: ImageSource): Promise<ImageReport> {
  return source.kind === 'backup'
    ? await client.backups.open({ id: source.id })
    : await sendFile(client, source.file, source);
}
