// A table of the boards of a batch that grows row by row: each row is on the disk before the next is begun.
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { BatchUnit } from '../../shared/batch.ts';
import { unitName } from '../../shared/text/batch.ts';
import { syncFolder, writeError } from './atomic-file.ts';
import { csvRow } from './history-csv.ts';

/** The names of the columns. */
export const unitHeading = csvRow([
  'time',
  'board',
  'port',
  'serial',
  'sha256',
  'result',
  'error',
  'seconds',
]);

/** One board, as a line of the table. @param images hashes, hexadecimal */
export function unitCsvLine(unit: BatchUnit, images: readonly string[]): string {
  const { startedAt, portPath, serial, state, error, seconds } = unit;
  const hashes = images.join('; ');
  return csvRow([
    startedAt,
    unitName(unit),
    portPath,
    serial,
    hashes,
    state,
    error?.code,
    seconds?.toFixed(1),
  ]);
}

export class UnitLog implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: FileHandle, name: string) {
    this.#file = file;
    this.#path = name;
  }

  /** A new file, or one that this has begun: rows go behind what is there. @throws FlashError `file.*` */
  static async open(name: string): Promise<UnitLog> {
    try {
      const file = await open(name, 'a+', 0o600);
      try {
        await begin(file, name);
        return new UnitLog(file, name);
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      throw writeError(error, name);
    }
  }

  /** Resolves when the row is on the disk; rows keep their order. @throws FlashError `file.*` */
  async add(unit: BatchUnit, images: readonly string[]): Promise<void> {
    const row = unitCsvLine(unit, images);
    const added = this.#last.then(async () => {
      await this.#file.appendFile(row);
      await this.#file.datasync();
    });
    this.#last = added.catch(() => undefined);
    try {
      await added;
    } catch (failure) {
      throw writeError(failure, this.#path);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#file.close();
  }
}

/** Rows behind somebody else's text would spoil it. */
async function begin(file: FileHandle, name: string): Promise<void> {
  const { size } = await file.stat();
  if (size === 0) {
    await file.appendFile(unitHeading);
    await file.sync();
    await syncFolder(path.dirname(name));
    return;
  }
  const start = Buffer.alloc(unitHeading.length);
  await file.read(start, 0, start.length, 0);
  if (start.toString('latin1') !== unitHeading)
    throw Object.assign(new Error('another file'), { code: 'EEXIST' });
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  // A row that a power cut has cut short stays by itself.
  if (last.toString('latin1') !== '\n') await file.appendFile('\r\n');
}
