// When GETSTATUS is asked again, learned from how earlier work went (dfu.md 0 rule 6, 2.11 "Execution model").
import { describe, expect, it } from 'vitest';
import { PollPolicy, type Operation } from '../../main/protocols/dfu/poll.ts';

const block: Operation = { kind: 'program', sizeBytes: 2048 };
const hintMs = 60;

/** One block on a device that needs `workMs`: returns when the last question was asked and how many there were. */
function work(
  policy: PollPolicy,
  workMs: number,
  manner: 'holds answers' | 'reports busy',
  lateMs = 0,
): { askedMs: number; polls: number } {
  let elapsed = 1;
  let sawBusy = false;
  for (let polls = 1; ; polls++) {
    const plannedMs = elapsed + policy.delay(block, hintMs, elapsed, polls);
    const askedMs = plannedMs + lateMs;
    const answeredMs = (manner === 'holds answers' ? Math.max(askedMs, workMs) : askedMs) + 1;
    if (answeredMs >= workMs) {
      policy.learn(block, { plannedMs, askedMs, answeredMs, sawBusy, firstAnswerMs: 1 });
      return { askedMs, polls };
    }
    sawBusy = true;
    elapsed = answeredMs;
  }
}

const fresh = (): PollPolicy => new PollPolicy({ obedient: false, memory: new Set(), deviceKey: 'x' });

describe('PollPolicy', () => {
  it('asks a device that holds its answers back before the work is over, every time', () => {
    const policy = fresh();
    work(policy, 50, 'holds answers');
    for (let i = 0; i < 20; i++) expect(work(policy, 50, 'holds answers').askedMs).toBeLessThan(50);
  });

  it('asks a device that reports busy near the end, with few questions', () => {
    const policy = fresh();
    // The first answers only say that the hint is too long, and by how much is found in a few steps.
    for (let i = 0; i < 5; i++) work(policy, 50, 'reports busy');
    for (let i = 0; i < 20; i++) {
      const { askedMs, polls } = work(policy, 50, 'reports busy');
      expect(polls).toBeLessThanOrEqual(5);
      expect(askedMs).toBeLessThan(50 * 1.08);
    }
  });

  it.each(['holds answers', 'reports busy'] as const)(
    'does not take its own lateness for the time a device needs (%s)',
    (manner) => {
      const policy = fresh();
      work(policy, 50, manner, 240);
      const asked = Array.from({ length: 6 }, () => work(policy, 50, manner).askedMs);
      expect(Math.max(...asked)).toBeLessThan(80);
      expect(asked.at(-1)).toBeLessThan(55);
    },
  );

  it('follows a device that has become slower', () => {
    const policy = fresh();
    for (let i = 0; i < 5; i++) work(policy, 50, 'reports busy');
    for (let i = 0; i < 5; i++) work(policy, 100, 'reports busy');
    expect(work(policy, 100, 'reports busy').polls).toBeLessThanOrEqual(5);
  });

  it('obeys for good after an anomaly', () => {
    const policy = fresh();
    work(policy, 50, 'holds answers');
    policy.reportAnomaly();
    expect(policy.delay(block, hintMs, 1, 1)).toBe(hintMs);
  });
});
