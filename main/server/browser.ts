// A Chromium or Chrome that is installed, as a window for the page.
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';

const onLinux = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const onMac = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const onWindows = [
  String.raw`Google\Chrome\Application\chrome.exe`,
  String.raw`Chromium\Application\chrome.exe`,
  String.raw`Microsoft\Edge\Application\msedge.exe`,
];

/** The program, or undefined where there is none. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return candidates(env).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function candidates(env: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'darwin') return onMac;
  if (process.platform === 'win32') {
    const roots = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']];
    return roots.flatMap((root) => (root === undefined ? [] : onWindows.map((one) => path.join(root, one))));
  }
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return onLinux.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

/** Why no window can be opened here; undefined when one can. */
export function noWindowBecause(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (process.platform === 'linux' && env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined)
    return 'there is no display';
  // Chromium refuses to: its sandbox would be of no use to root.
  if (process.getuid?.() === 0) return 'Chromium does not run as root';
  return undefined;
}

/** Opens the address as a window of its own; resolves when it is closed. */
export function openAppWindow(browser: string, address: string, profileFolder: string): Promise<void> {
  mkdirSync(profileFolder, { recursive: true, mode: 0o700 });
  const args = [
    `--app=${address}`,
    // A profile of its own: its process then lives exactly as long as the window.
    `--user-data-dir=${profileFolder}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--window-size=1200,800',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(browser, args, { stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}
