// Words of the lanes, and of one recipe for many boards.
import type { BatchSnapshot } from '../batch.ts';
import type { JobSnapshot } from '../job-snapshot.ts';
import type { LoweredLimit } from '../job-state.ts';
import type { Lane, LaneCounts, LaneState } from '../lanes.ts';
import type { Plan } from '../plan.ts';
import { openBatchStates } from './batch.ts';
import { resultText } from './results.ts';
import type { Platform } from './errors.ts';
import { guideStepText } from './guide.ts';
import { amountText, remainingText } from './job.ts';
import { pageErrorText } from './page-advice.ts';
import { stepTexts } from './plan.ts';

export const lanesWords = {
  title: 'Lanes',
  link: 'Show the lanes',
  several: 'Flash several boards',
  severalHint: 'One file for all of them, side by side or one after the other.',
  list: 'One lane for each port',
  none: 'Nothing is at work',
  noneText: 'Each port with a board gets a lane of its own here.',
  anyPort: 'Any port',
  port: (portPath: string): string => `Port ${portPath}`,
  pause: 'Pause',
  resume: 'Go on',
  stop: 'Stop',
  stopWaiting: 'Stop waiting',
  again: 'Try again',
  answer: 'Answer',
  earlier: 'Earlier',
  later: 'Later',
  takeOff: 'Take off the list',
  takeOut: 'Take out of the line',
  details: 'Details',
  showHow: 'Show how',
  /** Of one lane: what is pressed says whose it is. */
  on: (what: string, lane: Pick<Lane, 'portPath'>): string =>
    `${what}, ${lane.portPath === '' ? 'any port' : `port ${lane.portPath}`}`,
  behind: (count: number): string =>
    count === 1 ? 'One more waits for this port' : `${count} more wait for this port`,
  limit: 'At a time',
  limitHint: 'Boards beyond that wait for their turn.',
  asleep: 'The computer is going to sleep: everything stops at its next block, and goes on by itself.',
  takeBack: (count: number): string => `Go back to ${count} at a time`,
  pauseAll: 'Pause all',
  resumeAll: 'Go on with all',
} as const;

/** How many do what, in one line; empty where nothing is to be told. */
export function lanesSummary(counts: LaneCounts): string {
  const told: readonly (readonly [LaneState, string])[] = [
    ['running', 'at work'],
    ['asks', counts.asks === 1 ? 'asks you something' : 'ask you something'],
    ['awaits', counts.awaits === 1 ? 'waits for a board' : 'wait for boards'],
    ['held', 'paused'],
    ['queued', counts.queued === 1 ? 'waits for its turn' : 'wait for their turn'],
    ['failed', 'not done'],
    ['done', 'done'],
  ];
  return told.flatMap(([state, words]) => (counts[state] > 0 ? `${counts[state]} ${words}` : [])).join(', ');
}

/** A lane's state in words, and a second line where there is more to say. */
export function laneText(
  { state, job, place }: Lane,
  platform: Platform,
): { readonly words: string; readonly more: string } {
  if (job === undefined) return { words: 'Nothing to do', more: '' };
  const running = job.steps.find((step) => step.state === 'running');
  const step = running === undefined ? '' : stepTexts[running.step].during;
  switch (state) {
    case 'asks':
      return { words: 'Asks you something', more: 'Nothing happens until you answer.' };
    case 'awaits':
      return awaited(job);
    case 'held':
      return job.state === 'pausing'
        ? { words: 'Pausing', more: 'At its next block.' }
        : { words: 'Paused', more: `${step === '' ? '' : `${step}. `}Leave it plugged in.` };
    case 'queued':
      return {
        words: 'Waits for its turn',
        more: place === undefined ? '' : place === 1 ? 'Next in line.' : `Number ${place} in line.`,
      };
    case 'running':
      return { words: runningWords(job, step), more: progressText(job) };
    case 'failed':
      return failedText(job, platform);
    case 'done':
      return { words: job.result === undefined ? '' : resultText(job.result).title, more: '' };
    case 'idle':
      return { words: 'Nothing to do', more: '' };
  }
}

/** Why, and what the board holds now. */
function failedText({ result }: JobSnapshot, platform: Platform): { words: string; more: string } {
  if (result === undefined) return { words: '', more: '' };
  const now = resultText(result).title;
  if (result.error === undefined) return { words: now, more: '' };
  const { code, params } = result.error;
  return { words: pageErrorText(code, params as never, platform).title, more: `${now}.` };
}

function runningWords({ ending, state }: JobSnapshot, step: string): string {
  if (ending !== 'no') return 'Stopping';
  if (state === 'due') return 'Waits for a free place';
  return step === '' ? 'Starting' : step;
}

function awaited({ guide }: JobSnapshot): { readonly words: string; readonly more: string } {
  if (guide === undefined) return { words: 'Waits for the board', more: 'Plug it in.' };
  const due = guide.steps.find(({ state }) => state === 'now');
  return {
    words: 'Waits for the board',
    more: due === undefined ? '' : guideStepText(due.step),
  };
}

function progressText(job: JobSnapshot): string {
  const step = job.steps.find(({ state }) => state === 'running');
  if (step?.doneBytes === undefined || step.totalBytes === undefined || step.totalBytes === 0) return '';
  const amount = amountText({ doneBytes: step.doneBytes, totalBytes: step.totalBytes });
  return job.timeLeftMs === undefined ? amount : `${amount}, ${remainingText(job.timeLeftMs)} left`;
}

/** How far the step that runs is, 0 to 1; undefined where nobody knows. */
export function laneFraction({ job }: Lane): number | undefined {
  const step = job?.steps.find(({ state }) => state === 'running');
  if (step?.doneBytes === undefined || step.totalBytes === undefined || step.totalBytes === 0)
    return undefined;
  return Math.min(1, step.doneBytes / step.totalBytes);
}

/** Why fewer run at a time than were chosen. */
export function loweredNotice({ to, hub, ports }: LoweredLimit): { title: string; text: string } {
  return {
    title: `Only ${to} at a time: a hub may not give enough power`,
    text:
      `Boards on ports ${ports.join(' and ')} were lost at the same moment while they were written. The hub at ${hub} may be ` +
      'too weak for so many, or was unplugged. A hub with a power supply of its own helps.',
  };
}

export const batchWords = {
  title: (files: readonly string[]): string => files.join(', '),
  all: 'For all that were plugged in',
  next: (board: string): string =>
    board === '' ? 'For every board like the first' : `For every ${board} that is plugged in`,
  done: 'done',
  failed: 'failed',
  left: 'left as they were',
  running: 'at work',
  doneOf: (wanted: number): string => `of ${wanted} done`,
  retry: (count: number): string =>
    count === 1 ? 'Try the failed one again' : `Try the ${count} failed ones again`,
  stop: 'Begin on no other',
  stopHint: 'Those at work come to their ends.',
  stopAfter: 'Stop after',
  stopAfterBad: 'A number from 1 to 10000',
  oneMore: 'Next board, same image',
  export: 'Save as a table',
  fileName: 'rekindle-boards.csv',
  waiting: 'Waiting',
  states: { running: 'At work', stopping: 'Begins on no other board', ended: 'Over' } satisfies Record<
    BatchSnapshot['state'],
    string
  >,
  waits:
    'Plug in the next board, in flash mode. What is plugged in already is left alone until it was unplugged.',
  waitsArmed: 'Plug in the next board. The lane that waits says what to do with it.',
  leftWhy:
    'Boards that would have needed an answer were left as they were: open their lanes to see why, then try again.',
  problem: 'It ended before all were done',
} as const;

export const severalWords = {
  title: 'Flash several boards',
  which: 'Which boards',
  ways: { all: 'Those plugged in now', next: 'Those I plug in next' },
  nextHint:
    'Every free port waits. The first board that comes is begun on, then the next: one after the other or side by side.',
  kind: 'Kind of board',
  kindPlaceholder: 'Choose the board',
  count: 'Stop after',
  countHint: 'So many are to be done.',
  boards: 'Boards that are plugged in',
  noBoards: 'No board is plugged in',
  noBoardsText:
    'They show here as you plug them in, in flash mode. Those with a job of their own are not among them.',
  planning: 'Asking it what this would mean ...',
  ready: 'Ready',
  differs: 'Asks something the others do not: flash it on its own page',
  own: 'Show it',
  noBatch: 'It is not known any more what was under way',
  noneChosen: 'Choose at least one board.',
  badCount: 'Say after how many boards to stop.',
  take: (board: string, portPath: string): string => `${board}, port ${portPath}`,
} as const;

/** The main button's own words: the choice, read back. */
export function severalSentence(plan: Plan, boards: readonly { readonly virtual: boolean }[]): string {
  const files = plan.images.map(({ name }) => name).join(', ');
  const backsUp = plan.steps.some(({ step, skip }) => step === 'back-up' && skip === undefined);
  const virtual = boards.filter((one) => one.virtual).length;
  const kind = virtual === 0 ? '' : virtual === boards.length ? 'virtual ' : `(${virtual} of them virtual) `;
  const which = boards.length === 1 ? `this one ${kind}board` : `these ${boards.length} ${kind}boards`;
  return `${backsUp ? 'Back up, then install' : 'Install'} ${files} on ${which}`;
}

/** The same for boards that are to come. */
export function nextSentence(plan: Plan, count: number): string {
  const files = plan.images.map(({ name }) => name).join(', ');
  const backsUp = plan.steps.some(({ step, skip }) => step === 'back-up' && skip === undefined);
  const which = count === 1 ? `the next ${plan.board}` : `the next ${count} boards: ${plan.board}`;
  return `Get ready, then ${backsUp ? 'back up and ' : ''}install ${files} on ${which}`;
}

export const openBatchWords = {
  title: 'Boards that were under way when Rekindle ended',
  goOn: 'Go on',
  goOnHint: 'Asks each board anew; nothing starts by itself.',
  putAway: 'Put away',
  noImages: 'The file is not kept any more: choose it again under "Flash several boards".',
  boards: 'Each board',
  told: 'What is known of it',
  states: openBatchStates,
} as const;
