// One board, one Rekindle: lock files that name their holder, shared by all shells of one user.
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { isRunning, startOf } from './process-identity.ts';

interface Holder {
  readonly pid: number;
  readonly shell: string;
  /** When that process started, so that a later one with the same number is not taken for it. */
  readonly started: string;
}

const mostTries = 5;

/**
 * Takes the lock of one port, or says who has it. A lock whose process is gone is stale and taken over.
 * Where no lock file can be made (read-only folder, no space) the claim on the interface still keeps two
 * programs apart, so this is no reason to refuse.
 * @throws FlashError `device.locked`
 */
export async function lockPort(folder: string, portPath: string, shell: string): Promise<AsyncDisposable> {
  const file = path.join(folder, `port-${portPath.replace(/[^0-9A-Za-z.-]/g, '_')}.lock`);
  const me: Holder = { pid: process.pid, shell, started: startOf(process.pid) };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch {
    return unlocked;
  }
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const created = await create(file, me);
    if (created === 'created') return { [Symbol.asyncDispose]: () => release(file) };
    if (created === 'impossible') return unlocked;
    const holder = await readHolder(file);
    if (holder !== undefined && isRunning({ ...holder, uptimeSeconds: 0 })) {
      throw new FlashError('device.locked', { portPath, pid: holder.pid, shell: holder.shell });
    }
    await removeStale(file);
  }
  return unlocked;
}

const unlocked: AsyncDisposable = { [Symbol.asyncDispose]: () => Promise.resolve() };

async function create(file: string, me: Holder): Promise<'created' | 'exists' | 'impossible'> {
  try {
    await using handle = await open(file, 'wx', 0o600);
    await handle.writeFile(JSON.stringify(me));
    return 'created';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'exists' : 'impossible';
  }
}

/** Undefined for a file that is gone, or was cut off while being written. */
async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const parsed = JSON.parse((await readFile(file, 'utf8')).slice(0, 1_000)) as Partial<Holder>;
    const { pid, shell, started } = parsed;
    if (!Number.isInteger(pid) || pid === undefined || pid <= 0) return undefined;
    return { pid, shell: String(shell).slice(0, 40), started: String(started) };
  } catch {
    return undefined;
  }
}

/** Moved aside first: of two that find it stale, only one can move it, so no fresh lock is ever deleted. */
async function removeStale(file: string): Promise<void> {
  const aside = `${file}.${process.pid}.stale`;
  try {
    await rename(file, aside);
    await unlink(aside);
  } catch {
    // The other one was quicker.
  }
}

async function release(file: string): Promise<void> {
  await unlink(file).catch(() => undefined);
}
