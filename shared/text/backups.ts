import type { BackupRecord } from '../backup-record.ts';
import type { BackupReport } from '../contract/backups.ts';
import { formatRange } from '../hex.ts';
import type { PruneChoice } from '../prune-policy.ts';
import { isTelling } from '../serial-worth.ts';
import { formatBytes } from '../units.ts';

/** Words of the library of backups. */
export const backupTexts = {
  none: 'No backups yet. Rekindle makes one before it changes a board.',
  where: (folder: string) => `They lie in ${folder}`,
  exported: (file: string, size: string) => `Saved ${file} (${size}).`,
  imported: (id: string) => `Taken in as ${id}.`,
  removed: (id: string) => `Removed ${id}.`,
  pruned: (count: number, wouldBe: boolean) =>
    `${count === 1 ? '1 backup' : `${count} backups`} ${wouldBe ? 'would go' : 'removed'}. The newest of each board stays, and so does what has a name or a note, or is needed to put a board right.`,
  contents: {
    same: 'Its file is what was saved.',
    changed: 'Its file is NOT what was saved: it was changed or damaged since. It is not put on a board.',
  },
  recordStates: {
    there: '',
    missing: 'Nothing was noted beside it: it was made elsewhere, or by an older Rekindle.',
    damaged: 'What was noted beside it cannot be read.',
  },
} as const;

const protocolNames: Readonly<Record<string, string>> = { dfu: 'DFU', dfuse: 'DfuSe' };

/** How it was read, and by which program; a file that was taken in was read by nobody we know. */
export function readText({ protocol, readTwice, program }: BackupRecord): string {
  if (protocol === '')
    return program === ''
      ? 'How it was read is not known.'
      : `Taken in as a file by ${program}; how it was read is not known.`;
  const by = `over ${protocolNames[protocol] ?? protocol} by ${program}`;
  return readTwice ? `Read twice ${by}, with the same bytes both times.` : `Read once ${by}.`;
}

/** Which board it came from. */
export function unitText({ unit }: BackupRecord): string {
  if (isTelling(unit.serial)) return `serial ${unit.serial}, on port ${unit.portPath}`;
  if (unit.portPath === '') return 'which one is not known';
  return unit.ownNumber === undefined
    ? `on port ${unit.portPath}; it has no serial number of its own`
    : `on port ${unit.portPath}; its program showed the number ${unit.ownNumber}`;
}

/** Everything that is known of one, a line each. */
export function backupLines(backup: BackupReport, content: 'same' | 'changed'): string[] {
  const { record } = backup;
  const lines = [
    `${record?.board ?? backup.board}${backup.virtual ? ', virtual' : ''}: ${backup.id}`,
    `${formatBytes(backup.bytes)}, ${backup.when}`,
    backupTexts.contents[content],
  ];
  if (record === undefined) return [...lines, backupTexts.recordStates[backup.recordState]];
  const given = [
    record.name === '' ? '' : `Name: ${record.name}`,
    record.note === '' ? '' : `Note: ${record.note}`,
  ];
  const found = record.found.map(({ text }) => text);
  return [
    ...lines,
    `From: ${unitText(record)}`,
    ...(record.unit.chip === undefined ? [] : [`Chip: ${record.unit.chip}`]),
    ...(record.ranges.length === 0 ? [] : [`Holds: ${record.ranges.map(formatRange).join(', ')}`]),
    ...(found.length === 0 ? [] : [`Firmware in it: ${found.join(', ')}`]),
    readText(record),
    ...given.filter((line) => line !== ''),
  ];
}

/** Words of the page of backups. */
export const backupsWords = {
  title: 'Backups',
  where: (folder: string): string => `They lie in ${folder}`,
  none: 'No backups yet',
  noneText:
    'Every flash backs up first, unless you switch it off. "Back up now" on a board makes one at any time.',
  restore: 'Restore',
  restoreOn: (board: string): string => `Restore on ${board}`,
  noBoard: 'Plug in the board it belongs on.',
  compare: 'Compare with the board',
  compareWhich: 'Which board shall it be compared with?',
  compareHint: 'The board is only read. Nothing on it changes.',
  restoreThis: 'Restore this backup',
  whichBoard: 'Which board shall it go on?',
  port: 'Board',
  save: 'Save a copy',
  show: 'Show the file',
  list: 'Backups, newest first',
  virtual: 'Virtual',
  saved: 'The copy is among your downloads',
  details: 'Details',
  find: 'Search backups',
  nothingFound: 'No backup fits these words.',
  name: 'Name',
  nameHint: 'Backups with a name or a note are never thrown away by a clean-up.',
  note: 'Note',
  keep: 'Keep the changes',
  kept: 'Kept',
  from: 'From',
  chip: 'Chip',
  holds: 'Memory',
  firmware: 'Firmware in it',
  read: 'Read',
  made: 'Made',
  file: 'File',
  fileStates: {
    unknown: 'Not compared yet',
    same: 'What was saved, compared just now',
    changed: 'Not what was saved: changed or damaged since. It is not put on a board.',
  },
  check: 'Compare the file now',
  saveAs: 'Save as',
  formats: { saved: 'As it is', dfuse: '.dfu (DfuSe)', hex: '.hex (Intel HEX)', bin: '.bin (plain bytes)' },
  remove: 'Remove',
  removeTitle: 'Remove this backup?',
  removeText: 'Its file is deleted. There is no way back to it.',
  cancel: 'Keep it',
  removed: 'Removed',
  cleanUp: 'Clean up',
  cleanUpTitle: 'Clean up old backups',
  cleanUpText:
    'What stays in any case: the newest of each board, what has a name or a note, and what an unfinished job needs.',
  cleanUpNone: 'Nothing would go.',
  cleanUpGoing: (count: number, size: string): string =>
    `${count === 1 ? '1 backup' : `${count} backups`} would go (${size}):`,
  cleanUpYes: (count: number): string => (count === 1 ? 'Remove 1 backup' : `Remove ${count} backups`),
  cleanUpLabel: 'What would go',
  cleanedUp: (count: number): string => (count === 1 ? '1 backup removed' : `${count} backups removed`),
  import: 'Take a file in',
  importTitle: 'Take a file in as a backup',
  importBoard: 'What is it a backup of?',
  importBoardHint: 'A board, as you call it. The file itself does not say it.',
  importFile: 'Choose the file',
  imported: 'Taken in',
} as const;

/** Words of which old backups go: as a setting, and before they are thrown away by hand. */
export const pruneWords = {
  label: 'Old backups',
  kinds: {
    never: 'Keep all',
    count: 'Keep the newest of each board',
    age: 'Remove after some time',
  } satisfies Readonly<Record<PruneChoice['prune'], string>>,
  byHand: { count: 'All but the newest of each board', age: 'Those older than' },
  keep: 'Of each board',
  keepOption: (count: number): string => (count === 1 ? 'The newest' : `The newest ${count}`),
  days: 'Older than',
  daysOption: (days: number): string => (days % 365 === 0 ? years(days / 365) : `${days} days`),
  hint: {
    never: 'Nothing is removed by itself.',
    others:
      'Looked after whenever a new one was made. The newest of each board always stays, and so does what has a name or a note, or is needed by an unfinished job.',
  },
} as const;

function years(count: number): string {
  return count === 1 ? '1 year' : `${count} years`;
}

/** How many are usually kept, and for how long. */
export const usualKept = [1, 2, 3, 5, 10, 20, 50, 100] as const;
export const usualDays = [30, 90, 180, 365, 730, 1825] as const;
