// Folders with firmware, watched: what is put there is offered without another look. They are looked into again and again, and the
// system is not asked to tell of changes: shares tell of none, and asking one that hangs for that would hold up the very thread
// that boards are written by.
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { sleep } from '../base/clock.ts';
import { startWait } from '../base/wait.ts';
import { lookIntoFolder, type KnownFolder } from './folder-source.ts';
import type { UpdateServices } from './updates.ts';

/** Between two looks into a folder, ms: at least this, at most that, and so long that it is busy with us a twentieth of the time. */
const leastPauseMs = 3_000;
const longestPauseMs = 5 * 60_000;
const idleShare = 20;
/** Files are copied in pieces: a folder is told of once two looks in a row see the same, or after so many that do not. */
const mostRestless = 20;

type Place = Pick<UpdateServices, 'clock' | 'log'>;

/**
 * Watches until it is disposed of.
 * @param changed called once soon after the start, for what came just before it, and then for each change that has come to rest; never
 * while it has not resolved. Must not reject
 */
export function watchFolders(
  { clock, log }: Place,
  folders: readonly KnownFolder[],
  changed: () => Promise<void>,
): Disposable {
  const ending = new AbortController();
  const { signal } = ending;
  const tell = oneAtATime(changed, signal);
  if (folders.length > limits.watchedFolders)
    log.write('warn', 'updates', `${folders.length} folders: the first ${limits.watchedFolders} are watched`);
  for (const known of folders.slice(0, limits.watchedFolders)) void watchOne({ clock }, known, tell, signal);
  return { [Symbol.dispose]: () => ending.abort() };
}

/** Never rejects. */
async function watchOne(
  place: Pick<Place, 'clock'>,
  known: KnownFolder,
  tell: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = place;
  let told: string | undefined;
  let before: string | undefined;
  let restless = 0;
  for (;;) {
    const begunAt = clock.now();
    const now = await contentOf(place, known, signal);
    if (signal.aborted) return;
    restless = now === before ? 0 : restless + 1;
    before = now;
    if (now !== told && (restless === 0 || restless >= mostRestless)) {
      told = now;
      restless = 0;
      tell();
    }
    const tookMs = clock.now() - begunAt;
    const pauseMs = Math.min(longestPauseMs, Math.max(leastPauseMs, tookMs * idleShare));
    await sleep(clock, pauseMs, signal).catch(() => undefined);
  }
}

/** What is in it, as one text; a folder that is not there, or does not answer, has its own. Never rejects. */
async function contentOf(
  place: Pick<Place, 'clock'>,
  known: KnownFolder,
  signal: AbortSignal,
): Promise<string> {
  try {
    const { offers } = await lookIntoFolder(place, known, startWait(place.clock, limits.lookMs, signal));
    // Their names are made of path, size and time.
    return offers.map(({ id }) => id).join(' ');
  } catch (error) {
    return isFlashError(error, 'update.folder') ? error.params.reason : 'unknown';
  }
}

/** However many folders change at once: what is asked for meanwhile is done once, afterwards. */
function oneAtATime(action: () => Promise<void>, signal: AbortSignal): () => void {
  let wanted = false;
  let running = false;
  const run = async (): Promise<void> => {
    running = true;
    while (wanted && !signal.aborted) {
      wanted = false;
      await action();
    }
    running = false;
  };
  return () => {
    wanted = true;
    if (!running) void run();
  };
}
