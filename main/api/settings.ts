import { saveSettings } from '../store/settings.ts';
import { studio } from './implement.ts';

export const settings = {
  watch: studio.settings.watch.handler(({ context: { parts }, signal }) =>
    parts.settings.watch(signal ?? AbortSignal.abort()),
  ),
  save: studio.settings.save.handler(async ({ context: { parts }, input }) => {
    await saveSettings(parts.settingsFile, input);
    parts.settings.set(input, true);
  }),
};
