// Batches in the database: what they are about, and each of their boards. docs/history.md describes the tables.
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { BatchUnit } from '../../shared/batch.ts';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import { limits } from '../../shared/limits.ts';
import type { ProcessIdentity } from '../base/process-identity.ts';
import type { RunRow } from './journal-rows.ts';
import { keepRun } from './keep-run.ts';

/** What a batch is about. */
export interface BatchBeginning {
  readonly id: string;
  readonly kind: 'all' | 'next';
  readonly startedAt: string;
  readonly profile: string | undefined;
  readonly wanted: number;
  /** Options of the flash: enough to ask for it again. */
  readonly recipe: object;
  readonly images: readonly { readonly name: string; readonly sha256: string; readonly held: string }[];
}

/** One board, by the job that had it. */
export type BatchBoardRow = Pick<
  BatchUnit,
  'jobId' | 'portPath' | 'board' | 'virtual' | 'serial' | 'startedAt' | 'seconds' | 'state' | 'retried'
> & { readonly record: string | undefined; readonly error: ErrorCode | undefined };

/** A board, with what the journal knows of its job. */
export interface OpenBatchBoardRow extends BatchBoardRow {
  /** Of the job in the journal: how it ended; undefined where its program ended first, or there is no job. */
  readonly outcome: string | undefined;
  /** The job is not over: something is left to do about it. */
  readonly jobOpen: boolean;
  /** An erase or a write was about to be sent. */
  readonly touched: boolean;
  /** The job has a gap in its journal. */
  readonly lost: boolean;
  readonly closedWhy: string | undefined;
}

/** A batch that is not closed. */
export interface OpenBatchRow extends BatchBeginning {
  readonly run: { readonly id: string; readonly process: ProcessIdentity };
  readonly boards: readonly OpenBatchBoardRow[];
}

/** The calls there are, on an open database. @throws SQLite's errors */
export function batchCalls(db: DatabaseSync) {
  const run = (sql: string, ...values: SQLInputValue[]): number =>
    Number(db.prepare(sql).run(...values).changes);
  const all = (sql: string, ...values: SQLInputValue[]): Row[] => db.prepare(sql).all(...values);
  const batchNumber = '(SELECT number FROM batch WHERE id = ?)';
  return {
    beginBatch(program: RunRow, batch: BatchBeginning): void {
      keepRun(run, program);
      run(
        'INSERT INTO batch (id, run, kind, started_at, profile, wanted, recipe) VALUES (?, ?, ?, ?, ?, ?, ?)',
        batch.id,
        program.id,
        batch.kind,
        batch.startedAt,
        batch.profile ?? null,
        batch.wanted,
        JSON.stringify(batch.recipe),
      );
      for (const [position, { name, sha256, held }] of batch.images.entries())
        run(
          `INSERT INTO batch_image VALUES (${batchNumber}, ?, ?, ?, ?)`,
          batch.id,
          position,
          name,
          sha256,
          held,
        );
    },

    /** How many are to be done from here on. */
    wantBatch(id: string, wanted: number): void {
      run('UPDATE batch SET wanted = ? WHERE id = ?', wanted, id);
    },

    /** A board of it as it stands now, in the place of what was known of the same job. */
    batchBoard(id: string, row: BatchBoardRow): void {
      run(
        `INSERT OR REPLACE INTO batch_board VALUES (${batchNumber}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        id,
        row.jobId,
        row.record ?? null,
        row.portPath,
        row.board,
        row.serial,
        row.virtual ? 1 : 0,
        row.startedAt,
        row.seconds ?? null,
        row.state,
        row.error ?? null,
        row.retried ? 1 : 0,
      );
    },

    /** Nothing is left to do about it; its images are nobody's any more. */
    closeBatch(id: string, why: string, at: string): void {
      run('UPDATE batch SET closed_at = ?, closed_why = ? WHERE id = ? AND closed_at IS NULL', at, why, id);
      run(`UPDATE batch_image SET held = NULL WHERE batch = ${batchNumber}`, id);
    },

    /** One that was over goes on: it is open again. */
    reopenBatch(id: string, images: BatchBeginning['images']): void {
      run('UPDATE batch SET closed_at = NULL, closed_why = NULL WHERE id = ?', id);
      for (const [position, { held }] of images.entries())
        run(
          `UPDATE batch_image SET held = ? WHERE batch = ${batchNumber} AND position = ?`,
          held,
          id,
          position,
        );
    },

    /** Newest first. */
    openBatches(): OpenBatchRow[] {
      return all(
        `SELECT batch.*, run.pid, run.process_started, run.uptime_s FROM batch JOIN run ON run.id = batch.run
          WHERE batch.closed_at IS NULL ORDER BY batch.number DESC LIMIT ?`,
        limits.openBatches,
      ).map((row) => ({
        id: text(row['id']),
        kind: text(row['kind']) === 'all' ? 'all' : 'next',
        startedAt: text(row['started_at']),
        profile: row['profile'] === null ? undefined : text(row['profile']),
        wanted: Number(row['wanted']),
        recipe: parsed(text(row['recipe'])),
        images: all('SELECT * FROM batch_image WHERE batch = ? ORDER BY position', Number(row['number'])).map(
          (image) => ({
            name: text(image['name']),
            sha256: text(image['sha256']),
            held: text(image['held']),
          }),
        ),
        run: {
          id: text(row['run']),
          process: {
            pid: Number(row['pid']),
            started: text(row['process_started']),
            uptimeSeconds: Number(row['uptime_s']),
          },
        },
        boards: all(
          `SELECT batch_board.*, job.outcome, job.number IS NOT NULL AND job.closed_at IS NULL AS job_open,
            job.journal = 'lost' AS lost, job.closed_why,
            EXISTS (SELECT 1 FROM act WHERE act.job = job.number) AS touched
            FROM batch_board LEFT JOIN job ON job.id = batch_board.record WHERE batch = ?
            ORDER BY batch_board.started_at, batch_board.rowid LIMIT ?`,
          Number(row['number']),
          limits.batchBoards,
        ).map(boardOf),
      }));
    },
  };
}

type Row = Record<string, SQLOutputValue>;

function boardOf(row: Row): OpenBatchBoardRow {
  const maybe = (name: string): string | undefined => (row[name] === null ? undefined : text(row[name]));
  return {
    jobId: text(row['job']),
    record: maybe('record'),
    portPath: text(row['port_path']),
    board: text(row['board']),
    serial: text(row['serial']),
    virtual: row['virtual'] === 1,
    startedAt: text(row['started_at']),
    seconds: row['seconds'] === null ? undefined : Number(row['seconds']),
    state: text(row['state']) as BatchBoardRow['state'],
    error: maybe('error_code') as ErrorCode | undefined,
    retried: row['retried'] === 1,
    outcome: maybe('outcome'),
    jobOpen: row['job_open'] === 1,
    touched: row['touched'] === 1,
    lost: row['lost'] === 1,
    closedWhy: maybe('closed_why'),
  };
}

function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** People may edit the file: what cannot be understood is not there. */
function parsed(value: string): object {
  try {
    const found: unknown = JSON.parse(value);
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
