// Nobody quits in the middle of a job by accident, and whoever does knows what becomes of which board.
import type { BrowserWindow, Event } from 'electron';
import { quitQuestion, windowText } from '../../shared/text/window.ts';
import type { WindowStudio } from '../studio.ts';
import { sleep, type Clock } from '../base/clock.ts';
import type { Log } from '../log/log.ts';
import type { ElectronParts } from './electron-parts.ts';

/** A job stops within 35 s; past this a board that answers nothing is left as it is. */
const closeLimitMs = 40_000;

interface Guarded {
  readonly window: BrowserWindow;
  readonly studio: WindowStudio;
  readonly clock: Clock;
  readonly log: Log;
  /** Settles when the window's place is on disk. */
  readonly placeKept: () => Promise<void>;
}

/** Closes the studio, does something else, and ends the program. */
export type Leave = (act: () => void) => Promise<void>;

/**
 * Stands before every way out: the close button, the menu, the system going down. The studio is always closed
 * before the process ends.
 */
export function guardQuit(electron: ElectronParts, parts: Guarded): Leave {
  const { app, powerMonitor } = electron;
  const { window, studio } = parts;
  let asking = false;
  let leaving = false;
  let closed = false;

  // The window stays while jobs stop, so that people see how it ends.
  const leave = async (act: () => void = () => undefined): Promise<void> => {
    if (leaving) return;
    leaving = true;
    await closeStudio(parts);
    closed = true;
    try {
      act();
    } finally {
      app.quit();
    }
  };

  const ask = async (): Promise<void> => {
    if (asking || leaving) return;
    asking = true;
    try {
      if (await confirmLeaving(electron, parts)) await leave();
    } finally {
      asking = false;
    }
  };

  const tell = (error: unknown): void => {
    parts.log.write('error', 'window', `quitting: ${String(error)}`);
  };

  window.on('close', (event: Event) => {
    if (closed || (!leaving && studio.busy().length === 0)) return;
    event.preventDefault();
    ask().catch(tell);
  });
  app.on('will-quit', (event: Event) => {
    if (closed) return;
    event.preventDefault();
    leave().catch(tell);
  });
  // Windows: says which program holds it up, and lets people decide.
  window.on('query-session-end', (event: Event) => {
    if (studio.busy().length > 0) event.preventDefault();
  });
  // It ends all the same: the few seconds that are left may be enough for the end of a block.
  window.on('session-end', () => {
    leave().catch(tell);
  });
  // A board in the middle of a block when the power of its port goes would be in doubt; between two it is not.
  powerMonitor.on('suspend', () => studio.sleep(true));
  powerMonitor.on('resume', () => studio.sleep(false));
  // Linux and macOS: a short delay, enough to stop at the end of a block.
  powerMonitor.on('shutdown', (event?: Event) => {
    if (studio.busy().length === 0) return;
    event?.preventDefault();
    leave().catch(tell);
  });
  return leave;
}

/** The answer to the question; a job that ends meanwhile takes the question with it, and the way is free. */
async function confirmLeaving(electron: ElectronParts, { window, studio }: Guarded): Promise<boolean> {
  const over = new AbortController();
  using _watch = studio.onBusyChange(() => {
    if (studio.busy().length === 0) over.abort();
  });
  const jobs = studio.busy();
  if (jobs.length === 0) return true;
  const { title, detail } = quitQuestion(jobs);
  const { response } = await electron.dialog.showMessageBox(window, {
    type: 'warning',
    title: windowText.name,
    message: title,
    detail,
    buttons: [windowText.quit.stay, windowText.quit.leave],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
    signal: over.signal,
  });
  return response === 1 || over.signal.aborted;
}

/** Never rejects, and ends: the process must be able to go. */
async function closeStudio({ studio, clock, log, placeKept }: Guarded): Promise<void> {
  const done = new AbortController();
  const limit = sleep(clock, closeLimitMs, done.signal).then(
    () => log.write('error', 'window', 'the studio did not close in time'),
    () => undefined,
  );
  try {
    await Promise.race([Promise.all([studio.close(), placeKept()]), limit]);
  } catch (error) {
    log.write('error', 'window', `the studio did not close well: ${String(error)}`);
  } finally {
    done.abort();
  }
}
