// The file that is looked at, what it is compared with, and what it is checked against.
import type { FoundBytes, ImageDifference, ImagePlace, SearchedFor } from '../../shared/image-view.ts';
import type { Plan } from '../../shared/plan.ts';
import { failureOf, type Failure } from '../client/errors.ts';
import { OpenedImage, type ImageSource } from './opened-image.svelte.ts';
import type { StudioState } from './studio.svelte.ts';

/** What a file is checked against: a port with a board, or a chip without one. */
export type Against =
  { readonly kind: 'port'; readonly portPath: string } | { readonly kind: 'chip'; readonly slug: string };

/** A file being opened: what came of it. */
interface Slot {
  readonly image: OpenedImage | undefined;
  /** The last one that could not be opened, and why. */
  readonly failed: { readonly source: ImageSource; readonly failure: Failure } | undefined;
  readonly reading: boolean;
}

const emptySlot: Slot = { image: undefined, failed: undefined, reading: false };

/** The file page's own; thrown away with it. */
export class FileView {
  readonly #studio: StudioState;
  file = $state.raw<Slot>(emptySlot);
  other = $state.raw<Slot>(emptySlot);
  difference = $state.raw<ImageDifference & { readonly shift: number }>();
  against = $state.raw<Against>();
  plan = $state.raw<Plan>();
  planFailure = $state.raw<Failure>();
  planning = $state(false);
  address = $state.raw<number>();
  /** Only the newest wish of each kind counts. */
  #wishes = { file: 0, other: 0, plan: 0 };

  constructor(studio: StudioState) {
    this.#studio = studio;
  }

  /** Takes a file in place of the one before; what was compared and checked begins anew. */
  async take(source: ImageSource): Promise<void> {
    const before = this.file.image;
    if (!(await this.#open('file', source))) return;
    await before?.close();
    this.address = undefined;
    await Promise.all([this.compare(), this.check(this.against)]);
  }

  /** Takes what it is compared with. */
  async takeOther(source: ImageSource): Promise<void> {
    const before = this.other.image;
    if (!(await this.#open('other', source))) return;
    await before?.close();
    await this.compare();
  }

  /** Compares with nothing any more. */
  async dropOther(): Promise<void> {
    this.#wishes.other++;
    const before = this.other.image;
    this.other = emptySlot;
    this.difference = undefined;
    await before?.close();
  }

  /** Compares both once more. */
  async compare(): Promise<void> {
    const [file, other] = [this.file.image, this.other.image];
    this.difference = undefined;
    if (file === undefined || other === undefined) return;
    try {
      const difference = await file.use((id) =>
        other.use((withId) => this.#studio.client.images.compare({ id, withId })),
      );
      if (this.file.image === file && this.other.image === other) this.difference = difference;
    } catch (error) {
      this.other = { ...this.other, failed: { source: other.source, failure: failureOf(error) } };
    }
  }

  /** The first place at or behind `from`. @throws as `images.find` */
  async find(what: SearchedFor, from: ImagePlace | undefined): Promise<FoundBytes | undefined> {
    const place = from === undefined ? {} : { from };
    return await this.file.image?.use((id) => this.#studio.client.images.find({ id, what, ...place }));
  }

  /** Checks the file against a board or a chip; `undefined` against nothing. */
  async check(against: Against | undefined): Promise<void> {
    const wish = ++this.#wishes.plan;
    this.against = against;
    this.plan = undefined;
    this.planFailure = undefined;
    const file = this.file.image;
    this.planning = against !== undefined && file !== undefined;
    if (against === undefined || file === undefined) return;
    const { client } = this.#studio;
    const address = this.address === undefined ? {} : { address: this.address };
    try {
      const plan = await file.use((id) =>
        against.kind === 'port'
          ? client.jobs.plan({ portPath: against.portPath, images: [id], ...address })
          : client.jobs.planForChip({ chip: against.slug, images: [id], ...address }),
      );
      if (wish === this.#wishes.plan) this.plan = plan;
    } catch (error) {
      if (wish === this.#wishes.plan) this.planFailure = failureOf(error);
    }
    if (wish === this.#wishes.plan) this.planning = false;
  }

  /** Says where plain bytes go, and checks again. */
  async putAt(address: number): Promise<void> {
    this.address = address;
    await this.check(this.against);
  }

  /** Lets the core forget both files. */
  async close(): Promise<void> {
    for (const kind of ['file', 'other', 'plan'] as const) this.#wishes[kind]++;
    await this.file.image?.close();
    await this.other.image?.close();
  }

  async #open(which: 'file' | 'other', source: ImageSource): Promise<boolean> {
    const wish = ++this.#wishes[which];
    this[which] = { ...this[which], failed: undefined, reading: true };
    try {
      const image = await OpenedImage.open(this.#studio, source);
      if (wish !== this.#wishes[which]) {
        await image.close();
        return false;
      }
      this[which] = { image, failed: undefined, reading: false };
      return true;
    } catch (error) {
      if (wish === this.#wishes[which])
        this[which] = { ...this[which], failed: { source, failure: failureOf(error) }, reading: false };
      return false;
    }
  }
}
