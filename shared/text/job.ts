// Words around a running job: the meter, the timeline, the ticks, the problem card.
import type { Result } from '../result.ts';
import { formatBytes, formatDuration } from '../units.ts';
import { skipTexts } from './plan.ts';
import { stayed, ticks } from './results.ts';

/** What the meter knows. */
export interface MeterFacts {
  readonly doneBytes: number;
  /** 0 where nobody knows. */
  readonly totalBytes: number;
  readonly bytesPerSecond?: number | undefined;
  readonly remainingMs?: number | undefined;
}

/** Labels of the parts. */
export const jobWords = {
  timeline: 'Steps',
  skipped: 'Skipped',
  notReached: 'Not reached',
  of: 'of',
  rate: 'Rate',
  timeLeft: 'Time left',
  done: 'Done',
  stalled: 'Nothing has moved for a while. Waiting for the board',
  boardNow: 'The board now',
  next: 'Next',
  details: 'Details',
  copyReport: 'Copy report',
  copied: 'Copied',
  copyFailed: 'Could not copy',
} as const;

/** `38 KB of 94.1 KB`; the bytes alone where the total is not known. */
export function amountText({ doneBytes, totalBytes }: MeterFacts): string {
  return totalBytes > 0
    ? `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`
    : `${formatBytes(doneBytes)} so far`;
}

/** `35 KB/s`, or a dash while nothing is measured. */
export function rateText(bytesPerSecond: number | undefined): string {
  return bytesPerSecond === undefined ? '-' : `${formatBytes(Math.round(bytesPerSecond))}/s`;
}

/** `about 12 s`; `a moment` below one second; a dash while nothing is measured. */
export function remainingText(remainingMs: number | undefined): string {
  if (remainingMs === undefined) return '-';
  if (remainingMs < 1000) return 'a moment';
  const seconds = Math.ceil(remainingMs / 1000);
  return `about ${seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000)}`;
}

/** Rates in a sentence, for those who do not see the curve. */
export function ratesText(bytesPerSecond: readonly number[]): string {
  const last = bytesPerSecond.at(-1);
  if (last === undefined) return 'Rate: not measured yet';
  return `Rate: ${rateText(last)} now, between ${rateText(Math.min(...bytesPerSecond))} and ${rateText(Math.max(...bytesPerSecond))}`;
}

/** One of the three ticks: `open` where the question does not arise or was not looked at. */
export interface TickText {
  readonly id: 'written' | 'verified' | 'returned';
  readonly state: 'yes' | 'no' | 'open';
  readonly title: string;
  readonly text: string;
}

/** The three ticks of a result in words, each with its own answer. */
export function tickTexts(result: Result): readonly TickText[] {
  const { written, compared, running } = ticks(result);
  const differs = result.error?.code === 'verify.mismatch';
  const reason = result.steps.find((step) => step.step === 'verify')?.reason;
  return [
    {
      id: 'written',
      state: written ? 'yes' : 'no',
      title: written ? 'Written' : 'Not written',
      text: written ? 'All of it is on the board' : notWritten(result),
    },
    {
      id: 'verified',
      state: compared ? 'yes' : differs ? 'no' : 'open',
      title: compared ? 'Verified' : 'Not verified',
      text: compared
        ? 'Read back and compared, byte for byte'
        : differs
          ? 'What is on the board differs from the file'
          : reason === undefined
            ? 'It was not compared'
            : sentence(skipTexts[reason]),
    },
    { id: 'returned', ...returnedText(result, written, running) },
  ];
}

function returnedText(result: Result, written: boolean, running: boolean): Omit<TickText, 'id'> {
  if (running) return { state: 'yes', title: 'Came back', text: 'Its program started and was seen on USB' };
  if (!written)
    return { state: 'open', title: 'Not started', text: 'There is no whole new program to start' };
  if (result.app === 'not-seen')
    return { state: 'no', title: 'Not seen again', text: 'It has not started again yet' };
  return stayed(result)
    ? { state: 'open', title: 'Still in flash mode', text: 'It was not told to start its program' }
    : { state: 'open', title: 'Not seen again', text: 'This firmware need not show on USB' };
}

function notWritten(result: Result): string {
  switch (result.content.kind) {
    case 'untouched':
      return 'The board is unchanged';
    case 'blank':
      return 'It is erased; there is no program on it';
    case 'partial':
      return 'Only a part of it is on the board';
    case 'written':
    case 'verified':
      return '';
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
