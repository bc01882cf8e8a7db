import { formatRange } from '../hex.ts';
import { totalSize } from '../ranges.ts';
import { verdictOf, type Result, type Verdict } from '../result.ts';
import { formatBytes } from '../units.ts';
import { comparisonTitle } from './comparison.ts';
import { afterStepText } from './families.ts';

/** A result in words: a title, and the next one thing to do. They promise nothing that is not known. */
export interface ResultText {
  readonly title: string;
  readonly advice: string;
}

type Texts = { readonly [verdict in Verdict]: (result: Result) => ResultText };

const texts: Texts = {
  'verified-and-running': () => ({ title: 'Installed: written, compared, started again', advice: '' }),
  'verified-not-returned': () => ({
    title: 'Written and compared. It has not started again yet',
    advice:
      'Unplug it and plug it in again. If it comes back in flash mode, put its boot switch or jumper back.',
  }),
  'verified-return-unseen': (result) => ({
    title: stayed(result)
      ? 'Written and compared. It stays in flash mode'
      : 'Written and compared. It left flash mode; this firmware need not show on USB',
    advice: '',
  }),
  'left-during-leave': () => ({
    title: 'Written and compared. It went before its last answer, which is usual',
    advice: 'If it does not run, unplug it and plug it in again.',
  }),
  'written-unverified': (result) => ({
    title: `Written. ${whyNotCompared(result)}${startedWords(result)}`,
    advice: result.app === 'running' ? '' : 'Unplug it and plug it in again, and see whether it runs.',
  }),
  'written-unverified-not-returned': (result) => ({
    title: `Written. ${whyNotCompared(result)}. It has not started again yet`,
    advice: 'Unplug it and plug it in again. A board that stays in flash mode can be written again.',
  }),
  'read-only-done': (result) => ({
    title: result.backup === undefined ? 'Done. The board is unchanged' : 'Backed up. The board is unchanged',
    advice: '',
  }),
  'holds-the-same': sameOrNot,
  'holds-something-else': sameOrNot,
  'erased-done': () => ({
    title: 'Erased. There is no program on it now',
    advice: 'Flash one with "rekindle flash FILE".',
  }),
  'interrupted-resumable': (result) => ({
    title: `Stopped${howFar(result)}. No working firmware right now. ${backupWords(result)}`,
    advice: 'Run the same command again: it goes on from what the board holds.',
  }),
  'interrupted-needs-reflash': (result) => ({
    title: `Stopped${howFar(result)}. No working firmware right now. ${backupWords(result)}`,
    advice: 'Run the same command again: it must be written from the start.',
  }),
  'failed-restore': (result) => ({
    title: `The board does not take this firmware. ${backupWords(result)}`,
    advice: `Put back what was on it: rekindle restore "${result.backup?.path ?? 'BACKUP'}"`,
  }),
  'failed-resumable': (result) => ({
    title: `Failed${howFar(result)}. No working firmware right now. ${backupWords(result)}`,
    advice: 'Run the same command again: it goes on from what the board holds.',
  }),
  'failed-needs-reflash': (result) => ({
    title: `Failed${howFar(result)}. No working firmware right now. ${backupWords(result)}`,
    advice: 'Run the same command again: it must be written from the start.',
  }),
  'failed-needs-probe': (result) => ({
    title: `Failed. It cannot be reached over USB any more. ${backupWords(result)}`,
    advice: 'It needs a debug probe, which Rekindle cannot drive yet.',
  }),
  'failed-untouched': () => ({
    title: 'Failed before anything was changed. The board is unchanged',
    advice: '',
  }),
  'refused-before-erase': () => ({ title: 'Not started. The board is unchanged', advice: '' }),
  'cancelled-before-erase': (result) => ({
    title:
      result.error?.code === 'arm.stopped'
        ? 'Not started: you stopped waiting. The board is unchanged'
        : 'Stopped before anything was changed. The board is unchanged',
    advice: '',
  }),
};

function sameOrNot({ comparison }: Result): ResultText {
  return { title: comparison === undefined ? '' : comparisonTitle(comparison), advice: '' };
}

/** The words for a result. */
export function resultText(result: Result): ResultText {
  const words = texts[verdictOf(result)](result);
  const left = (result.afterSteps ?? []).map(afterStepText);
  return left.length === 0 ? words : { ...words, advice: left.join(' ') };
}

/** The three separate ticks. */
export function ticks(result: Result): { written: boolean; compared: boolean; running: boolean } {
  const { kind } = result.content;
  return {
    written: kind === 'written' || kind === 'verified',
    compared: kind === 'verified',
    running: result.app === 'running',
  };
}

/** What is known of the memory, for those who want the addresses. Empty for an untouched board. */
export function contentLines(result: Result): string[] {
  const lines: string[] = [];
  if (result.content.kind === 'partial' && result.content.ranges.length > 0)
    lines.push(`Written: ${list(result.content.ranges)}`);
  if (result.erased.length > 0) lines.push(`Erased and not written: ${list(result.erased)}`);
  if (result.inDoubt.length > 0) lines.push(`In doubt: ${list(result.inDoubt)}`);
  return lines;
}

function list(ranges: Result['inDoubt']): string {
  const more = ranges.length > 4 ? `, and ${ranges.length - 4} more` : '';
  return `${ranges.slice(0, 4).map(formatRange).join(', ')}${more} (${formatBytes(totalSize(ranges))})`;
}

/** It was not told to leave, or answered that it stays: then nobody looked for its program either. */
export function stayed(result: Result): boolean {
  return (
    result.steps.find((step) => step.step === 'confirm')?.reason === 'stays-in-flash-mode' ||
    !['done', 'starts-by-itself'].includes(leaveOf(result))
  );
}

/** A last answer that did not come says nothing where the program itself came. */
function startedWords({ app, leftEarly }: Result): string {
  if (app !== 'running') return '';
  return leftEarly ? '. It went before its last answer, and started again' : '. It started again';
}

function leaveOf(result: Result): string {
  const leave = result.steps.find((step) => step.step === 'leave');
  return leave?.reason ?? leave?.state ?? '';
}

function whyNotCompared(result: Result): string {
  const reason = result.steps.find((step) => step.step === 'verify')?.reason;
  if (reason === 'switched-off') return 'Not compared, as you asked';
  return reason === 'leaves-after-writing' || reason === 'left-already'
    ? 'This board leaves flash mode after writing, so we could not compare'
    : 'This board cannot be read back, so we could not compare';
}

function howFar(result: Result): string {
  const write = result.steps.find((step) => step.step === 'write');
  return write?.state === 'failed' && write.bytes !== undefined ? ` after ${formatBytes(write.bytes)}` : '';
}

function backupWords(result: Result): string {
  return result.backup === undefined ? 'No backup was made' : 'Old firmware is backed up';
}
