// What is about to be put on one board: the files, the options, and the plan the core made of them.
import type { KeptRecipe } from '../../shared/batch.ts';
import type { FetchedUpdate } from '../../shared/contract/updates.ts';
import type { ImageReport } from '../../shared/image-report.ts';
import type { Plan } from '../../shared/plan.ts';
import { failureOf, type Failure } from '../client/errors.ts';
import { sendFile } from '../client/send-file.ts';
import type { FlashTarget, TargetInput } from './flash-target.ts';
import type { StudioState } from './studio.svelte.ts';

/** Options that change the plan. */
export interface FlashOptions {
  readonly backup: boolean;
  readonly verify: boolean;
  readonly leave: boolean;
  readonly full: boolean;
  readonly keepRest: boolean;
  readonly asRaw: boolean;
  readonly address: number | undefined;
}

/** The choice for one board, there or awaited; thrown away with its page. */
export class Firmware {
  readonly #studio: StudioState;
  readonly #target: FlashTarget;
  images = $state.raw<readonly ImageReport[]>([]);
  options = $state.raw<FlashOptions>();
  plan = $state.raw<Plan>();
  failure = $state.raw<Failure>();
  /** Which file could not be read. */
  failedFile = $state('');
  work = $state<'idle' | 'reading' | 'planning' | 'starting'>('idle');
  /** The files are this backup, to be put back. */
  restoreOf = $state<string>();
  /** The file is this offer. */
  update = $state.raw<FetchedUpdate>();
  /** The person wants another file. */
  left = $state(false);
  #files: readonly File[] = [];
  /** Files without an address are the board's own firmware: they go to where its memory begins. */
  #fromStart = false;
  /** Only the newest wish counts: what an older one brings is thrown away. */
  #wish = 0;

  constructor(studio: StudioState, target: FlashTarget) {
    this.#studio = studio;
    this.#target = target;
  }

  get chosen(): FlashOptions {
    return (
      this.options ?? {
        backup: this.#target.backsUp && this.#studio.settings.backup === 'always',
        verify: true,
        leave: true,
        full: false,
        keepRest: false,
        asRaw: false,
        address: undefined,
      }
    );
  }

  /** Takes new files in place of the old. */
  async take(
    files: readonly File[],
    { asRaw = false, entry }: { asRaw?: boolean; entry?: string | undefined } = {},
  ): Promise<void> {
    const wish = this.#begin('reading');
    await this.#drop();
    this.#files = files;
    this.#fromStart = false;
    this.restoreOf = undefined;
    this.options = { ...this.chosen, asRaw, address: undefined };
    try {
      const images: ImageReport[] = [];
      for (const file of files) {
        this.failedFile = file.name;
        images.push(await sendFile(this.#studio.client, file, { asRaw, entry }));
      }
      if (wish !== this.#wish) return;
      this.images = images;
      await this.#makePlan(wish);
    } catch (error) {
      this.#fail(wish, error);
    }
  }

  /** The same files, their bytes taken as they are. */
  async takeAsRaw(): Promise<void> {
    await this.take(this.#files, { asRaw: true });
  }

  /** Of the archive that holds several: the one that is meant. */
  async takeEntry(entry: string): Promise<void> {
    await this.take(this.#files, { entry });
  }

  /** Takes a backup, to be put back. */
  async takeBackup(id: string): Promise<void> {
    const wish = this.#begin('reading');
    await this.#drop();
    this.#files = [];
    this.#fromStart = false;
    this.restoreOf = id;
    this.failedFile = id;
    try {
      const image = await this.#studio.client.backups.open({ id });
      if (wish !== this.#wish) return;
      this.images = [image];
      await this.#makePlan(wish);
    } catch (error) {
      this.#fail(wish, error);
    }
  }

  /** Takes images that the core kept, as they were to be installed then. */
  async takeKept(
    kept: () => Promise<{ readonly images: readonly ImageReport[]; readonly options: KeptRecipe }>,
  ): Promise<void> {
    const wish = this.#begin('reading');
    await this.#drop();
    this.#files = [];
    this.restoreOf = undefined;
    try {
      const { images, options } = await kept();
      if (wish !== this.#wish) return;
      const { backup, verify, leave, full, keepRest, asRaw, address, fromStart } = options;
      this.#fromStart = fromStart === true;
      const usual = this.chosen;
      this.options = {
        backup: backup ?? usual.backup,
        verify: verify ?? usual.verify,
        leave: leave ?? usual.leave,
        full: full ?? usual.full,
        keepRest: keepRest ?? usual.keepRest,
        asRaw: asRaw ?? usual.asRaw,
        address,
      };
      this.images = images;
      await this.#makePlan(wish);
    } catch (error) {
      this.#fail(wish, error);
    }
  }

  /** Takes an offer of the last look, fetched by the core. */
  async takeOffer(portPath: string, offer: string): Promise<void> {
    const wish = this.#begin('reading');
    await this.#drop();
    this.#files = [];
    this.restoreOf = undefined;
    try {
      const update = await this.#studio.client.updates.fetch({ portPath, offer });
      if (wish !== this.#wish) return;
      this.update = update;
      this.#fromStart = true;
      this.images = [update.image];
      await this.#makePlan(wish);
    } catch (error) {
      this.#fail(wish, error);
    }
  }

  /** Changes an option and plans anew. */
  async choose(change: Partial<FlashOptions>): Promise<void> {
    this.options = { ...this.chosen, ...change };
    await this.planAgain();
  }

  async planAgain(): Promise<void> {
    if (this.images.length === 0) return;
    const wish = this.#begin('planning');
    try {
      await this.#makePlan(wish);
    } catch (error) {
      this.#fail(wish, error);
    }
  }

  /** Starts what was planned; answers the job's id, or undefined when it could not be started. */
  async start(agreed: readonly string[]): Promise<string | undefined> {
    const { plan } = this;
    if (plan === undefined) return undefined;
    const wish = this.#begin('starting', { keepPlan: true });
    try {
      const { id } = await this.#target.start(this.#input(), {
        confirmed: plan.hash,
        agreed: [...agreed],
      });
      this.work = 'idle';
      return id;
    } catch (error) {
      this.#fail(wish, error);
      return undefined;
    }
  }

  /** Back to no file. */
  async clear(): Promise<void> {
    this.left = true;
    this.#begin('idle');
    await this.#drop();
  }

  #begin(work: 'idle' | 'reading' | 'planning' | 'starting', { keepPlan = false } = {}): number {
    this.work = work;
    this.failure = undefined;
    if (!keepPlan) this.plan = undefined;
    return ++this.#wish;
  }

  async #drop(): Promise<void> {
    const { images } = this;
    this.images = [];
    for (const { id } of images) await this.#studio.client.images.close({ id }).catch(() => undefined);
  }

  async #makePlan(wish: number): Promise<void> {
    this.work = 'planning';
    const plan = await this.#target.plan(this.#input());
    if (wish !== this.#wish) return;
    this.plan = plan;
    this.work = 'idle';
  }

  #input(): TargetInput {
    const { address, ...options } = this.chosen;
    return {
      images: this.images.map(({ id }) => id),
      ...options,
      ...(address === undefined ? {} : { address }),
      fromStart: this.#fromStart,
      allowOptionBytes: false,
      ...(this.restoreOf === undefined ? {} : { restoreOf: this.restoreOf }),
    };
  }

  #fail(wish: number, error: unknown): void {
    if (wish !== this.#wish) return;
    this.failure = failureOf(error);
    this.work = 'idle';
  }
}
