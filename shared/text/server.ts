/** What the terminal says while the studio runs in a browser. */
export const serverText = {
  opened: 'Rekindle is open in its own window. Closing the window ends it.',
  asAsked: 'none was asked for',
  noBrowser: 'no Chromium or Chrome was found',
  address: (why: string, address: string): string =>
    `No window (${why}). Open this address in a browser on this computer within 30 seconds; Enter makes a new one:\n${address}`,
  finishing: (board: string): string => `Stopping the job on ${board} at its next block ...`,
};
