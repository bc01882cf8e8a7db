// What the serial library says, translated once. On Unix its open speaks in the words of strerror, which follow the
// person's language where a window toolkit has set one: what matters is asked of the system itself as well.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { findNodeHolder, isRunning } from '../holders.ts';

/** Where the port is. */
export interface PortPlace {
  readonly path: string;
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** Of processes; `/proc`. */
  readonly proc?: string | undefined;
}

/** What a port that left says, by error name and by words (Windows: 22 and 1167 are what USB ports answer then [G]). */
const goneNames = ['EIO', 'ENXIO', 'ENODEV', 'EBADF', 'ENOENT'];
const goneWords =
  /no such (file|device)|not configured|input\/output error|bad file descriptor|port is not open|file not found|invalid handle|operation aborted|error code (22|31|433|1167)\b/i;

/** What a failed open means. */
export async function translateOpenError(error: unknown, place: PortPlace): Promise<FlashError> {
  const { path, platform } = place;
  const words = wordsOf(error);
  if (platform === 'win32') {
    // A port somebody has open is refused to everybody else with "access denied": there are no other rights to it.
    if (/access denied|access is denied/i.test(words))
      return new FlashError('serial.busy', { path, holder: undefined }, error);
    return translateLineError(error, path);
  }
  const reach = await reachOf(path);
  if (reach === 'gone') return new FlashError('serial.gone', { path }, error);
  if (reach === 'denied') return new FlashError('serial.access-denied', { path, platform }, error);
  const holder = platform === 'linux' ? await findNodeHolder(path, place.proc) : undefined;
  if (holder !== undefined || /cannot lock port|busy/i.test(words)) {
    const modemManager =
      holder?.startsWith('ModemManager ') === true ||
      (holder === undefined && platform === 'linux' && (await isRunning('ModemManager', place.proc)));
    return new FlashError('serial.busy', { path, holder, ...(modemManager ? { modemManager } : {}) }, error);
  }
  return translateLineError(error, path);
}

/** Whether the port is there, and ours to open. */
async function reachOf(path: string): Promise<'open' | 'denied' | 'gone'> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return 'open';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'gone';
  }
}

/** What an error of an open line means. */
export function translateLineError(error: unknown, path: string): FlashError {
  if (error instanceof FlashError) return error as FlashError;
  const { code, canceled } = error as { code?: unknown; canceled?: unknown };
  if (canceled === true || goneNames.includes(String(code)) || goneWords.test(wordsOf(error)))
    return new FlashError('serial.gone', { path }, error);
  return new FlashError('serial.failed', { path, detail: wordsOf(error).slice(0, 200) }, error);
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^Error:?\s*/, '');
}
