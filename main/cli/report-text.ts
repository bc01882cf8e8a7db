// A job for people: bars on a terminal, plain lines elsewhere, and at the end what is true now.
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import type { Plan, StepName } from '../../shared/plan.ts';
import type { Result } from '../../shared/result.ts';
import { heldText, triedText } from '../../shared/text/entry-errors.ts';
import { errorText, type ErrorText } from '../../shared/text/errors.ts';
import { jobWarningText } from '../../shared/text/job-warnings.ts';
import { cleanText } from '../../shared/text/clean.ts';
import { comparisonLines } from '../../shared/text/comparison.ts';
import {
  brokenStepText,
  planLines,
  planSentence,
  skipTexts,
  stepTexts,
  warningText,
} from '../../shared/text/plan.ts';
import { saysLines } from '../../shared/text/families.ts';
import { contentLines, resultText, ticks } from '../../shared/text/results.ts';
import { formatBytes, formatDuration, formatRate } from '../../shared/units.ts';
import { GuideText } from './guide-text.ts';
import { platform } from './host.ts';
import { labelWidth, ProgressBar } from './progress-bar.ts';

/** Without a terminal a line each this many percent is enough. */
const plainEvery = 10;

/** Shows one job's events as they come. */
export class TextReporter {
  readonly #out: NodeJS.WriteStream;
  #bar: ProgressBar | undefined;
  #plansShown = 0;
  #warningsShown: readonly string[] = [];
  #barStep: StepName | undefined;
  #plainShown = 0;
  #dangerTold = false;
  #boardTold = '';

  readonly #guide: GuideText;

  /** @param guided tell every hand movement as it becomes due */
  constructor(out: NodeJS.WriteStream = process.stdout, guided = false) {
    this.#out = out;
    this.#guide = new GuideText((text) => this.#line(text), guided);
  }

  show(event: JobEvent): void {
    switch (event.type) {
      case 'board':
        this.#board(event);
        return;
      case 'unsupported-board':
        this.#line(`  ! ${warningText({ code: 'unsupported-board', ...event })}`);
        return;
      case 'plan':
        this.#plan(event.plan);
        return;
      case 'waiting':
        if (event.for === 'board')
          this.#line('Waiting for the board: plug it in now, in flash mode. Ctrl-C ends waiting.');
        if (event.for === 'program') this.#line('  > Asking its program');
        if (event.for === 'serial-port') this.#line(`  ${heldText(event.holder, event.modemManager)}`);
        return;
      case 'tried':
        if (event.tried.outcome !== 'worked') this.#step('-', triedText(event.tried, platform, wordsOf), '');
        return;
      case 'guide':
        this.#endBar();
        if (event.guide !== undefined) this.#guide.show(event.guide);
        return;
      case 'step-started':
        this.#started(event.step, event.totalBytes);
        return;
      case 'progress':
        this.#progress(event.step, event.doneBytes, event.totalBytes);
        return;
      case 'step-done':
        this.#done(event.step, event.durationMs, event.bytes);
        return;
      case 'step-skipped':
        if (event.step !== 'enter' && event.step !== 'compare')
          this.#step('-', stepTexts[event.step].before, skipTexts[event.reason]);
        return;
      case 'step-failed':
        this.#endBar();
        this.#step('x', brokenStepText(event.step, event.code), '');
        return;
      case 'backup':
        this.#line(`  Backup: ${event.path}`);
        return;
      case 'warning': {
        this.#endBar();
        const words = jobWarningText(event.code, event.params as never, platform);
        this.#line(`  ! ${words.title}. ${words.advice}`);
        return;
      }
      case 'result':
        this.#result(event.result);
    }
  }

  /** A job on a board that was told already says nothing new of it. */
  #board({ virtual, board, portPath, evidence }: Extract<JobEvent, { type: 'board' }>): void {
    const text = `${virtual ? 'Virtual board' : 'Board'}: ${board}, port ${portPath}`;
    if (text === this.#boardTold) return;
    this.#boardTold = text;
    this.#line(text);
    this.#line(`         ${evidence}`);
  }

  #line(text: string): void {
    this.#out.write(`${cleanText(text)}\n`);
  }

  #step(mark: string, text: string, note: string): void {
    this.#line(`  ${mark} ${note === '' ? text : text.padEnd(labelWidth)}${note}`);
  }

  /** Once before reading, and again only if reading took work away. */
  #plan(plan: Plan): void {
    this.#plansShown++;
    if (this.#plansShown > 1) {
      const unchanged = plan.regions.some((region) => region.unchanged.length > 0);
      if (unchanged) for (const line of planLines(plan)) this.#line(`    ${line}`);
      this.#warnings(plan);
      return;
    }
    this.#line('');
    this.#line(planSentence(plan));
    for (const line of planLines(plan)) this.#line(`  ${line}`);
    this.#warnings(plan);
    this.#line('');
  }

  /** Those that only reading the board could tell come with the second plan. */
  #warnings(plan: Plan): void {
    const all = plan.warnings.map((warning) => warningText(warning));
    for (const text of all) if (!this.#warningsShown.includes(text)) this.#line(`  ! ${text}`);
    this.#warningsShown = all;
  }

  #started(step: StepName, totalBytes: number | undefined): void {
    this.#plainShown = 0;
    // Boards that erase while they write have no erase step: what is told once is told at the first of the two.
    if ((step === 'erase' || step === 'write') && !this.#dangerTold) {
      this.#dangerTold = true;
      this.#line(`  If you unplug now: ${stepTexts[step].ifUnplugged}.`);
    }
    if (totalBytes === undefined || totalBytes === 0 || !this.#out.isTTY) return;
    this.#barStep = step;
    this.#bar = new ProgressBar(this.#out, stepTexts[step].during, totalBytes);
  }

  #progress(step: StepName, done: number, total: number): void {
    if (this.#bar !== undefined && step === this.#barStep) {
      this.#bar.update(done);
      return;
    }
    const percent = Math.floor((done * 100) / Math.max(1, total));
    if (percent < this.#plainShown + plainEvery || percent >= 100) return;
    this.#plainShown = percent - (percent % plainEvery);
    this.#step('>', stepTexts[step].during, `${percent} % (${formatBytes(done)} of ${formatBytes(total)})`);
  }

  #done(step: StepName, durationMs: number, bytes: number | undefined): void {
    this.#endBar();
    if (step === 'detect') return;
    const rate = bytes === undefined ? '' : formatRate(bytes, durationMs);
    const note =
      bytes === undefined
        ? ''
        : `${formatBytes(bytes)} in ${formatDuration(durationMs)}${rate === '' ? '' : `, ${rate}`}`;
    this.#step('+', stepTexts[step].after, note);
  }

  #endBar(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #result(result: Result): void {
    this.#endBar();
    const words = resultText(result);
    this.#line('');
    if (result.error !== undefined) {
      const error = errorText(result.error.code, result.error.params as never, platform);
      this.#line(`${error.title}.`);
      this.#line(`${words.title}.`);
      for (const line of contentLines(result)) this.#line(`  ${line}`);
      // What state the board is in decides what is next; only an untouched board leaves the error's own advice.
      const advice = result.content.kind === 'untouched' || words.advice === '' ? error.advice : words.advice;
      for (const line of advice.split('\n')) this.#line(line);
    } else {
      if (result.content.kind !== 'untouched') this.#line(tickLine(result));
      this.#line(`${words.title}.`);
      if (words.advice !== '') this.#line(words.advice);
      this.#guide.finish();
    }
    if (result.comparison !== undefined)
      for (const line of comparisonLines(result.comparison)) this.#line(`  ${line}`);
    if (result.says !== undefined) for (const line of saysLines(result.says)) this.#line(line);
    if (result.backup !== undefined) this.#line(`Backup: ${result.backup.path}`);
    for (const file of result.backup?.beside ?? []) this.#line(`        ${file}`);
  }
}

function wordsOf(code: ErrorCode, params: object): ErrorText {
  return errorText(code, params as never, platform);
}

function tickLine(result: Result): string {
  const { written, compared, running } = ticks(result);
  const mark = (value: boolean): string => (value ? '[x]' : '[ ]');
  return `${mark(written)} written  ${mark(compared)} compared  ${mark(running)} seen running${result.virtual ? '  (virtual board)' : ''}`;
}
