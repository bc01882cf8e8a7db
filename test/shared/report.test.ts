// What people paste into a forum: enough to help, and nothing that tells who they are.
import { describe, expect, it } from 'vitest';
import type { AppReport } from '../../shared/contract/app.ts';
import { newJobSnapshot } from '../../shared/job-snapshot.ts';
import { jobReport, problemReport } from '../../shared/report.ts';
import { stepNames } from '../../shared/plan.ts';
import type { Result } from '../../shared/result.ts';

const app: AppReport = {
  version: '1.2.3',
  platform: 'linux',
  shell: 'window',
  versions: [{ name: 'Node.js', version: '24.0.0' }],
  canShowFiles: false,
  canOpenLogFolder: false,
  canOpenPages: false,
};

const result: Result = {
  outcome: 'failed',
  content: { kind: 'partial', ranges: [{ start: 0x08000000, end: 0x08000800 }] },
  inDoubt: [{ start: 0x08000800, end: 0x08001000 }],
  erased: [],
  app: 'not-seen',
  leftEarly: false,
  next: 'continue',
  error: {
    code: 'file.cannot-create',
    params: { path: '/home/ada/backups/x.dfu', reason: 'EACCES' },
  },
  board: 'STM32F072',
  portPath: '1-1',
  virtual: false,
  backup: undefined,
  steps: stepNames.map((step) => ({ step, state: 'done', durationMs: 10 })),
  durationMs: 100,
  requests: { download: 3 },
};

const job = {
  ...newJobSnapshot({
    id: 'job-1',
    kind: 'flash' as const,
    portPath: '1-1',
    board: 'STM32F072',
    virtual: false,
    files: ['firmware.bin'],
    startedAt: '2026-11-21T00:00:00Z',
  }),
  result,
};

describe('a report of a job', () => {
  const text = jobReport(job, app);

  it('says system, board, steps, error and result', () => {
    for (const part of [
      'Rekindle 1.2.3 (window) on linux',
      'STM32F072',
      '`firmware.bin`',
      '| Write |',
      '`file.cannot-create`',
      'next continue',
      'In doubt',
      'download 3',
    ])
      expect(text).toContain(part);
  });

  it.each(['/home/ada/x', '/Users/ada/x', String.raw`C:\Users\ada\x`, '/root/x'])(
    'names nobody: %s',
    (path) => {
      const error = { code: 'file.cannot-create' as const, params: { path, reason: 'EACCES' } };
      const masked = jobReport({ ...job, result: { ...result, error } }, app);
      expect(masked).not.toContain('ada');
      expect(masked).toContain('~');
    },
  );

  it('masks serial numbers', () => {
    const error = { code: 'device.several' as const, params: { found: ['1-1 STM32 205C3578424B'] } };
    const masked = problemReport(error, undefined, app);
    expect(masked).not.toContain('205C3578424B');
    expect(masked).toContain('20...');
  });

  it('tells of a job that still runs', () => {
    expect(jobReport({ ...job, result: undefined }, app)).toContain('It still runs');
  });
});
