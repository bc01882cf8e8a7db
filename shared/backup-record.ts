// What is known of a backup beyond its bytes: kept in a small file of the same name beside it.
import * as v from 'valibot';
import { isTelling } from './serial-worth.ts';

const text = (limit: number) => v.pipe(v.string(), v.maxLength(limit));
const address = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0x1_0000_0000));

/** The board it was read from, as far as it could be told from others of its kind. */
const unitSchema = v.strictObject({
  /** Where it was plugged in. */
  portPath: text(60),
  /** Empty where it has none. */
  serial: text(255),
  /** `0483:df11` */
  ids: text(9),
  /** Its chip, where its bootloader's memory map told it: a name of `assets/chips.json`. */
  chip: v.exactOptional(text(40)),
  /** A number of its own that its program showed, where its flash mode has none (most programs make it from the chip's id). */
  ownNumber: v.exactOptional(text(255)),
});
export type BackupUnit = v.InferOutput<typeof unitSchema>;

export const highestOrder = 1_000_000_000;
export const backupNameLength = 60;
export const backupNoteLength = 2_000;

export const backupRecordSchema = v.strictObject({
  /** Of this format. */
  format: v.literal(1),
  board: text(60),
  /** The board it is, where that was known: the id of a profile. */
  profile: v.exactOptional(text(60)),
  virtual: v.boolean(),
  unit: unitSchema,
  /** ISO 8601, UTC; as the clock was set then. */
  when: text(30),
  /** Its place among all of its folder, in the order in which they came: from 1; not there in older ones. */
  order: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(highestOrder))),
  /** Half-open; empty where the board has no addresses. */
  ranges: v.pipe(
    v.array(v.strictObject({ alternate: v.number(), start: address, end: address })),
    v.maxLength(1_000),
  ),
  /** Firmware found in it: product names and versions, as they stand there. */
  found: v.pipe(
    v.array(v.strictObject({ kind: v.picklist(['product', 'version']), text: text(255) })),
    v.maxLength(50),
  ),
  /** How it was read: `dfu`, `dfuse`; empty for a file that was taken in. */
  protocol: text(20),
  /** Read a second time, and found the same. */
  readTwice: v.boolean(),
  program: text(60),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** Given by a person. */
  name: v.optional(text(backupNameLength), ''),
  note: v.optional(text(backupNoteLength), ''),
});
export type BackupRecord = v.InferOutput<typeof backupRecordSchema>;

/** How a backup can be saved elsewhere; `saved` is as it lies there. */
export const exportFormats = ['saved', 'dfuse', 'hex', 'bin'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Formats that hold all of it: bytes of no address are in no `.hex`, and several memories in one file only. */
export function formatsFor(record: BackupRecord | undefined): readonly ExportFormat[] {
  // Of what we did not read nothing is known, and trying tells.
  if (record === undefined || record.protocol === '') return exportFormats;
  const memories = new Set(record.ranges.map(({ alternate }) => alternate)).size;
  return exportFormats.filter((format) => {
    if (format === 'saved') return true;
    if (memories === 0) return format === 'bin';
    return memories === 1 || format === 'dfuse';
  });
}

/** What backups of one board have in common; boards that cannot be told apart are told by their ports. */
export function unitKey(backup: {
  readonly board: string;
  readonly virtual: boolean;
  readonly unit: BackupUnit | undefined;
}): string {
  const { board, virtual, unit } = backup;
  const place =
    unit === undefined
      ? 'unknown'
      : isTelling(unit.serial)
        ? unit.serial
        : // Those that show different numbers are taken for different boards: what is kept then is too much, and never too little.
          `${unit.portPath} ${unit.serial}`;
  return `${virtual ? 'virtual ' : ''}${board} ${place}`;
}

/** Whether a backup came from this board: `unknown` where neither has a serial number of its own. */
export function sameUnit(backup: BackupUnit, board: { readonly serial: string }): 'yes' | 'no' | 'unknown' {
  if (!isTelling(backup.serial) || !isTelling(board.serial)) return 'unknown';
  return backup.serial === board.serial ? 'yes' : 'no';
}
