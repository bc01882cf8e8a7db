import * as v from 'valibot';
import { eventIterator, type } from '@orpc/contract';
import type { BatchSnapshot } from '../batch.ts';
import { acceptances } from '../acceptances.ts';
import type { AlternateReport } from '../board.ts';
import { limits } from '../limits.ts';
import type { JobsChange } from '../job-changes.ts';
import type { Plan } from '../plan.ts';
import { profileIdSchema } from '../profile-id.ts';
import { answer, contract, done, idSchema, nothingSchema, portPathSchema } from './base.ts';

const address = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));

const chipSlug = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/));

const fileOptions = {
  images: v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(8)),
  /** Where images without an address go. */
  address: v.optional(address),
  /** They go to where the memory begins, unless `address` says otherwise: the file of an offer. */
  fromStart: v.optional(v.boolean(), false),
  verify: v.optional(v.boolean(), true),
  leave: v.optional(v.boolean(), true),
  full: v.optional(v.boolean(), false),
  keepRest: v.optional(v.boolean(), false),
  asRaw: v.optional(v.boolean(), false),
  allowOptionBytes: v.optional(v.boolean(), false),
};

const flashOptions = {
  portPath: portPathSchema,
  /** The board it must be, by its profile: what the page was shown. Another on the port is refused. */
  profile: v.optional(profileIdSchema),
  ...fileOptions,
  backup: v.optional(v.boolean(), true),
  /** Also where a backup is not usual for the board. */
  insistOnBackup: v.optional(v.boolean()),
  /** What is installed is this backup, put back: whose it is, is compared with the board. */
  restoreOf: v.optional(idSchema),
};

/** A board that need not be there: by its profile. */
const boardOptions = {
  profile: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/)),
  ...fileOptions,
  /** Not given: as is usual for the board. */
  backup: v.optional(v.boolean()),
  /** What is installed is this backup, put back: whose it is, is compared with the board. */
  restoreOf: v.optional(idSchema),
  /** Its chip, where a board of the profile may have several and the person says which; a name of `chips`. */
  chip: v.optional(chipSlug),
  /** What may turn out, and is then to be gone on with. */
  accept: v.optional(v.pipe(v.array(v.picklist(acceptances)), v.maxLength(acceptances.length)), []),
};

const confirmation = {
  /** The hash of the plan that was read and confirmed. A job that plans anything else asks again. */
  confirmed: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** Questions of that plan that were answered with yes. */
  agreed: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(40))), v.maxLength(16)), []),
};
const wayName = v.pipe(v.string(), v.minLength(1), v.maxLength(60));

const boardCount = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.batchBoards));

/** A chip whose memory we know. */
export interface ChipReport {
  readonly slug: string;
  readonly name: string;
  /** Boards that carry it. */
  readonly boards: readonly string[];
  readonly runs: AlternateReport['runs'];
}

/** What a flash is planned from; the same in both calls, so that the plan that runs is the plan that was shown. */
const planInputSchema = v.strictObject(flashOptions);

const flashInputSchema = v.strictObject({
  ...flashOptions,
  ...confirmation,
});

const boardPlanInputSchema = v.strictObject({
  ...boardOptions,
  /** Only this port; any otherwise. */
  portPath: v.optional(portPathSchema),
});

const armInputSchema = v.strictObject({
  ...boardOptions,
  ...confirmation,
  /** Only this port; any otherwise. */
  portPath: v.optional(portPathSchema),
  /** The way by hand that is shown first; with one named, software tries none of its own. */
  way: v.optional(wayName),
});

const flashAllInputSchema = v.strictObject({
  ...fileOptions,
  backup: v.optional(v.boolean(), true),
  insistOnBackup: v.optional(v.boolean()),
  boards: v.pipe(
    v.array(v.strictObject({ portPath: portPathSchema, ...confirmation })),
    v.minLength(1),
    v.maxLength(limits.queuedJobs),
    v.check((boards) => new Set(boards.map(({ portPath }) => portPath)).size === boards.length),
  ),
});

const armNextInputSchema = v.strictObject({
  ...boardOptions,
  ...confirmation,
  way: v.optional(wayName),
  /** So many boards, and then no more. */
  stopAfter: boardCount,
  /** The batch of a program that ended: its boards that were done are not meant, and it is over once this one is begun. */
  goesOn: v.optional(idSchema),
});

const guideInputSchema = v.strictObject({
  id: idSchema,
  say: v.union([v.literal('done'), v.strictObject({ way: wayName })]),
});

export type PlanInput = v.InferOutput<typeof planInputSchema>;
export type BoardPlanInput = v.InferOutput<typeof boardPlanInputSchema>;

export const jobs = {
  /** What a flash would do; the board is opened and looked at, and nothing on it is changed. */
  plan: contract.input(planInputSchema).output(answer<Plan>()),
  /** Chips that files can be checked against without a board. */
  chips: contract.input(nothingSchema).output(answer<readonly ChipReport[]>()),
  /** The plan there would be for a board with this chip in its bootloader. @throws FLASH `api.unknown` */
  planForChip: contract
    .input(
      v.strictObject({
        chip: chipSlug,
        images: fileOptions.images,
        address: fileOptions.address,
      }),
    )
    .output(answer<Plan>()),
  /**
   * The plan there will be for a board of this profile; whether the account may open its flash mode is among the refusals.
   * @throws FLASH `api.unknown`, `arm.not-plannable`
   */
  planForBoard: contract.input(boardPlanInputSchema).output(answer<Plan>()),
  /**
   * Waits for a board of this profile and flashes it the moment it is in flash mode: nothing is asked then. The job's
   * `guide` says what the hand is to do. @throws FLASH `api.unknown`, `api.limit`
   */
  arm: contract.input(armInputSchema).output(answer<{ id: string }>()),
  /** What the person says to the coach of a job. @throws FLASH `api.unknown` when there is none (any more) */
  guide: contract.input(guideInputSchema).output(done),
  /** Waits for its turn: its port's other jobs, and a free slot. @throws FLASH `api.limit` */
  flash: contract.input(flashInputSchema).output(answer<{ id: string }>()),
  /**
   * One recipe for many boards, each with its own plan as it was read and confirmed. A board that would ask anything else
   * is left as it is and told so; it keeps no other from its turn. @throws FLASH `api.limit`
   */
  flashAll: contract.input(flashAllInputSchema).output(answer<{ batch: string }>()),
  /**
   * The same for boards that are plugged in one after the other, or side by side: each port that has none waits for the
   * next. A board that had its turn gets no other before its port was empty. @throws FLASH `api.unknown`, `api.limit`,
   * `arm.not-plannable`, `resume.unknown`
   */
  armNext: contract.input(armNextInputSchema).output(answer<{ batch: string }>()),
  /** Boards of a batch that failed or were left get another turn, and no others. @throws FLASH `api.unknown` */
  retryFailed: contract
    .input(
      v.strictObject({
        batch: idSchema,
        /** Only boards on these ports. */
        ports: v.optional(v.pipe(v.array(portPathSchema), v.minLength(1), v.maxLength(limits.queuedJobs))),
        /** What was agreed to since, by port. */
        boards: v.optional(
          v.pipe(
            v.array(v.strictObject({ portPath: portPathSchema, ...confirmation })),
            v.maxLength(limits.queuedJobs),
          ),
          [],
        ),
      }),
    )
    .output(answer<{ retried: number }>()),
  /**
   * The recipe of a job that is over, for the next boards in flash mode that would be planned like its own; those that are
   * plugged in now are not meant. @throws FLASH `api.unknown` for a job that is no flash, or is forgotten; `api.limit`
   */
  nextLike: contract
    .input(v.strictObject({ id: idSchema, stopAfter: v.optional(boardCount, 1) }))
    .output(answer<{ batch: string }>()),
  /** So many boards are to be done; one that had enough goes on. @throws FLASH `api.unknown`, also for one recipe for all */
  stopBatchAfter: contract.input(v.strictObject({ batch: idSchema, count: boardCount })).output(done),
  /**
   * A piece of the table of boards that came to their ends, in that order; the next begins at `next`, until there is none.
   * @throws FLASH `api.unknown`
   */
  batchTable: contract
    .input(
      v.strictObject({
        batch: idSchema,
        from: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
      }),
    )
    .output(answer<{ piece: v.InferOutput<ReturnType<typeof v.blob>>; next: number | undefined }>()),
  /** Begins on no other board; those that run come to their ends. @throws FLASH `api.unknown` */
  stopBatch: contract.input(v.strictObject({ batch: idSchema })).output(done),
  /** All batches of this run, whole, newest first; at once and on every change of state. */
  watchBatches: contract.input(nothingSchema).output(eventIterator(type<readonly BatchSnapshot[]>())),
  backUp: contract
    .input(
      v.strictObject({
        portPath: portPathSchema,
        /** Read it all a second time before it is saved, and compare. */
        twice: v.optional(v.boolean(), false),
      }),
    )
    .output(answer<{ id: string }>()),
  /**
   * Reads what a backup of the library holds from a board, and says where they differ: the job's result has the
   * `comparison`. @throws FLASH `api.unknown`, `backup.changed`, `file.*`, `image.*`, `api.limit`
   */
  compareBackup: contract
    .input(v.strictObject({ portPath: portPathSchema, backup: idSchema }))
    .output(answer<{ id: string }>()),
  /** First `stop`, at the next block; then `abort`, at once. Answers when the job has ended. */
  cancel: contract.input(v.strictObject({ id: idSchema, how: v.picklist(['stop', 'abort']) })).output(done),
  /** Of a question with choices: the id of one, or no for none of them. @throws FLASH `api.unknown` when it is not asked (any more) */
  answer: contract
    .input(
      v.strictObject({
        id: idSchema,
        question: v.pipe(v.string(), v.maxLength(40)),
        answer: v.union([v.boolean(), v.pipe(v.string(), v.maxLength(255))]),
      }),
    )
    .output(done),
  /**
   * The same once more, after an end half-way: waits a while for the board, and asks only if the plan is another.
   * Only the last job of a port can be had again. @throws FLASH `api.unknown`, `api.limit`, `device.locked`
   */
  again: contract.input(v.strictObject({ id: idSchema })).output(answer<{ id: string }>()),
  /** Stops it at its next block border, its board open; or keeps it from beginning. @throws FLASH `api.unknown` */
  pause: contract.input(v.strictObject({ id: idSchema })).output(done),
  /** Goes on. @throws FLASH `api.unknown` */
  resume: contract.input(v.strictObject({ id: idSchema })).output(done),
  /**
   * Changes the order of those that have not begun: before another one, or to the end of the line.
   * @throws FLASH `api.unknown`
   */
  move: contract.input(v.strictObject({ id: idSchema, before: v.optional(idSchema) })).output(done),
  /** Takes an ended job from the list. */
  dismiss: contract.input(v.strictObject({ id: idSchema })).output(done),
  /**
   * All jobs of this run of the program with the queue they stand in, and then what changed of them: at most ten messages a second, always on a
   * change of state.
   */
  watch: contract.input(nothingSchema).output(eventIterator(type<JobsChange>())),
};
