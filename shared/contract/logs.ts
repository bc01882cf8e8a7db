import * as v from 'valibot';
import { eventIterator, type } from '@orpc/contract';
import { limits } from '../limits.ts';
import { logLevels, type LogPage } from '../log.ts';
import { answer, contract, idSchema, nothingSchema } from './base.ts';

const sequence = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

export const logs = {
  /** Lines of this run of the program; see LogQuery. */
  page: contract
    .input(
      v.strictObject({
        before: v.optional(sequence),
        after: v.optional(sequence),
        limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.logPageLines)),
        level: v.optional(v.picklist(logLevels)),
        job: v.optional(idSchema),
      }),
    )
    .output(answer<LogPage>()),
  /** The number of the newest line, at most ten times a second: ask for a page after the last one you know. */
  watch: contract.input(nothingSchema).output(eventIterator(type<number>())),
};
