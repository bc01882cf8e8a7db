// Words about many boards.
import type { BatchSnapshot, BatchUnit, OpenBatch, OpenBatchBoard } from '../batch.ts';
import type { LoweredLimit } from '../job-state.ts';
import { errorText, type Platform } from './errors.ts';
import { shortIdLetters } from './history.ts';

const states: { readonly [state in BatchUnit['state']]: string } = {
  waiting: 'waits for its turn',
  running: 'runs',
  done: 'done',
  failed: 'FAILED',
  left: 'left as it was: it needs an answer',
  stopped: 'stopped',
};

/** What it is called; a virtual one carries that word into every list and table. */
export function unitName({ board, virtual }: Pick<BatchUnit, 'board' | 'virtual'>): string {
  return virtual && !/^virtual\b/i.test(board) ? `virtual ${board}` : board;
}

/** One board, in one line. @param number which of the batch it is, from 1 */
export function unitLine(unit: BatchUnit, number: number, platform: Platform): string {
  const { portPath, serial, state, seconds, error } = unit;
  const took = seconds === undefined ? '' : `, ${seconds.toFixed(1)} s`;
  const why =
    error === undefined
      ? ''
      : `: ${errorText(error.code, error.params as never, platform).title} (${error.code})`;
  return `${number}. ${unitName(unit)} on port ${portPath}${serial === '' ? '' : `, serial ${serial}`}: ${states[state]}${why}${took}`;
}

/** How a batch stands, or ended. */
export function batchLine({ counts: { done, failed, left }, wanted }: BatchSnapshot): string {
  const more = [failed > 0 ? `${failed} failed` : '', left > 0 ? `${left} left as they were` : ''];
  return [`${done} of ${wanted} done`, ...more.filter((one) => one !== '')].join(', ');
}

export const batchText = {
  waiting: 'Plug in the boards, one after the other or side by side. Ctrl-C ends it after those that run.',
  waitingForFirst: 'Waiting for the first board in flash mode.',
  stopping: 'No other board is begun on.',
} as const;

/** Why fewer boards are flashed at a time. */
export function loweredText({ to, hub, ports }: LoweredLimit): string {
  return (
    `Boards on ports ${ports.join(' and ')} were lost at the same time while they were written. The hub at ${hub} may not ` +
    `give enough power, or was unplugged: ${to} at a time from here on.`
  );
}

/** How a board stood when its program ended. */
export const openBatchStates: { readonly [state in OpenBatchBoard['state']]: string } = {
  done: 'done',
  failed: 'failed',
  left: 'left as it was',
  stopped: 'stopped',
  'in-doubt': 'in doubt: it was being erased or written',
  'not-begun': 'not begun; nothing on it was changed',
  'gone-on': 'another job went on with it since',
};

/** What of a batch was done when its program ended. */
export function openBatchText({ files, wanted, boards }: OpenBatch): string {
  const count = (...states: readonly OpenBatchBoard['state'][]): number =>
    boards.filter(({ state }) => states.includes(state)).length;
  const told: readonly (readonly [number, string])[] = [
    [count('failed', 'stopped'), 'failed'],
    [count('left'), 'left as they were'],
    [count('in-doubt'), 'in doubt'],
    [count('gone-on'), 'gone on with since'],
    [count('not-begun'), 'not begun'],
  ];
  const more = told.flatMap(([number, words]) => (number > 0 ? `${number} ${words}` : []));
  return `${files.join(', ')}: ${[`${count('done')} of ${wanted} done`, ...more].join(', ')}.`;
}

/** The same for the terminal, with each board and what is proposed. */
export function openBatchLines(batch: OpenBatch): string[] {
  const { id, startedAt, boards, imagesThere } = batch;
  return [
    `${startedAt.slice(0, 16).replace('T', ' ')}  ${id.slice(0, shortIdLetters)}  many boards`,
    `    ${openBatchText(batch)}`,
    ...boards.map((board) => {
      const { portPath, serial, state, openJob } = board;
      const number = serial === '' ? '' : `, serial ${serial}`;
      const job = openJob === undefined ? '' : ` (job ${openJob.slice(0, shortIdLetters)})`;
      return `    ${unitName(board)} on port ${portPath}${number}: ${openBatchStates[state]}${job}`;
    }),
    imagesThere
      ? '    It can be gone on with: boards that are done are left out, the others are asked anew.'
      : '    The file is not kept any more: begin a new batch with it.',
  ];
}
