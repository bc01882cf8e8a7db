import { studio } from './implement.ts';

export const settings = {
  watch: studio.settings.watch.handler(({ context: { parts }, signal }) =>
    parts.settings.snapshots.watch(signal ?? AbortSignal.abort()),
  ),
  change: studio.settings.change.handler(async ({ context: { parts }, input }) => {
    await parts.settings.change(input);
    // Also when it is what it was: a person who says it again wants what was lowered taken back.
    if (input.runningAtOnce !== undefined) parts.jobs.runAtOnce(input.runningAtOnce);
  }),
};
