// One window on the stand-in of Electron, with a studio whose jobs a test begins and ends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realClock } from '../../main/base/clock.ts';
import type { Leave } from '../../main/electron/quit-guard.ts';
import { startWindow } from '../../main/electron/window-app.ts';
import { StandInElectron, StandInStudio } from './stand-in.ts';

export class WindowRig implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'rekindle-window-'));
  readonly lines: string[] = [];
  electron = new StandInElectron();
  readonly studio = new StandInStudio();
  now = 0;

  constructor() {
    writeFileSync(path.join(this.folder, 'index.html'), '<!doctype html>');
  }

  get stateFile(): string {
    return path.join(this.folder, 'window.json');
  }

  start(
    more: { openStudio?: (leave: Leave) => Promise<StandInStudio>; platform?: NodeJS.Platform } = {},
  ): Promise<boolean> {
    return startWindow(this.electron.parts, {
      platform: 'win32',
      pageFolder: this.folder,
      preloadFile: '/app/preload.cjs',
      stateFile: this.stateFile,
      folders: { logs: '/data/logs', backups: '/data/backups' },
      clock: { ...realClock, now: () => this.now },
      log: { write: (level, source, message) => void this.lines.push(`${level} ${source}: ${message}`) },
      openStudio: async () => this.studio,
      ...more,
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Long enough for what was begun to go as far as it can. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
