// Rows for tests of the store: one job on one board.
import type { RecordedImage, RecordedUnit } from '../../shared/history.ts';
import type { Result } from '../../shared/result.ts';
import { thisProcess } from '../../main/base/process-identity.ts';
import type { JobBeginning, PlannedRow, RunRow } from '../../main/store/journal-rows.ts';

export const run: RunRow = {
  id: 'run-1',
  process: thisProcess(),
  shell: 'test',
  version: '0.0.0',
  system: 'linux',
  startedAt: '2026-11-21T12:00:00.000Z',
};

export const unit: RecordedUnit = {
  board: 'NanoVNA-H',
  portPath: '1-1',
  serial: '100%_sure',
  vendorId: 0x0483,
  productId: 0xdf11,
  memories: 'abc',
  chip: 'stm32f072',
  profile: undefined,
  entered: false,
  virtual: false,
};

export function job(id: string, changes: Partial<JobBeginning> = {}): JobBeginning {
  return { id, kind: 'flash', startedAt: '2026-11-21T12:00:01.000Z', unit, ...changes };
}

export const image: RecordedImage = {
  name: 'firmware.dfu',
  bytes: 1_000,
  sha256: 'f'.repeat(64),
  format: 'dfuse',
  facts: [],
  held: 'a'.repeat(64),
};

export const planned: PlannedRow = {
  planHash: 'hash',
  request: { kind: 'flash' },
  images: [image],
  backup: undefined,
  planned: [{ alternate: 0, ranges: [{ start: 0x08000000, end: 0x08004000 }] }],
};

export const result: Result = {
  outcome: 'done',
  content: { kind: 'verified' },
  inDoubt: [],
  erased: [],
  app: 'running',
  leftEarly: false,
  next: 'nothing',
  error: undefined,
  board: unit.board,
  portPath: unit.portPath,
  virtual: false,
  backup: undefined,
  steps: [],
  durationMs: 1_234,
  requests: {},
};
