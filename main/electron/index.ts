// The desktop program: a window, or with the word "cli" the command line and no window.
import '../base/thread-pool.ts';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import * as electron from 'electron';
import { getAppCacheDir } from 'electron-updater/out/AppAdapter.js';
import { windowText } from '../../shared/text/window.ts';
import { openRealStudio } from '../open-studio.ts';
import { realClock } from '../base/clock.ts';
import { commandLineOf } from './command-line.ts';
import { openInstaller } from './self-update.ts';
import { windowFolder, windowHost, type WindowHost } from './host.ts';
import { openAddress } from './open-address.ts';
import { startWindow } from './window-app.ts';

const { app } = electron;
const commandLine = commandLineOf(process.argv, app.isPackaged);

if (commandLine !== undefined) {
  process.argv = commandLine;
  // Ends before Electron is ready: no window, no dock icon, no display needed.
  await import(new URL('../cli.js', import.meta.url).href);
  app.exit(await written());
} else {
  // Not awaited: Electron becomes ready only after this module has ended.
  openWindow();
}

function openWindow(): void {
  try {
    const folder = windowFolder();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    app.setPath('userData', folder);
    // As in electron-builder.yml: Windows groups windows and shortcuts by it.
    if (process.platform === 'win32') app.setAppUserModelId('io.github.rekindle.studio');
  } catch (error) {
    // A home that cannot be written to: without it neither locks nor settings would hold.
    electron.dialog.showErrorBox(windowText.failed.start, String(error));
    app.exit(1);
    return;
  }
  start(windowHost());
}

function start({ host, logs, folders }: WindowHost): void {
  // A mistake of ours must not end a job half-way: it is written down, and what does not depend on it goes on.
  process.on('uncaughtException', (error: unknown) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.log.write('error', 'window', `nobody caught this: ${what}`);
  });
  void startWindow(electron, {
    platform: process.platform,
    pageFolder: path.join(import.meta.dirname, '..', 'renderer'),
    preloadFile: path.join(import.meta.dirname, 'preload.cjs'),
    stateFile: path.join(folders.window, 'window.json'),
    folders,
    clock: realClock,
    log: host.log,
    openStudio: (leave) =>
      openRealStudio(host, logs, {
        installer: openInstaller(
          {
            platform: host.platform,
            arch: process.arch,
            isPackaged: app.isPackaged,
            resources: process.resourcesPath,
            appImage: process.env['APPIMAGE'],
          },
          {
            version: host.version,
            name: app.name,
            userDataPath: folders.window,
            cacheFolder: getAppCacheDir(),
            releaseSingleInstanceLock: () => app.releaseSingleInstanceLock(),
            relaunch: () => {
              const { APPIMAGE: execPath } = process.env;
              app.relaunch(execPath === undefined ? {} : { execPath });
            },
            quit: () => app.quit(),
            leave,
          },
          { clock: realClock, log: host.log },
        ),
        licencesFile: path.join(import.meta.dirname, '..', 'licences.json'),
        actions: {
          showFile: async (file) => electron.shell.showItemInFolder(file),
          openLogFolder: async () => {
            await electron.shell.openPath(folders.logs);
          },
          openAddress: (address) => openAddress(electron.shell, address),
        },
      }),
  });
}

/** The exit code, once everything that was said has left the process: pipes may be slower than we are. */
async function written(): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve());
    });
  }
  return Number(process.exitCode ?? 0);
}
