// Words of the window itself: its menu and its dialogs. What is inside the window is the page's.

import { cleanText } from './clean.ts';

export const windowText = {
  name: 'Rekindle',
  menu: {
    file: 'File',
    help: 'Help',
    openLogs: 'Open log folder',
    openBackups: 'Open backups folder',
  },
  quit: {
    stay: 'Keep running',
    leave: 'Stop and quit',
    /** At the head of a list of boards. */
    boards: 'If you quit now:',
  },
  failed: {
    start: 'Rekindle could not start',
    page: 'The window stopped working',
    /** Jobs live outside the page, so this is true even while one runs. */
    pageAdvice: 'It broke down twice in a short time. Quit Rekindle and start it again.',
  },
} as const;

/** The question before quitting takes work away from a board. */
export function quitQuestion(jobs: readonly { boardName: string; ifQuitNow: string }[]): {
  title: string;
  detail: string;
} {
  const names = jobs.map((job) => cleanText(job.boardName));
  const lines = jobs.map((job) => cleanText(`${job.boardName}: ${job.ifQuitNow}`));
  return {
    title:
      names.length === 1
        ? `A job on ${names[0] ?? ''} is still running. Quit?`
        : `${names.length} jobs are still running. Quit?`,
    detail: [windowText.quit.boards, ...lines].join('\n'),
  };
}
