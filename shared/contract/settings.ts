import * as v from 'valibot';
import { eventIterator, type } from '@orpc/contract';
import { releaseLooks } from '../app-update.ts';
import { limits } from '../limits.ts';
import { mostDays, mostKept, pruneKinds } from '../prune-policy.ts';
import { contract, done, nothingSchema } from './base.ts';

const choices = {
  theme: v.picklist(['system', 'light', 'dark']),
  /** Whether a flash backs up first unless told otherwise. */
  backup: v.picklist(['always', 'never']),
  language: v.picklist(['en']),
  /** The word about no telemetry, no account, working offline was read. */
  welcomed: v.boolean(),
  /** A beep when the coach says to let go. */
  sound: v.boolean(),
  /** Firmware for the boards that were looked for before is looked for once a day, unasked. */
  lookDaily: v.boolean(),
  /** When newer releases of Rekindle itself are looked for. */
  releaseLooks: v.picklist(releaseLooks),
  /** Jobs that may run at a time. */
  runningAtOnce: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.runningJobs)),
  /** Which old backups go by themselves, once a new one is made (prune-policy.ts). */
  prune: v.picklist(pruneKinds),
  pruneKeep: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostKept)),
  pruneDays: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostDays)),
};

export const settingsSchema = v.strictObject({
  theme: v.optional(choices.theme, 'system'),
  backup: v.optional(choices.backup, 'always'),
  language: v.optional(choices.language, 'en'),
  welcomed: v.optional(choices.welcomed, false),
  sound: v.optional(choices.sound, false),
  lookDaily: v.optional(choices.lookDaily, false),
  releaseLooks: v.optional(choices.releaseLooks, 'when-asked'),
  runningAtOnce: v.optional(choices.runningAtOnce, limits.usualRunningJobs),
  prune: v.optional(choices.prune, 'never'),
  pruneKeep: v.optional(choices.pruneKeep, 10),
  pruneDays: v.optional(choices.pruneDays, 365),
});

export type Settings = v.InferOutput<typeof settingsSchema>;

const settingsChangeSchema = v.strictObject({
  theme: v.exactOptional(choices.theme),
  backup: v.exactOptional(choices.backup),
  language: v.exactOptional(choices.language),
  welcomed: v.exactOptional(choices.welcomed),
  sound: v.exactOptional(choices.sound),
  lookDaily: v.exactOptional(choices.lookDaily),
  releaseLooks: v.exactOptional(choices.releaseLooks),
  runningAtOnce: v.exactOptional(choices.runningAtOnce),
  prune: v.exactOptional(choices.prune),
  pruneKeep: v.exactOptional(choices.pruneKeep),
  pruneDays: v.exactOptional(choices.pruneDays),
});

export type SettingsChange = v.InferOutput<typeof settingsChangeSchema>;

export const settings = {
  /** At once and on every change, also by another page. */
  watch: contract.input(nothingSchema).output(eventIterator(type<Settings>())),
  /** Changes what is named and leaves the others; durable when it answers. @throws FLASH `file.*` */
  change: contract.input(settingsChangeSchema).output(done),
};
