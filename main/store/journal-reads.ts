// What the journal and the history are asked.
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type {
  ClosedWhy,
  HistoryCounts,
  HistoryEnd,
  HistoryEntry,
  HistoryFilter,
  KnownUnit,
  RecordedImage,
  RecordedKind,
  RecordedUnit,
  RegionRanges,
} from '../../shared/history.ts';
import { limits } from '../../shared/limits.ts';
import type { SkipReason, StepName } from '../../shared/plan.ts';
import type { Result, StepRecord } from '../../shared/result.ts';
import { isTelling } from '../../shared/serial-worth.ts';
import type { Act, OpenRow } from './journal-rows.ts';

type Row = Record<string, SQLOutputValue>;

/** The questions there are, on an open database. @throws SQLite's errors */
export function journalReads(db: DatabaseSync) {
  db.function('is_telling', { deterministic: true }, (serial) => Number(isTelling(String(serial))));
  const all = (sql: string, ...values: SQLInputValue[]): Row[] => db.prepare(sql).all(...values);
  const withRun = `SELECT job.*, run.pid, run.process_started, run.uptime_s, run.shell, run.version, run.system,
    run.started_at AS run_started_at FROM job JOIN run ON run.id = job.run`;
  const entryOf = (row: Row): HistoryEntry => ({
    ...plainEntry(row),
    images: all('SELECT * FROM job_image WHERE job = ? ORDER BY position', number(row, 'number')).map(
      imageOf,
    ),
    steps: all(
      `SELECT * FROM step WHERE job = ? AND state <> 'running' ORDER BY position`,
      number(row, 'number'),
    ).map(stepOf),
  });
  return {
    /** Jobs that are not closed, oldest first. */
    openJobs(): OpenRow[] {
      return all(`${withRun} WHERE job.closed_at IS NULL ORDER BY job.number`).map((row) => ({
        entry: entryOf(row),
        run: {
          id: text(row, 'run'),
          process: {
            pid: number(row, 'pid'),
            started: text(row, 'process_started'),
            uptimeSeconds: number(row, 'uptime_s'),
          },
          shell: text(row, 'shell'),
          version: text(row, 'version'),
          system: text(row, 'system'),
          startedAt: text(row, 'run_started_at'),
        },
        journal: text(row, 'journal') as OpenRow['journal'],
        verified: number(row, 'verified') === 1,
        request: json(row, 'request') as object | undefined,
        planned: (json(row, 'planned') ?? []) as RegionRanges[],
        begun: all('SELECT step FROM step WHERE job = ? ORDER BY position', number(row, 'number')).map(
          (step) => text(step, 'step') as StepName,
        ),
        acts: all('SELECT * FROM act WHERE job = ? ORDER BY number', number(row, 'number')).map((act) => ({
          kind: text(act, 'kind') as Act['kind'],
          alternate: number(act, 'alternate'),
          start: number(act, 'first'),
          end: number(act, 'past'),
          state: text(act, 'state') as OpenRow['acts'][number]['state'],
        })),
      }));
    },

    /** Newest first. */
    history(filter: HistoryFilter): HistoryEntry[] {
      const { where, values } = conditions(filter);
      const limit = Math.min(filter.limit ?? limits.historyJobs, limits.historyJobs);
      return all(`${withRun} ${where} ORDER BY job.number DESC LIMIT ?`, ...values, limit).map(entryOf);
    },

    counts(filter: HistoryFilter): HistoryCounts {
      const { where, values } = conditions(filter);
      const [row = {}] = all(
        `SELECT count(*) AS jobs, count(*) FILTER (WHERE outcome = 'done') AS done FROM job ${where}`,
        ...values,
      );
      return { jobs: number(row, 'jobs'), done: number(row, 'done') };
    },

    /**
     * Every board there was a job of, the latest first. With a serial number of its own it is the same one in any port;
     * without, at the same port with the same marks.
     */
    units(): KnownUnit[] {
      const place = `CASE WHEN is_telling(serial) THEN '' ELSE port_path END`;
      const same = `${place}, serial, vendor_id, product_id, virtual`;
      return all(
        `SELECT job.*, count(*) AS jobs, max(number) FROM job GROUP BY ${same} ORDER BY max(number) DESC LIMIT ?`,
        limits.historyUnits,
      ).map((row) => ({
        unit: unitOf(row),
        jobs: number(row, 'jobs'),
        lastStartedAt: text(row, 'started_at'),
        lastJob: text(row, 'id'),
      }));
    },

    /** Names of images that open jobs and batches need. */
    heldImages(): string[] {
      return all(
        `SELECT held FROM job_image WHERE held IS NOT NULL UNION SELECT held FROM batch_image WHERE held IS NOT NULL`,
      ).map((row) => text(row, 'held'));
    },
  };
}

const endings: { readonly [ended in HistoryEnd]: string } = {
  well: `job.outcome = 'done'`,
  badly: `job.outcome <> 'done'`,
  never: 'job.outcome IS NULL',
};

function conditions(filter: HistoryFilter): { where: string; values: SQLInputValue[] } {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (part: string, ...more: SQLInputValue[]): void => {
    parts.push(part);
    values.push(...more);
  };
  if (filter.unit !== undefined) {
    const like = containing(filter.unit);
    add(
      `(job.board LIKE ? ESCAPE '\\' OR job.serial LIKE ? ESCAPE '\\' OR job.port_path = ?)`,
      like,
      like,
      filter.unit,
    );
  }
  if (filter.search !== undefined) {
    const like = containing(filter.search);
    const columns = [
      'id',
      'board',
      'serial',
      'port_path',
      'plan_hash',
      'error_code',
      'verdict',
      'backup_path',
    ];
    const own = columns.map((column) => `job.${column} LIKE ? ESCAPE '\\'`).join(' OR ');
    add(
      `(${own} OR EXISTS (SELECT 1 FROM job_image WHERE job_image.job = job.number AND
        (job_image.name LIKE ? ESCAPE '\\' OR job_image.sha256 LIKE ? ESCAPE '\\')))`,
      ...columns.map(() => like),
      like,
      like,
    );
  }
  if (filter.portPath !== undefined) add('job.port_path = ?', filter.portPath);
  if (filter.serial !== undefined) add('job.serial = ?', filter.serial);
  if (filter.ids !== undefined)
    add('job.vendor_id = ? AND job.product_id = ?', filter.ids.vendorId, filter.ids.productId);
  if (filter.id !== undefined) add('job.id = ?', filter.id);
  if (filter.ended !== undefined) add(endings[filter.ended]);
  if (filter.since !== undefined) add('job.started_at >= ?', filter.since);
  if (filter.kind !== undefined) add('job.kind = ?', filter.kind);
  if (filter.virtual !== undefined) add('job.virtual = ?', filter.virtual ? 1 : 0);
  if (filter.before !== undefined) add('job.number < ?', filter.before);
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}

function containing(wanted: string): string {
  return `%${wanted.replace(/[\\%_]/g, '\\$&')}%`;
}

function plainEntry(row: Row): Omit<HistoryEntry, 'images' | 'steps'> {
  const backupPath = maybeText(row, 'backup_path');
  const closedAt = maybeText(row, 'closed_at');
  return {
    id: text(row, 'id'),
    number: number(row, 'number'),
    kind: text(row, 'kind') as RecordedKind,
    startedAt: text(row, 'started_at'),
    endedAt: maybeText(row, 'ended_at'),
    durationMs: maybeNumber(row, 'duration_ms'),
    shell: text(row, 'shell'),
    version: text(row, 'version'),
    system: text(row, 'system'),
    unit: unitOf(row),
    planHash: maybeText(row, 'plan_hash'),
    backup:
      backupPath === undefined
        ? undefined
        : { path: backupPath, bytes: number(row, 'backup_bytes'), sha256: text(row, 'backup_sha256') },
    result: json(row, 'result') as Result | undefined,
    closed: closedAt === undefined ? undefined : { at: closedAt, why: text(row, 'closed_why') as ClosedWhy },
  };
}

function unitOf(row: Row): RecordedUnit {
  return {
    board: text(row, 'board'),
    portPath: text(row, 'port_path'),
    serial: text(row, 'serial'),
    vendorId: number(row, 'vendor_id'),
    productId: number(row, 'product_id'),
    memories: maybeText(row, 'memories'),
    chip: maybeText(row, 'chip'),
    profile: maybeText(row, 'profile'),
    entered: number(row, 'entered') === 1,
    virtual: number(row, 'virtual') === 1,
  };
}

function imageOf(row: Row): RecordedImage {
  return {
    name: text(row, 'name'),
    bytes: number(row, 'bytes'),
    sha256: text(row, 'sha256'),
    format: text(row, 'format'),
    facts: (json(row, 'facts') ?? []) as RecordedImage['facts'],
    held: maybeText(row, 'held'),
  };
}

function stepOf(row: Row): StepRecord {
  const reason = maybeText(row, 'reason');
  const bytes = maybeNumber(row, 'bytes');
  return {
    step: text(row, 'step') as StepName,
    state: text(row, 'state') as StepRecord['state'],
    durationMs: maybeNumber(row, 'duration_ms') ?? 0,
    ...(reason === undefined ? {} : { reason: reason as SkipReason }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

function text(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value : '';
}

function maybeText(row: Row, name: string): string | undefined {
  return row[name] === null ? undefined : text(row, name);
}

function number(row: Row, name: string): number {
  return Number(row[name] ?? 0);
}

function maybeNumber(row: Row, name: string): number | undefined {
  return row[name] === null ? undefined : number(row, name);
}

/** People may edit the file: what cannot be understood is not there. */
function json(row: Row, name: string): unknown {
  try {
    return JSON.parse(text(row, name));
  } catch {
    return undefined;
  }
}
