import { FlashError } from '../../shared/errors/flash-error.ts';
import { studio } from './implement.ts';

export const app = {
  report: studio.app.report.handler(({ context: { parts } }) => parts.report),
  licences: studio.app.licences.handler(({ context: { parts } }) => parts.licences()),
  openLogFolder: studio.app.openLogFolder.handler(async ({ context: { parts } }) => {
    const { openLogFolder } = parts.actions;
    if (openLogFolder === undefined) throw new FlashError('api.unknown', { what: 'log folder' });
    await openLogFolder();
  }),
};
