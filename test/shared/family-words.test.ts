// Words for all that only some boards have to say.
import { describe, expect, it } from 'vitest';
import type { AfterStep, FamilyFact, FamilyQuestion, FamilyWarning } from '../../shared/families.ts';
import {
  afterStepText,
  calibrationText,
  familyFactText,
  familyQuestionText,
  familyWarningText,
  saysLines,
} from '../../shared/text/families.ts';

const versions = [{ of: 'NanoVNA', version: '1.2.14' }];
const facts: readonly FamilyFact[] = [
  { code: 'program', name: 'NanoVNA-H', versions },
  { code: 'program', name: 'NanoVNA-H', versions: [] },
  { code: 'calibration-read', slots: [0, 1], restored: 'as-it-was' },
  { code: 'calibration-read', slots: [], restored: 'first-slot' },
  { code: 'calibration-read', slots: [0], restored: 'unknown' },
  { code: 'calibration-not-read' },
  { code: 'odrive-board', board: 'v3.6-56V' },
  { code: 'odrive-board-unknown', why: 'empty' },
  { code: 'odrive-board-unknown', why: 'unreadable' },
  { code: 'odrive-board-unknown', why: 'all-cancelled' },
];
const warnings: readonly FamilyWarning[] = [
  { code: 'calibration-lost', why: 'layout-changes', name: 'a.bin', slots: [0] },
  { code: 'calibration-lost', why: 'layout-changes', name: 'a.bin', slots: [] },
  { code: 'calibration-lost', why: 'written-over', name: 'a.bin', slots: undefined },
  { code: 'checksum-differs', name: 'a.dfu' },
  { code: 'odrive-first-record-cancelled', board: 'ODrive v3.6-56V' },
  { code: 'odrive-first-record-cancelled', board: undefined },
  { code: 'odrive-board-unproven' },
  { code: 'odrive-settings-stay' },
];
const detail = 'a.bin';
const questions: readonly FamilyQuestion[] = [
  { id: 'file-names-no-board', flag: '--accept unnamed-board', detail, board: 'NanoVNA-H' },
  {
    id: 'file-names-no-board',
    flag: '--accept unnamed-board',
    detail,
    fileBoard: 'Pytrack',
    board: 'Pytrack or Pytrack 2X',
  },
  { id: 'version-unknown', flag: '--accept unknown-version', detail },
  { id: 'other-board-version', flag: '--accept other-board-version', detail, board: 'ODrive v3.6-56V' },
  { id: 'overwrite-settings', flag: '--accept settings', detail },
  { id: 'clear-settings', flag: '--accept clear-settings', detail },
];
const steps: readonly AfterStep[] = [
  { code: 'settings-cleared' },
  { code: 'clear-settings', command: 'clearconfig 1234' },
  { code: 'calibrate' },
  { code: 'still-in-flash-mode' },
  { code: 'replug' },
  { code: 'settings-may-not-fit' },
  { code: 'by-hand', step: { verb: 'unplug' } },
];

describe('words about some boards', () => {
  it('are whole, one of a kind each, and hold nothing that was left out', () => {
    const all = [
      ...facts.map(familyFactText),
      ...warnings.map(familyWarningText),
      ...questions.map(familyQuestionText),
      ...steps.map(afterStepText),
    ];
    for (const text of all) {
      expect(text).toMatch(/^[A-Z].{8,}/s);
      expect(text).not.toMatch(/undefined|null|\[object|NaN| {2}/);
    }
    expect(new Set(all).size).toBe(all.length);
    for (const question of questions) expect(familyQuestionText(question)).toMatch(/\?/);
  });

  it('set what the program says now against before and against the file', () => {
    const before = { name: 'NanoVNA-H', versions, lines: [] };
    const after = { ...before, versions: [{ of: 'NanoVNA', version: '1.2.46' }] };
    const file = [{ of: 'NanoVNA', version: '1.2.45' }];
    expect(saysLines({ before, after, file, verdict: 'differs-from-file' })).toEqual([
      'Its program says: NanoVNA-H, 1.2.46 (before: 1.2.14).',
      'The file had promised 1.2.45.',
    ]);
    expect(saysLines({ before: undefined, after, file: [], verdict: 'unknown' })).toEqual([
      'Its program says: NanoVNA-H, 1.2.46.',
    ]);
    expect(saysLines({ before, after: undefined, file, verdict: 'unknown' })).toEqual([]);
  });

  it('say of a slot that could not be read that it could not', () => {
    const says = { name: 'NanoVNA-H', versions, lines: [] };
    const slots = [{ number: 2, said: [], setting: undefined, sameAs: undefined }];
    const text = calibrationText(says, { inUse: undefined, slots, restored: 'unknown' });
    expect(text).toMatch(/\[slot 2\]\n# could not be read\n$/);
  });
});
