import * as v from 'valibot';
import type { ImageReport } from '../image-report.ts';
import { answer, contract, done, idSchema, nothingSchema, offsetSchema } from './base.ts';

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
}

export const backups = {
  /** Newest first; `folder` is where they lie. */
  list: contract.input(nothingSchema).output(answer<{ folder: string; backups: readonly BackupReport[] }>()),
  /** Opens one as an image, to be put back. @throws FLASH `file.*`, `image.*` */
  open: contract.input(v.strictObject({ id: idSchema })).output(answer<ImageReport>()),
  /** A piece of its file, to be saved elsewhere; empty past the end. */
  read: contract
    .input(v.strictObject({ id: idSchema, offset: offsetSchema }))
    .output(answer<v.InferOutput<ReturnType<typeof v.blob>>>()),
  /** Shows the file in the system's file manager, where the shell can. */
  show: contract.input(v.strictObject({ id: idSchema })).output(done),
};
