import { studio } from './implement.ts';

export const releases = {
  watch: studio.releases.watch.handler(async function* ({ context: { parts }, signal }) {
    yield* parts.appUpdates.snapshots.watch(signal ?? AbortSignal.abort());
  }),
  look: studio.releases.look.handler(({ context: { parts } }) => parts.appUpdates.look()),
  get: studio.releases.get.handler(({ context: { parts } }) => parts.appUpdates.get()),
  cancel: studio.releases.cancel.handler(({ context: { parts } }) => parts.appUpdates.cancel()),
  later: studio.releases.later.handler(({ context: { parts } }) => parts.appUpdates.later()),
  install: studio.releases.install.handler(({ context: { parts } }) => parts.appUpdates.install()),
};
