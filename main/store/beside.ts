// What the database could not be told, in a file beside it, one a job: a line for each call, on the disk before it counts.
// A job's file is made before the board is touched, and held open: a folder that may not be written to since still takes what goes
// into it. Lost is said by the file's name alone, which a full disk still takes, or by one byte that is there already.
import { constants } from 'node:fs';
import { open, readdir, rename, unlink, writeFile, type FileHandle } from 'node:fs/promises';
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
export class Beside implements AsyncDisposable {
  readonly #folder: string;
  readonly #held = new Map<string, FileHandle>();

  /** @param folder where the database is */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes a job's file, if it is not there, and holds it open until the job is forgotten. Never rejects: it is for bad days that may not come. */
  async hold(job: string, run: RunRow): Promise<void> {
    if (this.#held.has(job)) return;
    try {
      const handle = await open(this.#file(job, false), constants.O_RDWR | constants.O_CREAT, 0o600);
      this.#held.set(job, handle);
      const { size } = await handle.stat();
      if (size === 0) await handle.write(`${markOf(false)}\n${JSON.stringify({ run } satisfies Line)}\n`, 0);
    } catch {
      // As without it.
    }
  }

  /** Adds calls of a job; on the disk when it resolves. @throws FlashError `file.disk-full`, `file.cannot-create` */
  async add(job: string, run: RunRow, calls: readonly AnyCall[]): Promise<void> {
    const file = this.#file(job, false);
    try {
      const held = this.#held.get(job);
      if (held !== undefined) {
        await append(held, run, calls);
        return;
      }
      await using handle = await open(file, constants.O_RDWR | constants.O_CREAT, 0o600);
      if ((await append(handle, run, calls)) === 0) await syncFolder(this.#folder);
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
      if (!(await this.#mark(job))) throw writeError(error, file);
    }
  }

  /** Says lost within the file that is held: no name, no room is needed for that. */
  async #mark(job: string): Promise<boolean> {
    const held = this.#held.get(job);
    if (held === undefined) return false;
    try {
      const first = new Uint8Array(markOf(false).length);
      await held.read(first, 0, first.length, 0);
      // A file that was there before it was held begins otherwise.
      if (new TextDecoder().decode(first) !== markOf(false)) return false;
      await held.write(markOf(true), 0);
      await held.sync();
      return true;
    } catch {
      return false;
    }
  }

  /** The database knows it all by now. Never rejects: told twice, it is the same. */
  async forget(job: string): Promise<void> {
    const held = this.#held.get(job);
    this.#held.delete(job);
    await held?.close().catch(() => undefined);
    for (const lost of [false, true]) await unlink(this.#file(job, lost)).catch(() => undefined);
  }

  /** Lets all files go that are held; they stay. */
  async [Symbol.asyncDispose](): Promise<void> {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const handle of held) await handle.close().catch(() => undefined);
  }

  /** Kept for whoever wants to look, and never looked at again. Never rejects. */
  async putAside({ job, lost }: BesideFile): Promise<void> {
    const file = this.#file(job, lost);
    await rename(file, `${file}.damaged`).catch(() => undefined);
  }

  /** Whether there is nothing in any. Never rejects. */
  async isEmpty(): Promise<boolean> {
    if ((await this.#names()).length === 0) return true;
    return (await this.list()).every(({ lost, calls }) => !lost && calls.length === 0);
  }

  /** All there are, by name. What cannot be read at all is left alone. */
  async list(): Promise<BesideFile[]> {
    const files: BesideFile[] = [];
    for (const name of await this.#names()) {
      const [, job = '', lost] = pattern.exec(name) ?? [];
      try {
        const bytes = await readFileBounded(path.join(this.#folder, name), limits.besideBytes);
        const text = new TextDecoder().decode(bytes);
        files.push({ job, lost: lost !== undefined || text.startsWith(markOf(true)), ...contentOf(text) });
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

/** The first line of a file that is held: as long whether it says so or not, and no text of a line beside it. */
function markOf(lost: boolean): string {
  return `{"lost":${lost ? '1' : '0'}}`;
}

/** At the end; on the disk when it resolves with how much was there. What an earlier write left half there is a line of its own then. */
async function append(handle: FileHandle, run: RunRow, calls: readonly AnyCall[]): Promise<number> {
  const { size } = await handle.stat();
  const lines: readonly Line[] = [...(size === 0 ? [{ run }] : []), ...calls.map((call) => ({ call }))];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const bytes = new TextEncoder().encode(size === 0 ? text : `\n${text}`);
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, size + done);
    done += bytesWritten;
  }
  await handle.sync();
  return size;
}

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
