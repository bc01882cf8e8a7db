// Every state, result, step and error has its words, and every result its exit code.
import { describe, expect, it } from 'vitest';
import {
  appStates,
  contentKinds,
  exitCodeOf,
  ExitCode,
  nextSteps,
  outcomes,
  verdictOf,
  verdicts,
  type Content,
  type Result,
} from '../../shared/result.ts';
import { stepNames } from '../../shared/plan.ts';
import { brokenStepText, skipTexts, stepTexts } from '../../shared/text/plan.ts';
import { resultText } from '../../shared/text/results.ts';
import { errorText } from '../../shared/text/errors.ts';
import { cleanText } from '../../shared/text/clean.ts';

const base: Result = {
  outcome: 'done',
  content: { kind: 'untouched' },
  inDoubt: [],
  erased: [],
  app: 'not-expected',
  leftEarly: false,
  next: 'nothing',
  error: undefined,
  board: 'x',
  portPath: '1-1',
  virtual: false,
  backup: undefined,
  steps: [],
  durationMs: 0,
  requests: {},
};

const comparison = {
  name: 'a.dfu',
  compared: [{ alternate: 0, start: 0, end: 64 }],
  differentBytes: 0,
  different: [],
  more: false,
  sectors: 1,
  differentSectors: 0,
  notCompared: [],
};
const other = {
  ...comparison,
  differentBytes: 1,
  different: [{ alternate: 0, start: 3, end: 4 }],
  differentSectors: 1,
};

function allResults(): Result[] {
  const contents: Content[] = contentKinds.map((kind) =>
    kind === 'partial' ? { kind, ranges: [{ start: 0, end: 64 }] } : { kind },
  );
  return outcomes.flatMap((outcome) =>
    contents.flatMap((content) =>
      appStates.flatMap((app) =>
        nextSteps.flatMap((next) =>
          [true, false].flatMap((leftEarly) =>
            [{}, { comparison }, { comparison: other }].map((more) => ({
              ...base,
              ...{ outcome, content, app, next, leftEarly },
              ...more,
            })),
          ),
        ),
      ),
    ),
  );
}

describe('results', () => {
  it('each has a row, words and an exit code', () => {
    const seen = new Set<string>();
    for (const result of allResults()) {
      const verdict = verdictOf(result);
      seen.add(verdict);
      expect(verdicts).toContain(verdict);
      expect(resultText(result).title).not.toBe('');
      expect(Object.values(ExitCode)).toContain(exitCodeOf(result));
    }
    expect([...seen].sort()).toEqual([...verdicts].sort());
  });

  it('only what is done ends with 0, what differs with 1, and what is half-way by interruption with 75', () => {
    for (const result of allResults()) {
      const differs = verdictOf(result) === 'holds-something-else';
      expect(exitCodeOf(result) === 0).toBe(result.outcome === 'done' && !differs);
      expect(exitCodeOf(result) === 1).toBe(differs);
      if (result.outcome === 'interrupted' && result.content.kind !== 'untouched')
        expect(exitCodeOf(result)).toBe(75);
    }
  });

  it('never call a touched board unchanged, nor an untouched one without firmware', () => {
    for (const result of allResults()) {
      const { title } = resultText(result);
      if (result.content.kind !== 'untouched') expect(title).not.toContain('unchanged');
      else expect(title).not.toContain('No working firmware');
      if (title.includes('compared') && !title.includes('could not'))
        expect(result.content.kind).toBe('verified');
    }
  });

  it.each([
    ['usb.access-denied', 77],
    ['image.truncated', 65],
    ['file.not-found', 66],
    ['device.none', 69],
    ['file.disk-full', 73],
    ['dfu.bad-answer', 76],
    ['question.unanswered', 78],
    ['usage', 64],
    ['internal', 70],
  ] as const)('%s is %i', (code, exitCode) => {
    expect(exitCodeOf({ ...base, outcome: 'refused', error: { code, params: {} } })).toBe(exitCode);
  });
});

describe('words', () => {
  it('for every step: four texts and what pulling the cable means', () => {
    for (const step of stepNames)
      for (const text of Object.values(stepTexts[step])) expect(text).not.toBe('');
    for (const text of Object.values(skipTexts)) expect(text).not.toBe('');
  });

  it('that a person stopped is not told as failed', () => {
    expect(brokenStepText('write', 'job.aborted')).toBe('Writing: stopped');
    expect(brokenStepText('back-up', 'job.stopped')).toBe('Backing up: stopped');
    expect(brokenStepText('write', 'usb.gone')).toBe('Writing failed');
  });

  it('tell each system its own remedy', () => {
    const params = { portPath: '1-1', ids: '0483:df11' };
    expect(errorText('usb.access-denied', { ...params, platform: 'linux' }, 'linux').advice).toContain(
      'rekindle rights --install',
    );
    expect(errorText('usb.access-denied', { ...params, platform: 'win32' }, 'win32').advice).not.toContain(
      'udev',
    );
    expect(errorText('usb.no-driver', { ...params, platform: 'win32' }, 'win32').advice).toContain('WinUSB');
  });

  it('from a device cannot repaint a terminal', () => {
    expect(cleanText('a\u001b[2Jb\u202ec\u0000d\u0085e\ud800f')).toBe('a[2Jbcdef');
  });
});
