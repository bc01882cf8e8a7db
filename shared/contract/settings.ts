import * as v from 'valibot';
import { eventIterator, type } from '@orpc/contract';
import { contract, done, nothingSchema } from './base.ts';

export const settingsSchema = v.strictObject({
  theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
  /** Whether a flash backs up first unless told otherwise. */
  backup: v.optional(v.picklist(['always', 'never']), 'always'),
  language: v.optional(v.picklist(['en']), 'en'),
  /** The word about no telemetry, no account, working offline was read. */
  welcomed: v.optional(v.boolean(), false),
});

export type Settings = v.InferOutput<typeof settingsSchema>;

export const settings = {
  /** At once and on every change, also by another page. */
  watch: contract.input(nothingSchema).output(eventIterator(type<Settings>())),
  /** Replaces them all; durable when it answers. @throws FLASH `file.*` */
  save: contract.input(settingsSchema).output(done),
};
