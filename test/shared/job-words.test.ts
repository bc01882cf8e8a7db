import { describe, expect, it } from 'vitest';
import { timelineOfPlan, timelineOfResult } from '../../shared/job-view.ts';
import { appStates, contentKinds, type Content, type Result } from '../../shared/result.ts';
import { amountText, ratesText, remainingText, tickTexts } from '../../shared/text/job.ts';

const base: Result = {
  outcome: 'done',
  content: { kind: 'verified' },
  inDoubt: [],
  erased: [],
  app: 'running',
  leftEarly: false,
  next: 'nothing',
  error: undefined,
  board: undefined,
  portPath: undefined,
  virtual: false,
  backup: undefined,
  steps: [],
  durationMs: 0,
  requests: {},
};

describe('the three ticks', () => {
  it('answer three questions apart, and always with words', () => {
    for (const kind of contentKinds) {
      for (const app of appStates) {
        const content: Content = kind === 'partial' ? { kind, ranges: [] } : { kind };
        const texts = tickTexts({ ...base, content, app });
        expect(texts.map(({ id }) => id)).toEqual(['written', 'verified', 'returned']);
        for (const { title, text } of texts) expect(title !== '' && text !== '').toBe(true);
        expect(texts[0]?.state === 'yes').toBe(kind === 'written' || kind === 'verified');
        expect(texts[1]?.state === 'yes').toBe(kind === 'verified');
        expect(texts[2]?.state === 'yes').toBe(app === 'running');
      }
    }
  });

  it('say why nothing was compared, and that a comparison failed', () => {
    const skipped = tickTexts({
      ...base,
      content: { kind: 'written' },
      steps: [{ step: 'verify', state: 'skipped', reason: 'switched-off', durationMs: 0 }],
    });
    expect(skipped[1]).toMatchObject({ state: 'open', text: 'Switched off' });
    const differs = tickTexts({
      ...base,
      outcome: 'failed',
      content: { kind: 'written' },
      error: { code: 'verify.mismatch', params: {} },
    });
    expect(differs[1]?.state).toBe('no');
  });
});

describe('the meter', () => {
  it('never pretends to know', () => {
    expect(amountText({ doneBytes: 2048, totalBytes: 0 })).toBe('2 KB so far');
    expect(amountText({ doneBytes: 2048, totalBytes: 4096 })).toBe('2 KB of 4 KB');
    expect(remainingText(undefined)).toBe('-');
    expect(remainingText(400)).toBe('a moment');
    expect(remainingText(11_200)).toBe('about 12 s');
    expect(remainingText(60_500)).toBe('about 1 min 1 s');
    expect(ratesText([])).toBe('Rate: not measured yet');
    expect(ratesText([1024, 3072, 2048])).toBe('Rate: 2 KB/s now, between 1 KB/s and 3 KB/s');
  });
});

describe('the timeline', () => {
  it('shows the plan before, and what became of it after', () => {
    expect(
      timelineOfPlan({
        steps: [
          { step: 'erase', bytes: 4096 },
          { step: 'verify', skip: 'switched-off' },
        ],
      }),
    ).toMatchObject([{ state: 'before' }, { state: 'skipped', reason: 'switched-off' }]);
    expect(
      timelineOfResult({
        error: { code: 'usb.gone', params: {} },
        steps: [
          { step: 'erase', state: 'done', durationMs: 12 },
          { step: 'write', state: 'failed', durationMs: 5 },
          { step: 'verify', state: 'not-reached', durationMs: 0 },
        ],
      }),
    ).toMatchObject([
      { state: 'after', durationMs: 12 },
      { state: 'failed', code: 'usb.gone' },
      { state: 'not-reached', durationMs: undefined },
    ]);
  });
});
