import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { windowText } from '../../shared/text/window.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../log/log.ts';
import type { ElectronParts } from './electron-parts.ts';
import { placeWindow, readWindowState, smallestWindow, writeWindowState } from './window-state.ts';

/** A page that breaks down again this soon after it was loaded anew would do so for ever. */
const crashLoopMs = 10_000;

/** Everything that keeps the page in its place. */
export function windowOptions(
  place: Partial<Rectangle> & { width: number; height: number },
  preloadFile: string,
  packaged: boolean,
): BrowserWindowConstructorOptions {
  return {
    ...place,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: windowText.name,
    show: false,
    webPreferences: {
      preload: preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !packaged,
    },
  };
}

/** A window that has not loaded its page yet, and what must be awaited before the process ends. */
export interface CreatedWindow {
  readonly window: BrowserWindow;
  /** Settles when its place is on disk; never rejects. */
  readonly placeKept: () => Promise<void>;
}

/** Makes the window where it was last time. It is shown when its page has something to show. */
export async function createWindow(
  electron: ElectronParts,
  parts: { preloadFile: string; stateFile: string; clock: Clock; log: Log },
): Promise<CreatedWindow> {
  const kept = await readWindowState(parts.stateFile);
  const areas = electron.screen.getAllDisplays().map((display) => display.workArea);
  const window = new electron.BrowserWindow(
    windowOptions(placeWindow(kept, areas), parts.preloadFile, electron.app.isPackaged),
  );
  window.once('ready-to-show', () => {
    if (kept?.maximized === true) window.maximize();
    window.show();
  });
  let writing = Promise.resolve();
  window.on('close', () => {
    const { x, y, width, height } = window.getNormalBounds();
    const state = { x, y, width, height, maximized: window.isMaximized() };
    writing = writeWindowState(parts.stateFile, state).catch((error: unknown) => {
      parts.log.write('warn', 'window', `its place was not kept: ${String(error)}`);
    });
  });
  reviveAfterCrash(electron, window, parts);
  return { window, placeKept: () => writing };
}

/** Jobs live in this process: a page that broke down is loaded again and finds them running. */
function reviveAfterCrash(
  electron: ElectronParts,
  window: BrowserWindow,
  { clock, log }: { clock: Clock; log: Log },
): void {
  let lastCrash = -Infinity;
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    log.write('error', 'window', `the page broke down: ${details.reason} (${details.exitCode})`);
    const again = clock.now() - lastCrash < crashLoopMs;
    lastCrash = clock.now();
    if (again) electron.dialog.showErrorBox(windowText.failed.page, windowText.failed.pageAdvice);
    else window.webContents.reload();
  });
}
