// What programs that ended before could tell nobody but a file: told to the database now.
import { isFlashError } from '../../shared/errors/flash-error.ts';
import type { Beside, BesideFile } from '../store/beside.ts';
import type { RunRow } from '../store/journal-rows.ts';
import type { AnyCall, CallName, StoreDoor } from '../store/store-door.ts';

/** What a job tells; a file may ask for nothing else. */
const told: ReadonlySet<CallName> = new Set<CallName>([
  'beginJob',
  'identifyJob',
  'planJob',
  'intend',
  'actDone',
  'inherit',
  'step',
  'endJob',
]);

/**
 * Replays the files that are there and removes them; those of programs that run are theirs. Never rejects: what cannot be
 * done now stays for the next time.
 */
export async function takeIn(
  beside: Beside,
  store: StoreDoor,
  isRunning: (run: RunRow) => boolean,
): Promise<void> {
  for (const file of await beside.list()) {
    const run = file.run ?? (await runOf(store, file.job));
    if (run !== undefined && isRunning(run)) continue;
    const outcome = await replay(store, file);
    if (outcome === 'done') await beside.forget(file.job);
    else if (outcome === 'nonsense') await beside.putAside(file);
    else return;
  }
}

/** A file without a content has its run in the database, if anywhere. */
async function runOf(store: StoreDoor, job: string): Promise<RunRow | undefined> {
  try {
    return (await store.ask('openJobs')).find(({ entry }) => entry.id === job)?.run;
  } catch (error) {
    if (isFlashError(error)) return undefined;
    throw error;
  }
}

/** Some of it may be in the database already: that it was told twice changes nothing. */
async function replay(
  store: StoreDoor,
  { job, lost, calls }: BesideFile,
): Promise<'done' | 'later' | 'nonsense'> {
  if (!calls.every(isTold)) return 'nonsense';
  const all: readonly AnyCall[] = lost ? [...calls, { name: 'loseJournal', values: [job] }] : calls;
  for (const { name, values } of all) {
    try {
      await (store.ask as (name: CallName, ...values: readonly unknown[]) => Promise<unknown>)(
        name,
        ...values,
      );
    } catch (error) {
      if (!isFlashError(error, 'store.failed')) return 'later';
    }
  }
  return 'done';
}

function isTold(call: unknown): call is AnyCall {
  const { name, values } = (call ?? {}) as { name?: unknown; values?: unknown };
  return typeof name === 'string' && told.has(name as CallName) && Array.isArray(values);
}
