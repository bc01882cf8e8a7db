// The window's life, from the first instance to the last port closed.
import type { BrowserWindow } from 'electron';
import { pageOrigin, pageScheme } from '../../shared/page-port.ts';
import { windowText } from '../../shared/text/window.ts';
import type { WindowStudio } from '../studio.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../log/log.ts';
import { showBusy } from './busy-signs.ts';
import type { ElectronParts } from './electron-parts.ts';
import { lockContents, lockSession } from './lock-down.ts';
import { menuTemplate } from './menu.ts';
import { pageFiles } from './page-files.ts';
import { servePagePorts } from './page-port.ts';
import { guardQuit, type Leave } from './quit-guard.ts';
import { createWindow } from './window.ts';

export interface WindowAppParts {
  readonly platform: NodeJS.Platform;
  readonly pageFolder: string;
  readonly preloadFile: string;
  readonly stateFile: string;
  readonly folders: { readonly logs: string; readonly backups: string };
  readonly clock: Clock;
  readonly log: Log;
  /** @param leave ends the program in good order; once the window is open */
  openStudio(leave: Leave): Promise<WindowStudio>;
}

/**
 * Starts the window, or brings the one that is open to the front. Returns before Electron is ready, and must: what
 * stands here may only be said before then, and Electron is not ready before its main module has ended.
 * @returns settles when the window is open, with false where another instance has it; never rejects
 */
export function startWindow(electron: ElectronParts, parts: WindowAppParts): Promise<boolean> {
  const { app, protocol } = electron;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return Promise.resolve(false);
  }
  // Whoever says --no-sandbox is on a system that has none (root, an AppImage without user namespaces). Enabling it would
  // take the switch away and let every page crash; the window itself asks for its sandbox in any case.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    {
      scheme: pageScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
  let window: BrowserWindow | undefined;
  app.on('web-contents-created', (_event, contents) => lockContents(contents, parts.log));
  app.on('second-instance', () => {
    if (window === undefined || window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  return app
    .whenReady()
    .then(() => open(electron, parts, (opened) => (window = opened)))
    .then(
      () => true,
      (error: unknown) => {
        parts.log.write('error', 'window', error instanceof Error ? (error.stack ?? '') : String(error));
        electron.dialog.showErrorBox(windowText.failed.start, String(error));
        app.exit(1);
        return true;
      },
    );
}

async function open(
  electron: ElectronParts,
  parts: WindowAppParts,
  opened: (window: BrowserWindow) => void,
): Promise<void> {
  const { ipcMain, Menu, protocol, session, shell } = electron;
  lockSession(session.defaultSession, parts.log);
  protocol.handle(pageScheme, pageFiles(parts.pageFolder));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: parts.platform,
        packaged: electron.app.isPackaged,
        openFolder: (which) => void shell.openPath(parts.folders[which]),
      }),
    ),
  );
  const { window, placeKept } = await createWindow(electron, parts);
  opened(window);
  // Page and studio open side by side. The page's port arrives while it is still loading.
  const guard = Promise.withResolvers<Leave>();
  const opening = parts.openStudio(async (act) => (await guard.promise)(act));
  servePagePorts(ipcMain, opening, window, parts.log);
  const loading = window.loadURL(`${pageOrigin}/`).catch((error: unknown) => {
    // Closed before it was open: that is no failure.
    if (!window.isDestroyed()) throw error;
  });
  const [studio] = await Promise.all([opening, loading]);
  guard.resolve(guardQuit(electron, { ...parts, window, studio, placeKept }));
  if (window.isDestroyed()) {
    electron.app.quit();
    return;
  }
  parts.log.write('info', 'window', 'open');
  showBusy(electron, window, studio, parts.platform);
}
