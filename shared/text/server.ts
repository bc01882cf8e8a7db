import { releaseInTerminal } from './app-update.ts';

/** What the terminal says while the studio runs in a browser. */
export const serverText = {
  newer: releaseInTerminal,
  opened: 'Rekindle is open in its own window. Closing the window ends it, once no job runs.',
  asAsked: 'none was asked for',
  noBrowser: 'no Chromium or Chrome was found',
  address: (why: string, address: string, canAsk: boolean): string =>
    `No window (${why}). Open this address in a browser on this computer within 30 seconds${canAsk ? '; Enter makes a new one' : ''}:\n${address}`,
  stillWriting: (board: string): string =>
    `Still at work on ${board}: Rekindle ends when that is done. Ctrl-C stops it at its next block.`,
  finishing: (board: string): string => `Stopping the job on ${board} at its next block ...`,
};
