// What the database could not be told, in a file beside it, one a job: a line for each call, on the disk before it counts.
// Lost is said by the file's name alone, which a full disk still takes.
import { open, readdir, rename, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { readFileBounded, syncFolder, writeError } from './atomic-file.ts';
import type { RunRow } from './journal-rows.ts';
import type { AnyCall } from './store-door.ts';

const pattern = /^rekindle-unrecorded-([0-9a-f-]{36})(-lost)?\.jsonl$/;

/** What one job's file says. */
export interface BesideFile {
  readonly job: string;
  /** There is more that it does not say. */
  readonly lost: boolean;
  /** Whose job it was; undefined where the file could not be written to at all. */
  readonly run: RunRow | undefined;
  readonly calls: readonly AnyCall[];
}

/** All such files of a folder. */
export class Beside {
  readonly #folder: string;

  /** @param folder where the database is */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds calls of a job; on the disk when it resolves. @throws FlashError `file.disk-full`, `file.cannot-create` */
  async add(job: string, run: RunRow, calls: readonly AnyCall[]): Promise<void> {
    const file = this.#file(job, false);
    try {
      await using handle = await open(file, 'a', 0o600);
      const { size } = await handle.stat();
      const lines: readonly Line[] = [...(size === 0 ? [{ run }] : []), ...calls.map((call) => ({ call }))];
      // What an earlier write left half there is a line of its own then.
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      await handle.appendFile(size === 0 ? text : `\n${text}`);
      await handle.sync();
      if (size === 0) await syncFolder(this.#folder);
    } catch (error) {
      throw writeError(error, file);
    }
  }

  /** There will be more that is told nowhere. @throws FlashError `file.disk-full`, `file.cannot-create` */
  async lose(job: string): Promise<void> {
    const file = this.#file(job, true);
    try {
      await rename(this.#file(job, false), file).catch(() => writeFile(file, '', { mode: 0o600 }));
      await syncFolder(this.#folder);
    } catch (error) {
      throw writeError(error, file);
    }
  }

  /** The database knows it all by now. Never rejects: told twice, it is the same. */
  async forget(job: string): Promise<void> {
    for (const lost of [false, true]) await unlink(this.#file(job, lost)).catch(() => undefined);
  }

  /** Kept for whoever wants to look, and never looked at again. Never rejects. */
  async putAside({ job, lost }: BesideFile): Promise<void> {
    const file = this.#file(job, lost);
    await rename(file, `${file}.damaged`).catch(() => undefined);
  }

  /** Whether there are any. Never rejects. */
  async isEmpty(): Promise<boolean> {
    return (await this.#names()).length === 0;
  }

  /** All there are, by name. What cannot be read at all is left alone. */
  async list(): Promise<BesideFile[]> {
    const files: BesideFile[] = [];
    for (const name of await this.#names()) {
      const [, job = '', lost] = pattern.exec(name) ?? [];
      try {
        const bytes = await readFileBounded(path.join(this.#folder, name), limits.besideBytes);
        files.push({ job, lost: lost !== undefined, ...contentOf(new TextDecoder().decode(bytes)) });
      } catch (error) {
        if (!isFlashError(error)) throw error;
      }
    }
    return files;
  }

  async #names(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => pattern.test(name)).sort();
  }

  #file(job: string, lost: boolean): string {
    return path.join(this.#folder, `rekindle-unrecorded-${job}${lost ? '-lost' : ''}.jsonl`);
  }
}

type Line = { readonly run: RunRow } | { readonly call: AnyCall };

/** A line that is cut short was not on the disk yet when it was given up: what it tells of was told again, or never done. */
function contentOf(text: string): Pick<BesideFile, 'run' | 'calls'> {
  const lines = text.split('\n').slice(0, -1).flatMap(lineOf);
  const run = lines.flatMap((line) => ('run' in line && isRun(line.run) ? line.run : []))[0];
  return { run, calls: lines.flatMap((line) => ('call' in line ? line.call : [])) };
}

function lineOf(text: string): Line[] {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null ? [line as Line] : [];
  } catch {
    return [];
  }
}

/** Enough of it to tell whether that program still runs. */
function isRun(run: unknown): run is RunRow {
  const { id, process } = (run ?? {}) as Partial<RunRow>;
  return typeof id === 'string' && typeof process?.pid === 'number' && typeof process.started === 'string';
}
