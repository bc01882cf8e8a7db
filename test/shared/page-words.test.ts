// The page has buttons: none of its words sends anybody to a command line, or shows our insides.
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { PlanWarning } from '../../shared/plan.ts';
import type { Result } from '../../shared/result.ts';
import * as job from '../../shared/text/job.ts';
import type { Platform } from '../../shared/text/errors.ts';
import { pageErrorText, pageWarningText } from '../../shared/text/page-advice.ts';
import { planReasons } from '../../shared/text/error-reasons.ts';
import { resultText } from '../../shared/text/results.ts';
import { offerFor } from '../../shared/text/verdict-actions.ts';
import * as historyView from '../../shared/text/history-view.ts';
import * as views from '../../shared/text/views.ts';
import { errorSamples } from './error-samples.ts';

const platforms: readonly Platform[] = ['linux', 'darwin', 'win32'];
const codes = (Object.keys(errorSamples) as ErrorCode[]).filter((code) => code !== 'usage');
const commandLine = /(^|[\s"(])--[a-z]|\brekindle [a-z]|\bsame command\b|\bthe command again\b/;

/** Every text in a module's tables; texts made by functions are reached by their own tests. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

describe('a word of the page', () => {
  it.each(codes)('for %s names no command', (code) => {
    for (const platform of platforms) {
      const { title, advice } = pageErrorText(code, errorSamples[code] as never, platform);
      expect(`${title}\n${advice}`).not.toMatch(commandLine);
      expect(`${title}\n${advice}`).not.toMatch(/undefined|NaN|\[object/);
      // How it ended is told beside a job's own stop.
      if (!code.startsWith('job.')) expect(advice).not.toBe('');
    }
  });

  it('names no command for any reason why images do not fit', () => {
    for (const reason of Object.keys(planReasons)) {
      const { advice } = pageErrorText('plan.unsupported-image', { reason }, 'linux');
      expect(advice).not.toMatch(commandLine);
      expect(advice).not.toBe(reason);
    }
  });

  it('names no command for any status of the standard', () => {
    for (let status = 0; status < 17; status++) {
      const params = { status, state: 10, text: undefined, doing: 'writing' };
      expect(pageErrorText('dfu.status', params, 'linux').advice).not.toMatch(commandLine);
    }
  });

  it('names no command in warnings', () => {
    const ranges = [{ start: 0x08000000, end: 0x08000800 }];
    const warnings: PlanWarning[] = [
      { code: 'no-backup', why: 'switched-off' },
      { code: 'no-verify', why: 'switched-off' },
      { code: 'erases-more', ranges },
      { code: 'identity-unproven', boards: ['A', 'B'] },
    ];
    expect(warnings.map(pageWarningText).join('\n')).not.toMatch(commandLine);
  });

  it('names no command on any screen', () => {
    expect(textsIn([views, job, historyView]).filter((text) => commandLine.test(text))).toEqual([]);
  });

  it('names no command after any result', () => {
    for (const outcome of ['done', 'cancelled', 'interrupted', 'refused', 'failed'] as const)
      for (const next of ['nothing', 'continue', 'rewrite', 'restore', 'probe'] as const)
        for (const kind of ['untouched', 'blank', 'written', 'verified'] as const) {
          const result: Result = {
            outcome,
            next,
            content: { kind },
            inDoubt: [],
            erased: [],
            app: 'not-expected',
            leftEarly: false,
            error: undefined,
            board: 'board',
            portPath: '1-1',
            virtual: true,
            backup: undefined,
            steps: [],
            durationMs: 1,
            requests: {},
          };
          const { label, advice } = offerFor(result);
          expect(label).not.toBe('');
          expect(`${resultText(result).title}\n${advice}`).not.toMatch(commandLine);
        }
  });
});
