import * as v from 'valibot';
import type { KeptRecipe, OpenBatch } from '../batch.ts';
import type { ErrorCode } from '../errors/codes.ts';
import {
  historyEnds,
  historyFormats,
  type HistoryCounts,
  type HistoryCursor,
  type HistoryEntry,
  type KnownUnit,
  type OpenJob,
  type StoreNotice,
} from '../history.ts';
import type { ImageReport } from '../image-report.ts';
import { limits } from '../limits.ts';
import { answer, contract, done, idSchema, nothingSchema, offsetSchema } from './base.ts';

const jobNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));

/** Which jobs. */
const filterSchema = v.strictObject({
  /** Part of a name, a file, a hash, an error or an id. */
  search: v.exactOptional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(limits.textBytes))),
  ended: v.exactOptional(v.picklist(historyEnds)),
  /** Begun then or later; ISO 8601, UTC. */
  since: v.exactOptional(v.pipe(v.string(), v.isoTimestamp())),
  /** Of the board that this job was on. */
  unitOf: v.exactOptional(idSchema),
});
export type HistoryQuery = v.InferOutput<typeof filterSchema>;

/** A page of the history. */
export interface HistoryPage {
  /** Newest first. */
  readonly jobs: readonly HistoryEntry[];
  readonly more: boolean;
  /** Of all that fit, virtual boards left out unless they were asked for. */
  readonly counts: HistoryCounts;
  /** The board, where one was asked for, as its last job knew it. */
  readonly unit: KnownUnit['unit'] | undefined;
}

/** An open job, as a page needs it. */
export interface OpenJobReport extends OpenJob {
  /** Its backup in the library; undefined where it is not there, or was saved elsewhere. */
  readonly backupId: string | undefined;
}

/** What earlier jobs left. */
export interface OpenJobsReport {
  /** Oldest first. */
  readonly jobs: readonly OpenJobReport[];
  /** What happened to the history since the last time somebody asked: told once. */
  readonly notices: readonly (StoreNotice | { readonly code: ErrorCode; readonly params: object })[];
}

/** Jobs of the past, and those that are not over. */
export const history = {
  /** At most `limits.historyPageJobs` jobs. @throws FLASH `store.*`, `api.unknown` */
  list: contract
    .input(
      v.strictObject({
        ...filterSchema.entries,
        virtual: v.exactOptional(v.boolean()),
        /** Only jobs before this number: the next page. */
        before: v.exactOptional(jobNumber),
      }),
    )
    .output(answer<HistoryPage>()),
  /** One job, whole. @throws FLASH `store.*`, `api.unknown` */
  job: contract.input(v.strictObject({ id: idSchema })).output(answer<HistoryEntry>()),
  /** Boards there were jobs of, the latest first. @throws FLASH `store.*` */
  units: contract.input(nothingSchema).output(answer<readonly KnownUnit[]>()),
  /**
   * A piece of a table or a JSON file; the next begins at `next`, until there is none. Virtual boards only when they
   * are asked for, and then nothing else. @throws FLASH `store.*`, `api.unknown`
   */
  export: contract
    .input(
      v.strictObject({
        ...filterSchema.entries,
        virtual: v.optional(v.boolean(), false),
        format: v.picklist(historyFormats),
        from: v.optional(v.strictObject({ before: v.optional(jobNumber), offset: offsetSchema }), {
          offset: 0,
        }),
      }),
    )
    .output(
      answer<{
        piece: v.InferOutput<ReturnType<typeof v.blob>>;
        next: HistoryCursor | undefined;
      }>(),
    ),
  /** Jobs that ended half-way, or whose program did. @throws FLASH `store.*` */
  open: contract.input(nothingSchema).output(answer<OpenJobsReport>()),
  /**
   * Starts a job that goes on with an open one, on that board and no other. It asks before it changes anything, as every
   * flash does. @throws FLASH `resume.*`, `store.*`, `api.limit`, `device.locked`
   */
  resume: contract.input(v.strictObject({ id: idSchema })).output(answer<{ id: string }>()),
  /** Batches that were under way when their programs ended, newest first. @throws FLASH `store.*` */
  openBatches: contract.input(nothingSchema).output(answer<readonly OpenBatch[]>()),
  /**
   * Opens what such a batch was begun with, for the page to plan anew. Nothing is started.
   * @throws FLASH `resume.unknown`, `resume.no-image`, `api.limit`, `store.*`
   */
  takeBatch: contract
    .input(v.strictObject({ id: idSchema }))
    .output(answer<{ images: readonly ImageReport[]; options: KeptRecipe }>()),
  /** Nothing will be done about it; open jobs of its boards stay. @throws FLASH `resume.unknown`, `store.*` */
  putAwayBatch: contract.input(v.strictObject({ id: idSchema })).output(done),
  /** Nothing will be done about it; backups stay. @throws FLASH `resume.unknown`, `resume.still-runs`, `store.*` */
  discard: contract.input(v.strictObject({ id: idSchema })).output(done),
};
