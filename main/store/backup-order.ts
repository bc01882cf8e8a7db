// In which order backups came into the library. Clocks are set back and forth; this only ever rises.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { highestOrder } from '../../shared/backup-record.ts';
import { limits } from '../../shared/limits.ts';
import { isBackupName } from './backup-list.ts';
import { readRecord } from './backup-record.ts';

/** What was read of a folder so far: a record never changes its place. */
interface Seen {
  readonly names: Set<string>;
  highest: number;
}

const folders = new Map<string, Seen>();
/** Records read side by side. */
const atOnce = 32;

/**
 * The place behind all that are there. Two that come at the same moment from two programs may get the same; then they are
 * of two boards. Never rejects.
 */
export async function nextOrder(folder: string): Promise<number> {
  const key = path.resolve(folder);
  const seen = folders.get(key) ?? { names: new Set<string>(), highest: 0 };
  folders.set(key, seen);
  const names = (await readdir(folder).catch(() => [])).filter(isBackupName);
  if (seen.names.size > 2 * limits.backups) seen.names.clear();
  const fresh = names.filter((name) => !seen.names.has(name));
  for (let first = 0; first < fresh.length; first += atOnce) {
    const some = fresh.slice(first, first + atOnce);
    const records = await Promise.all(some.map((name) => readRecord(path.join(folder, name))));
    for (const [index, record] of records.entries()) {
      if (typeof record === 'string') continue;
      seen.names.add(some[index] ?? '');
      seen.highest = Math.max(seen.highest, record.order ?? 0);
    }
  }
  return (seen.highest = Math.min(seen.highest + 1, highestOrder));
}
