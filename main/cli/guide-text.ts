// The coach on a terminal, or in a file: one line as each thing becomes due, and none twice.
import type { GuideSnapshot } from '../../shared/guide.ts';
import {
  guideBeforeLines,
  guideDelayText,
  guideHoldText,
  guideLooksText,
  guideMatchingText,
  guideAfterLines,
  guideRemarkText,
  guideStepText,
  guideTitle,
  guideWords,
} from '../../shared/text/guide.ts';
import { platform } from './host.ts';

/** Turns snapshots into lines. */
export class GuideText {
  readonly #line: (text: string) => void;
  readonly #inFull: boolean;
  /** Which try, which way. */
  #chapter = '';
  /** The first step that is due. */
  #due = -1;
  #shown = new Set<number>();
  #remark = '';
  #hold = '';
  #caught = false;
  #latest: GuideSnapshot | undefined;

  /** @param inFull every step; otherwise what is waited for, and what went wrong */
  constructor(line: (text: string) => void, inFull: boolean) {
    this.#line = line;
    this.#inFull = inFull;
  }

  show(guide: GuideSnapshot): void {
    const first = this.#latest === undefined;
    this.#latest = guide;
    if (first) this.#introduce(guide);
    this.#tellRemark(guide);
    this.#openChapter(guide);
    if (this.#inFull) this.#tellSteps(guide);
    this.#tellHold(guide);
    if (guide.caught && !this.#caught) this.#line(`  ${guideTitle(guide)}.`);
    this.#caught = guide.caught;
  }

  /** What is to be undone now that the firmware is on. */
  finish(): void {
    const lines = this.#latest === undefined ? [] : guideAfterLines(this.#latest);
    if (lines.length === 0) return;
    this.#line(`${guideWords.after}:`);
    lines.forEach((text, index) => this.#line(`  ${index + 1}. ${text}`));
  }

  #introduce(guide: GuideSnapshot): void {
    this.#line(this.#inFull ? `${guideWords.waitingFor(guide.board)}.` : `${guideTitle(guide)}.`);
    const known = [guideMatchingText(guide), guideDelayText(guide), guideLooksText(guide)];
    for (const text of known) if (text !== '') this.#line(text);
    const before = this.#inFull ? guideBeforeLines(guide) : [];
    if (before.length > 0) this.#line(`${guideWords.before}: ${before.join(' ')}`);
  }

  #openChapter(guide: GuideSnapshot): void {
    const chapter = `${guide.tries} ${guide.way}`;
    const due = guide.steps.findIndex(({ state }) => state === 'now');
    const wentBack = due >= 0 && due < this.#due;
    this.#due = due;
    if (chapter === this.#chapter && !wentBack) return;
    if (this.#inFull && chapter !== this.#chapter)
      this.#line(
        guide.ways.length > 1
          ? `${guideWords.tries(guide.tries)}, ${guide.way}:`
          : `${guideWords.tries(guide.tries)}:`,
      );
    this.#chapter = chapter;
    this.#shown = new Set();
  }

  #tellSteps(guide: GuideSnapshot): void {
    guide.steps.forEach(({ step, state }, index) => {
      if (state !== 'now' || this.#shown.has(index)) return;
      this.#shown.add(index);
      this.#line(`  ${index + 1}. ${guideStepText(step)}`);
    });
  }

  #tellRemark(guide: GuideSnapshot): void {
    const text = guide.remark === undefined ? '' : guideRemarkText(guide.remark, guide, platform);
    if (text !== this.#remark && text !== '') this.#line(`  ! ${text}`);
    this.#remark = text;
  }

  /** "Keep" is said by the step itself; "now" is the line that matters. */
  #tellHold(guide: GuideSnapshot): void {
    const text = guide.hold === 'now' ? guideHoldText(guide) : '';
    if (text !== this.#hold && text !== '') this.#line(`  ${text}`);
    this.#hold = text;
  }
}
