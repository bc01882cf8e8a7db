import * as v from 'valibot';
import { backupNameLength, backupNoteLength, type BackupRecord } from '../backup-record.ts';
import type { ImageReport } from '../image-report.ts';
import { limits } from '../limits.ts';
import { mostDays, mostKept } from '../prune-policy.ts';
import { answer, contract, done, idSchema, nothingSchema, offsetSchema } from './base.ts';

const personsText = (length: number) => v.pipe(v.string(), v.trim(), v.maxLength(length));

const policySchema = v.pipe(
  v.strictObject({
    keep: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostKept))),
    olderThanDays: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostDays))),
  }),
  v.check(({ keep, olderThanDays }) => keep !== undefined || olderThanDays !== undefined),
);

/** A backup in the backups folder. */
export interface BackupReport {
  /** Its file name. */
  readonly id: string;
  readonly board: string;
  readonly virtual: boolean;
  /** ISO 8601, UTC. */
  readonly when: string;
  readonly bytes: number;
  /** The first digits of its content's SHA-256, as its name carries them. */
  readonly hash: string;
  /** What was noted when it was made; undefined where that is missing or damaged. */
  readonly record: BackupRecord | undefined;
  readonly recordState: 'there' | 'missing' | 'damaged';
}

export const backups = {
  /** Newest first; `folder` is where they lie. */
  list: contract.input(nothingSchema).output(answer<{ folder: string; backups: readonly BackupReport[] }>()),
  /** Opens one as an image, to be put back. @throws FLASH `file.*`, `image.*` */
  open: contract.input(v.strictObject({ id: idSchema })).output(answer<ImageReport>()),
  /**
   * A piece of its file, as it is or in another format, to be saved elsewhere; empty past the end.
   * @throws FLASH `backup.changed`, `file.*`, `image.cannot-convert`
   */
  read: contract
    .input(
      v.strictObject({
        id: idSchema,
        format: v.optional(v.picklist(['saved', 'bin', 'hex', 'dfuse']), 'saved'),
        offset: offsetSchema,
      }),
    )
    .output(answer<v.InferOutput<ReturnType<typeof v.blob>>>()),
  /** Gives it a name or a note. @throws FLASH `file.*` */
  change: contract
    .input(
      v.strictObject({
        id: idSchema,
        name: v.exactOptional(personsText(backupNameLength)),
        note: v.exactOptional(personsText(backupNoteLength)),
      }),
    )
    .output(done),
  /** Reads its file and compares it with what was saved. */
  check: contract.input(v.strictObject({ id: idSchema })).output(answer<{ content: 'same' | 'changed' }>()),
  /** Takes an open file of this page in as a backup of a board. @throws FLASH `file.*` */
  import: contract
    .input(
      v.strictObject({
        image: idSchema,
        board: v.pipe(personsText(backupNameLength), v.minLength(1)),
        virtual: v.boolean(),
      }),
    )
    .output(answer<{ id: string }>()),
  /** What a policy would let go now. @throws FLASH `file.*`, `store.*` where it cannot be told what is needed */
  prunable: contract
    .input(v.strictObject({ policy: policySchema }))
    .output(answer<{ backups: readonly BackupReport[] }>()),
  /** Throws away those that were shown, as far as the policy still lets them go. @throws FLASH `file.*`, `store.*` */
  prune: contract
    .input(
      v.strictObject({
        policy: policySchema,
        shown: v.pipe(v.array(idSchema), v.maxLength(limits.backups)),
      }),
    )
    .output(answer<{ removed: readonly string[] }>()),
  remove: contract.input(v.strictObject({ id: idSchema })).output(done),
  /** Shows the file in the system's file manager, where the shell can. */
  show: contract.input(v.strictObject({ id: idSchema })).output(done),
};
