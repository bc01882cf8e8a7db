import { studio } from './implement.ts';

export const logs = {
  page: studio.logs.page.handler(({ context: { parts }, input }) => parts.logs.page(input)),
  watch: studio.logs.watch.handler(({ context: { parts }, signal }) =>
    parts.newestLine.watch(signal ?? AbortSignal.abort()),
  ),
};
