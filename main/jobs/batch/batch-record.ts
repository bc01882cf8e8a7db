// A batch's entries in the database. It waits for none of them: a batch is never held up by a disk, and what cannot be
// written is said once in the log; the journal of its jobs is what boards depend on, and that one is waited for.
import { randomUUID } from 'node:crypto';
import type { BatchSnapshot, BatchUnit, KeptRecipe } from '../../../shared/batch.ts';
import { toFlashError } from '../../../shared/errors/flash-error.ts';
import { sha256Of } from '../../base/hash.ts';
import { encodeImage } from '../../images/held-image.ts';
import type { FirmwareImage } from '../../images/image.ts';
import type { BatchBeginning } from '../../store/batch-calls.ts';
import { holdImage } from '../../store/held-images.ts';
import type { CallArguments, CallName } from '../../store/store-door.ts';
import type { Journal } from '../journal.ts';
import type { FlashRequest } from '../request.ts';

/** What is needed to ask for the same again. */
export interface Recipe {
  readonly images: readonly FirmwareImage[];
  /** Options, as JSON can hold them. */
  readonly options: KeptRecipe;
}

type Kept = Pick<BatchSnapshot, 'kind' | 'profile' | 'wanted' | 'state'>;

/** The recipe of a flash. */
export function recipeOf(request: FlashRequest): Recipe {
  const { images, address, fromStart, backup, insistOnBackup, verify, leave, full, keepRest, asRaw } =
    request;
  const options = { address, fromStart, backup, insistOnBackup, verify, leave, full, keepRest, asRaw };
  return { images, options: options satisfies KeptRecipe };
}

/** One batch's. */
export class BatchRecord {
  readonly id = randomUUID();
  readonly #journal: Journal;
  readonly #recipe: Recipe;
  readonly #written = new Map<string, string>();
  #images: BatchBeginning['images'] = [];
  #wanted: number;
  #open = true;
  #ready: Promise<void>;
  #lost = false;

  constructor(journal: Journal, recipe: Recipe, about: Pick<Kept, 'kind' | 'profile' | 'wanted'>) {
    this.#journal = journal;
    this.#wanted = about.wanted;
    this.#recipe = recipe;
    this.#ready = this.#begin(about);
  }

  /** Takes in how it stands. @param over nothing is left to do about it, unless it is made to go on */
  keep(snapshot: Pick<Kept, 'wanted'>, units: readonly BatchUnit[], over: boolean): void {
    for (const unit of units) {
      const { jobId, record, portPath, board, virtual, serial, startedAt, seconds, state, retried } = unit;
      const error = unit.error?.code;
      const row = {
        jobId,
        record,
        portPath,
        board,
        virtual,
        serial,
        startedAt,
        seconds,
        state,
        retried,
        error,
      };
      const written = JSON.stringify(row);
      if (this.#written.get(jobId) === written) continue;
      this.#written.set(jobId, written);
      this.#tell('batchBoard', this.id, row);
    }
    if (snapshot.wanted !== this.#wanted) {
      this.#wanted = snapshot.wanted;
      this.#tell('wantBatch', this.id, snapshot.wanted);
    }
    if (over === !this.#open) return;
    this.#open = !over;
    if (over) this.#tell('closeBatch', this.id, 'ended', this.#now());
    else this.#after(() => this.#reopen());
  }

  /** Resolves when all of it is on the disk, or could not be. Never rejects. */
  async written(): Promise<void> {
    await this.#ready;
  }

  async #begin(about: Pick<Kept, 'kind' | 'profile' | 'wanted'>): Promise<void> {
    try {
      const contents = await this.#encoded();
      this.#images = contents.map(({ name, sha256, held }) => ({ name, sha256, held }));
      const { kind, profile, wanted } = about;
      await this.#journal.store.ask('beginBatch', this.#journal.run, {
        id: this.id,
        kind,
        profile,
        wanted,
        startedAt: this.#now(),
        recipe: this.#recipe.options,
        images: this.#images,
      });
      // Named before they are there, so that no other program sweeps them away meanwhile.
      for (const { held, content } of contents) await holdImage(this.#journal.imagesFolder, held, content);
    } catch (error) {
      this.#lose(error);
    }
  }

  async #reopen(): Promise<void> {
    await this.#journal.store.ask('reopenBatch', this.id, this.#images);
    for (const { held, content } of await this.#encoded())
      await holdImage(this.#journal.imagesFolder, held, content);
  }

  async #encoded() {
    return await Promise.all(
      this.#recipe.images.map(async (image) => {
        const content = encodeImage(image);
        return { name: image.name, sha256: image.sha256, held: await sha256Of(content), content };
      }),
    );
  }

  /** Behind what was told before. */
  #after(act: () => Promise<unknown>): void {
    this.#ready = this.#ready.then(act).then(
      () => undefined,
      (error: unknown) => this.#lose(error),
    );
  }

  #tell<N extends CallName>(name: N, ...values: CallArguments<N>): void {
    this.#after(() => this.#journal.store.ask(name, ...values));
  }

  #lose(error: unknown): void {
    if (this.#lost) return;
    this.#lost = true;
    const { code, params } = toFlashError(error);
    this.#journal.host.log.write(
      'warn',
      'queue',
      `the batch is not recorded: ${code} ${JSON.stringify(params)}`,
    );
  }

  #now(): string {
    return this.#journal.host.now().toISOString();
  }
}
