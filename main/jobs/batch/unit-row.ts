import type { BatchSnapshot, BatchUnit } from '../../../shared/batch.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import type { JobSnapshot } from '../../../shared/job-snapshot.ts';
import type { Result } from '../../../shared/result.ts';

/** When a job had its board. */
export interface Begun {
  readonly atMs: number;
  /** ISO 8601. */
  readonly at: string;
}

/** Errors that say: a person has to look at this board. */
const forAPerson: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'question.declined',
  'question.unanswered',
  'arm.left-alone',
  'arm.plan-differs',
  'plan.changed',
]);

/** One board's row, from its job. */
export function unitRow(
  job: JobSnapshot,
  begun: Begun,
  nowMs: number,
  before: BatchUnit | undefined,
): BatchUnit {
  const { id: jobId, record, portPath, board, virtual, result } = job;
  const ended = before !== undefined && before.seconds !== undefined;
  const seconds = ended ? before.seconds : result && (nowMs - begun.atMs) / 1000;
  return {
    jobId,
    record,
    portPath: result?.portPath ?? portPath,
    board,
    virtual,
    serial: result?.serial ?? '',
    startedAt: begun.at,
    seconds,
    state: stateOf(job),
    error: result?.error,
    retried: before?.retried ?? false,
  };
}

function stateOf({ state, result }: JobSnapshot): BatchUnit['state'] {
  if (result === undefined) return state === 'queued' || state === 'waiting' ? 'waiting' : 'running';
  return endOf(result);
}

function endOf({ outcome, error, content }: Result): BatchUnit['state'] {
  if (outcome === 'done') return 'done';
  if (error !== undefined && content.kind === 'untouched' && forAPerson.has(error.code)) return 'left';
  return outcome === 'cancelled' ? 'stopped' : 'failed';
}

/** Boards that were tried again count as what they became. */
export function countUnits(units: readonly BatchUnit[]): BatchSnapshot['counts'] {
  const counts = { running: 0, done: 0, failed: 0, left: 0 };
  for (const { state, retried } of units) {
    if (retried) continue;
    if (state === 'running' || state === 'waiting') counts.running++;
    else if (state === 'done') counts.done++;
    else if (state === 'left') counts.left++;
    else counts.failed++;
  }
  return counts;
}
