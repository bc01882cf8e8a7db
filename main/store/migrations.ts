// The schema of rekindle.db, step by step. docs/history.md describes it; a change is a new entry, never an edit.

/** One step of the schema; its number is its place in the list, from 1. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** Marks the file as ours: "RKND". */
export const applicationId = 0x524b4e44;

export const migrations: readonly Migration[] = [
  {
    name: 'jobs and their journal',
    sql: `
      CREATE TABLE run (
        id TEXT PRIMARY KEY, pid INTEGER NOT NULL, process_started TEXT NOT NULL, uptime_s REAL NOT NULL,
        shell TEXT NOT NULL, version TEXT NOT NULL, system TEXT NOT NULL, started_at TEXT NOT NULL
      ) STRICT;
      CREATE TABLE job (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        run TEXT NOT NULL REFERENCES run (id),
        kind TEXT NOT NULL, started_at TEXT NOT NULL,
        board TEXT NOT NULL, port_path TEXT NOT NULL, serial TEXT NOT NULL,
        vendor_id INTEGER NOT NULL, product_id INTEGER NOT NULL,
        memories TEXT, chip TEXT, profile TEXT, entered INTEGER NOT NULL, virtual INTEGER NOT NULL,
        plan_hash TEXT, request TEXT, planned TEXT,
        journal TEXT NOT NULL DEFAULT 'none' CHECK (journal IN ('none', 'kept', 'lost')),
        verified INTEGER NOT NULL DEFAULT 0,
        backup_path TEXT, backup_bytes INTEGER, backup_sha256 TEXT,
        ended_at TEXT, duration_ms REAL, outcome TEXT, content TEXT, app TEXT, next TEXT, verdict TEXT,
        error_code TEXT, result TEXT,
        closed_at TEXT, closed_why TEXT
      ) STRICT;
      CREATE INDEX job_unit ON job (serial, port_path);
      CREATE INDEX job_open ON job (number) WHERE closed_at IS NULL;
      CREATE TABLE job_image (
        job INTEGER NOT NULL REFERENCES job (number), position INTEGER NOT NULL,
        name TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, format TEXT NOT NULL,
        facts TEXT NOT NULL, held TEXT, PRIMARY KEY (job, position)
      ) STRICT;
      CREATE TABLE step (
        job INTEGER NOT NULL REFERENCES job (number), position INTEGER NOT NULL, step TEXT NOT NULL,
        state TEXT NOT NULL, reason TEXT, at TEXT NOT NULL, duration_ms REAL, bytes INTEGER,
        PRIMARY KEY (job, position)
      ) STRICT;
      CREATE TABLE act (
        number INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL REFERENCES job (number),
        kind TEXT NOT NULL CHECK (kind IN ('erase', 'write')), alternate INTEGER NOT NULL,
        first INTEGER NOT NULL, past INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'begun' CHECK (state IN ('begun', 'done', 'doubt'))
      ) STRICT;
      CREATE INDEX act_job ON act (job);
    `,
  },
  {
    name: 'batches and their boards',
    sql: `
      CREATE TABLE batch (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, run TEXT NOT NULL REFERENCES run (id),
        kind TEXT NOT NULL CHECK (kind IN ('all', 'next')), started_at TEXT NOT NULL,
        profile TEXT, wanted INTEGER NOT NULL, recipe TEXT NOT NULL, closed_at TEXT, closed_why TEXT
      ) STRICT;
      CREATE TABLE batch_image (
        batch INTEGER NOT NULL REFERENCES batch (number), position INTEGER NOT NULL,
        name TEXT NOT NULL, sha256 TEXT NOT NULL, held TEXT, PRIMARY KEY (batch, position)
      ) STRICT;
      CREATE TABLE batch_board (
        batch INTEGER NOT NULL REFERENCES batch (number), job TEXT NOT NULL, record TEXT,
        port_path TEXT NOT NULL, board TEXT NOT NULL, serial TEXT NOT NULL, virtual INTEGER NOT NULL,
        started_at TEXT NOT NULL, seconds REAL, state TEXT NOT NULL, error_code TEXT, retried INTEGER NOT NULL,
        PRIMARY KEY (batch, job)
      ) STRICT;
    `,
  },
];
