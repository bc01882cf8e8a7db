// What is written to the journal while a job runs. Each function is one change; the store commits them together.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { ClosedWhy, RecordedUnit } from '../../shared/history.ts';
import { stepNames } from '../../shared/plan.ts';
import type { Act, JobBeginning, JobEnding, PlannedRow, RunRow, StepRow } from './journal-rows.ts';
import { keepRun } from './keep-run.ts';

/** The changes there are, on an open database. @throws SQLite's errors */
export function journalWrites(db: DatabaseSync) {
  const statements = new Map<string, StatementSync>();
  const run = (sql: string, ...values: SQLInputValue[]): number => {
    let statement = statements.get(sql);
    if (statement === undefined) statements.set(sql, (statement = db.prepare(sql)));
    return Number(statement.run(...values).changes);
  };
  /** A change of a job that is not there (the database is a new one) must not pass for done. */
  const runOne = (sql: string, ...values: SQLInputValue[]): void => {
    if (run(sql, ...values) === 0) throw new Error('the job is not in the database');
  };
  const jobNumber = '(SELECT number FROM job WHERE id = ?)';
  /** Nothing is left to do about it; what was needed for that goes. False when it was closed already. */
  const closeJob = (id: string, why: ClosedWhy, at: string): boolean => {
    const open = 'id = ? AND closed_at IS NULL';
    const closed = run(`UPDATE job SET closed_at = ?, closed_why = ? WHERE ${open}`, at, why, id);
    run(`DELETE FROM act WHERE job = ${jobNumber}`, id);
    run(`UPDATE job_image SET held = NULL WHERE job = ${jobNumber}`, id);
    return closed > 0;
  };
  return {
    beginJob(program: RunRow, job: JobBeginning): void {
      keepRun(run, program);
      const { unit } = job;
      run(
        `INSERT INTO job (id, run, kind, started_at, board, port_path, serial, vendor_id, product_id, memories, chip,
          profile, entered, virtual) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        job.id,
        program.id,
        job.kind,
        job.startedAt,
        ...unitValues(unit),
      );
    },

    /** The board was opened: what it is, is known now. */
    identifyJob(id: string, unit: RecordedUnit): void {
      runOne(
        `UPDATE job SET board = ?, port_path = ?, serial = ?, vendor_id = ?, product_id = ?, memories = ?, chip = ?,
          profile = ?, entered = ?, virtual = ? WHERE id = ?`,
        ...unitValues(unit),
        id,
      );
    },

    planJob(id: string, plan: PlannedRow): void {
      const { backup } = plan;
      runOne(
        `UPDATE job SET plan_hash = ?, request = ?, planned = ?, journal = 'kept', backup_path = ?, backup_bytes = ?,
          backup_sha256 = ? WHERE id = ?`,
        plan.planHash,
        JSON.stringify(plan.request),
        JSON.stringify(plan.planned),
        backup?.path ?? null,
        backup?.bytes ?? null,
        backup?.sha256 ?? null,
        id,
      );
      for (const [position, image] of plan.images.entries()) {
        const { name, bytes, sha256, format, facts, held } = image;
        run(
          `INSERT INTO job_image VALUES (${jobNumber}, ?, ?, ?, ?, ?, ?, ?)`,
          id,
          position,
          name,
          bytes,
          sha256,
          format,
          JSON.stringify(facts),
          held ?? null,
        );
      }
    },

    /** What it was about to do before, it has done; now it is about to do this. */
    intend(id: string, act: Act): void {
      run(`UPDATE act SET state = 'done' WHERE state = 'begun' AND job = ${jobNumber}`, id);
      run(
        `INSERT INTO act (job, kind, alternate, first, past) VALUES (${jobNumber}, ?, ?, ?, ?)`,
        id,
        act.kind,
        act.alternate,
        act.start,
        act.end,
      );
    },

    /** The board acknowledged the last act. */
    actDone(id: string): void {
      run(`UPDATE act SET state = 'done' WHERE state = 'begun' AND job = ${jobNumber}`, id);
    },

    /** The journal has a gap from here on. */
    loseJournal(id: string): void {
      run(`UPDATE job SET journal = 'lost' WHERE id = ?`, id);
    },

    step(id: string, row: StepRow): void {
      run(
        `INSERT OR REPLACE INTO step VALUES (${jobNumber}, ?, ?, ?, ?, ?, ?, ?)`,
        id,
        stepNames.indexOf(row.step),
        row.step,
        row.state,
        row.reason ?? null,
        row.at,
        row.durationMs ?? null,
        row.bytes ?? null,
      );
      if (row.step === 'verify' && row.state === 'done') run('UPDATE job SET verified = 1 WHERE id = ?', id);
    },

    endJob(id: string, { endedAt, verdict, result, closed }: JobEnding): void {
      const { backup } = result;
      runOne(
        `UPDATE job SET ended_at = ?, duration_ms = ?, outcome = ?, content = ?, app = ?, next = ?, verdict = ?,
          error_code = ?, result = ?, backup_path = ?, backup_bytes = ?, backup_sha256 = ? WHERE id = ?`,
        endedAt,
        result.durationMs,
        result.outcome,
        result.content.kind,
        result.app,
        result.next,
        verdict,
        result.error?.code ?? null,
        JSON.stringify(result),
        backup?.path ?? null,
        backup?.bytes ?? null,
        backup?.sha256 ?? null,
        id,
      );
      if (closed !== undefined) closeJob(id, closed, endedAt);
    },

    /**
     * This job goes on where that one left the board: what that one did is part of what this one knows. With another
     * image, nothing of it is what this one wants.
     */
    inherit(id: string, from: string, sameImages: boolean, why: ClosedWhy, at: string): void {
      const state = sameImages ? `CASE state WHEN 'done' THEN 'done' ELSE 'doubt' END` : `'doubt'`;
      run(`UPDATE act SET job = ${jobNumber}, state = ${state} WHERE job = ${jobNumber}`, id, from);
      closeJob(from, why, at);
    },

    closeJob,
  };
}

function unitValues(unit: RecordedUnit): SQLInputValue[] {
  const { board, portPath, serial, vendorId, productId, memories, chip, profile, entered, virtual } = unit;
  return [
    board,
    portPath,
    serial,
    vendorId,
    productId,
    memories ?? null,
    chip ?? null,
    profile ?? null,
    entered ? 1 : 0,
    virtual ? 1 : 0,
  ];
}
