import { studio } from './implement.ts';

export const settings = {
  watch: studio.settings.watch.handler(({ context: { parts }, signal }) =>
    parts.settings.snapshots.watch(signal ?? AbortSignal.abort()),
  ),
  change: studio.settings.change.handler(({ context: { parts }, input }) => parts.settings.change(input)),
};
