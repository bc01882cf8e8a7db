import { describe, expect, it } from 'vitest';
import { quitQuestion } from '../../shared/text/window.ts';

describe('the question before quitting', () => {
  it('has a line for each board, and no board can write a line of its own', () => {
    const jobs = [
      { boardName: 'A\nOthers: unchanged', ifQuitNow: 'blank' },
      { boardName: 'B\u202e', ifQuitNow: 'unchanged' },
    ];
    expect(quitQuestion(jobs)).toEqual({
      title: '2 jobs are still running. Quit?',
      detail: 'If you quit now:\nAOthers: unchanged: blank\nB: unchanged',
    });
    expect(quitQuestion(jobs.slice(0, 1)).title).toBe('A job on AOthers: unchanged is still running. Quit?');
  });
});
