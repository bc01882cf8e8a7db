import { describe, expect, it } from 'vitest';
import { newJobSnapshot, type JobSnapshot } from '../../shared/job-snapshot.ts';
import { countLanes, lanesOf } from '../../shared/lanes.ts';
import { lanesSummary, laneText } from '../../shared/text/lanes.ts';
import { result } from '../support/records.ts';

function job(id: string, portPath: string, change: Partial<JobSnapshot> = {}): JobSnapshot {
  const about = { id, kind: 'flash', board: 'NanoVNA-H', virtual: false } as const;
  const fresh = newJobSnapshot({ ...about, portPath, files: ['a.dfu'], startedAt: '' });
  return { ...fresh, state: 'running', ...change };
}

const done = { ...result, outcome: 'done' as const, error: undefined };
const failed = { ...result, outcome: 'failed' as const, error: { code: 'usb.gone' as const, params: {} } };

describe('lanes', () => {
  it('has one for each port, in the order of ports, and those for any port first', () => {
    const jobs = [job('a', '1-10'), job('b', '1-2'), job('c', '', { state: 'waiting' }), job('d', '1-9.1')];
    expect(lanesOf(jobs, [], []).map(({ portPath }) => portPath)).toEqual(['', '1-2', '1-9.1', '1-10']);
  });

  it('shows what runs before what waits, and what waits before what ended', () => {
    const ended = job('a', '1-1', { result: { ...failed, portPath: '1-1' } });
    const [over] = lanesOf([ended], [], []);
    expect(over).toMatchObject({ state: 'failed', job: { id: 'a' } });
    const queued = [job('b', '1-1', { state: 'queued' }), job('c', '1-1', { state: 'queued' }), ended];
    const [waits] = lanesOf(queued, [], ['x', 'c', 'b']);
    expect(waits).toMatchObject({ state: 'queued', job: { id: 'c' }, place: 2, behind: [{ id: 'b' }] });
    const [runs] = lanesOf([job('d', '1-1'), ...queued], [], ['x', 'c', 'b']);
    expect(runs).toMatchObject({ state: 'running', job: { id: 'd' }, place: undefined });
    expect(runs?.behind.map(({ id }) => id)).toEqual(['c', 'b']);
  });

  it('is where the board was at last: a job that waited on any port ended on one', () => {
    const [lane] = lanesOf([job('a', '', { result: { ...done, portPath: '3-1' } })], [], []);
    expect(lane).toMatchObject({ portPath: '3-1', state: 'done' });
  });

  it('counts and tells what waits for a person, and what of a board is left', () => {
    const lanes = lanesOf(
      [
        job('a', '1-1', { question: { id: 'confirm', flag: '--yes' } }),
        job('b', '1-2', { state: 'paused' }),
        job('c', '1-3', { state: 'queued' }),
        job('d', '1-4', { result: { ...failed, portPath: '1-4' } }),
      ],
      [],
      ['c'],
    );
    expect(lanesSummary(countLanes(lanes))).toBe(
      '1 asks you something, 1 paused, 1 waits for its turn, 1 not done',
    );
    const texts = lanes.map((lane) => laneText(lane, 'linux'));
    expect(texts.map(({ words }) => words)).toEqual([
      'Asks you something',
      'Paused',
      'Waits for its turn',
      'The board is gone from USB',
    ]);
    expect(texts[2]?.more).toBe('Next in line.');
    expect(texts[3]?.more).not.toBe('');
  });
});
