// What programs that are no more left of their batches. Pure: rows of the database in, what a person is told out.
import type { OpenBatch, OpenBatchBoard } from '../../../shared/batch.ts';
import type { OpenBatchBoardRow, OpenBatchRow } from '../../store/batch-calls.ts';

/** A batch as it is told. Boards that were tried again are what they became. */
export function openBatchOf(row: OpenBatchRow, imagesThere: boolean): OpenBatch {
  const { id, kind, startedAt, profile, wanted, images } = row;
  return {
    id,
    kind,
    startedAt,
    files: images.map(({ name }) => name),
    profile,
    wanted,
    imagesThere,
    boards: row.boards.filter(({ retried }) => !retried).map(boardOf),
  };
}

function boardOf(row: OpenBatchBoardRow): OpenBatchBoard {
  const { portPath, board, serial, virtual, record, error } = row;
  const state = stateOf(row);
  // What failed half-way is open as well.
  const openJob = row.jobOpen && state !== 'not-begun' ? record : undefined;
  return { portPath, board, serial, virtual, state, openJob, error };
}

function stateOf(row: OpenBatchBoardRow): OpenBatchBoard['state'] {
  const { state, outcome, jobOpen, touched, lost, closedWhy } = row;
  if (state !== 'waiting' && state !== 'running') return state;
  // The job told the journal how it ended, and its program ended before it told the batch.
  if (outcome !== undefined) return outcome === 'done' ? 'done' : 'failed';
  if (jobOpen) return touched || lost ? 'in-doubt' : 'not-begun';
  return closedWhy === undefined || closedWhy === 'untouched' ? 'not-begun' : 'gone-on';
}
