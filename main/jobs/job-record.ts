// One job's entries in the journal. A flash that has begun is never stopped by a journal that cannot be written: the board
// would be half-written for sure, where going on leaves it whole. Before the first erase it is said, and the job goes on
// too, as long as what it is about to do is on the disk somewhere (`job-calls.ts`): refusing would keep a person with a full
// disk from repairing a board. Only where the history knows of the job, and could never learn that it has begun to erase,
// nothing is begun: it would tell a board as untouched that is not.
import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import { toFlashError, type FlashError } from '../../shared/errors/flash-error.ts';
import type { RecordedBackup, RecordedImage, RecordedKind, RegionRanges } from '../../shared/history.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import { verdictOf, type Result } from '../../shared/result.ts';
import { sha256Of } from '../base/hash.ts';
import { encodeImage } from '../images/held-image.ts';
import type { FirmwareImage } from '../images/image.ts';
import { holdImage } from '../store/held-images.ts';
import type { Act, StepRow } from '../store/journal-rows.ts';
import type { BoardFacts } from './board-facts.ts';
import { JobCalls } from './job-calls.ts';
import type { Journal } from './journal.ts';
import type { DirectRequest } from './request.ts';
import type { Sighting } from './survey.ts';
import { unitOf, unitSeen } from './unit.ts';

/** A job that left this board half-written. */
export interface EarlierJob {
  readonly id: string;
  readonly sameImages: boolean;
  readonly why: 'resumed' | 'superseded';
}

/** What will be done, as it is remembered. */
export interface Confirmed {
  readonly planHash: string;
  readonly images: readonly FirmwareImage[];
  readonly backup: RecordedBackup | undefined;
  readonly planned: readonly RegionRanges[];
  /** Bytes around the image, in sectors that will be erased, are written back. */
  readonly keepsBytes: boolean;
}

export class JobRecord {
  readonly id = randomUUID();
  readonly #journal: Journal;
  readonly #request: DirectRequest;
  readonly #emit: (event: JobEvent) => void;
  readonly #calls: JobCalls;
  /** `silent`: nothing is recorded yet. `kept`: what will be done is. */
  #state: 'silent' | 'begun' | 'kept' = 'silent';
  #trouble: FlashError | undefined;
  #earlier: readonly EarlierJob[] = [];
  readonly #said = new Set<ErrorCode>();

  constructor(journal: Journal, request: DirectRequest, emit: (event: JobEvent) => void) {
    this.#journal = journal;
    this.#request = request;
    this.#emit = emit;
    const { store, beside, run } = journal;
    const trouble = (error: FlashError): void => {
      this.#trouble = error;
      this.#warn(error);
    };
    this.#calls = new JobCalls({ job: this.id, run, store, beside, trouble });
  }

  /** The board is found: from here on it is a job of that board. What only looks is not recorded. */
  begin(sighting: Sighting): void {
    const request = this.#request;
    if ('dryRun' in request && request.dryRun) return;
    this.#state = 'begun';
    const kind: RecordedKind = request.kind === 'chip' ? request.command : request.kind;
    const startedAt = this.#now();
    this.#calls.tell('beginJob', this.#journal.run, {
      id: this.id,
      kind,
      startedAt,
      unit: unitSeen(sighting),
    });
  }

  identified(facts: BoardFacts): void {
    if (this.#state !== 'begun') return;
    this.#calls.tell('identifyJob', this.id, unitOf(facts));
  }

  /** @param jobs that left this board half-written: once this one changes the board, they are over */
  supersedes(jobs: readonly EarlierJob[]): void {
    this.#earlier = jobs;
  }

  /**
   * Before the first erase: what will be done is on the disk when this resolves, images included.
   * @throws FlashError `store.*`, `file.*` where an end of the program would leave the history telling what is not so
   */
  async confirm(confirmed: Confirmed): Promise<void> {
    if (this.#state !== 'begun') return;
    const held: { readonly name: string; readonly content: Uint8Array }[] = [];
    const images: RecordedImage[] = [];
    for (const image of confirmed.images) {
      const content = encodeImage(image);
      const name = await sha256Of(content);
      held.push({ name, content });
      images.push(recordedImage(image, name));
    }
    const { planHash, backup, planned, keepsBytes } = confirmed;
    const request = { ...plainRequest(this.#request), keepsBytes };
    this.#calls.tell('planJob', this.id, { planHash, request, images, backup, planned });
    const place = await this.#calls.settle();
    if (place === 'nowhere' && this.#calls.isKnown && this.#trouble !== undefined) throw this.#trouble;
    await this.#calls.guard();
    this.#state = 'kept';
    this.#sayNotices();
    if (place === 'nowhere') return;
    // Named before they are there, so that no other program sweeps them away meanwhile.
    for (const { name, content } of held) {
      try {
        await holdImage(this.#journal.imagesFolder, name, content);
      } catch (error) {
        this.#warn(error);
      }
    }
  }

  /** Before an erase or a write is sent: it is on the disk when this resolves, where that can be. Never rejects. */
  async intend(act: Act): Promise<void> {
    if (this.#state !== 'kept') return;
    this.#calls.tell('intend', this.id, act);
    await this.#calls.settle();
    this.#takeOver();
  }

  /** After this one's first act is on the disk: at no moment is there neither of the two. */
  #takeOver(): void {
    for (const { id, sameImages, why } of this.#earlier)
      this.#calls.tell('inherit', this.id, id, sameImages, why, this.#now());
    this.#earlier = [];
  }

  /** The last act was acknowledged, and none follows at once. */
  done(): void {
    if (this.#state === 'kept') this.#calls.tell('actDone', this.id);
  }

  step(row: Omit<StepRow, 'at'>): void {
    if (this.#state !== 'silent') this.#calls.tell('step', this.id, { ...row, at: this.#now() });
  }

  /** How it ended. Never rejects. */
  async end(result: Result): Promise<void> {
    if (this.#state === 'silent') return;
    const closed = staysOpen(this.#request, result) ? undefined : 'ended';
    const endedAt = this.#now();
    // Nothing had to be changed, but it was looked at, and all is well.
    if (result.outcome === 'done' && result.content.kind !== 'untouched') this.#takeOver();
    this.#calls.tell('endJob', this.id, { endedAt, verdict: verdictOf(result), result, closed });
    if ((await this.#calls.finish()) !== 'database') this.#journal.catchUpLater(this.#calls);
    else if (closed !== undefined) await this.#journal.sweep();
    this.#sayNotices();
  }

  #now(): string {
    return this.#journal.host.now().toISOString();
  }

  #warn(error: unknown): void {
    const { code, params } = toFlashError(error);
    this.#journal.host.log.write('warn', 'journal', `${code} ${JSON.stringify(params)}`);
    this.#say({ code, params });
  }

  /** Each kind of trouble once a job. */
  #say(warning: { readonly code: ErrorCode; readonly params: object }): void {
    if (this.#said.has(warning.code)) return;
    this.#said.add(warning.code);
    this.#emit({ type: 'warning', ...warning });
  }

  /** What opening the database told: known only once it answered. */
  #sayNotices(): void {
    for (const notice of this.#journal.takeNotices()) this.#say(notice);
  }
}

/** A board left half-way is not done with, whatever became of the job. */
function staysOpen(request: DirectRequest, { outcome, content, next }: Result): boolean {
  return request.kind === 'flash' && outcome !== 'done' && content.kind !== 'untouched' && next !== 'nothing';
}

function recordedImage(image: FirmwareImage, held: string): RecordedImage {
  const { name, fileBytes, sha256, format, facts } = image;
  return { name, bytes: fileBytes, sha256, format, facts, held };
}

/** What JSON can hold of a request; images are kept apart. */
function plainRequest(request: DirectRequest): object {
  if (request.kind === 'compare') return { kind: request.kind };
  if (request.kind !== 'flash') return { ...request };
  const { images: _images, resumes: _resumes, earlier: _earlier, allow, accept = [], ...rest } = request;
  return { ...rest, allow: [...allow], accept: [...accept] };
}
