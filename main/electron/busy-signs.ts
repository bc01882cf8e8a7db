// While a job runs: the computer stays awake, and taskbar or dock show that something goes on.
import type { BrowserWindow } from 'electron';
import type { WindowStudio } from '../studio.ts';
import type { ElectronParts } from './electron-parts.ts';

/** Above 1 means that it goes on, without saying how far. */
const underWay = 2;
const nothing = -1;

/** Follows the studio until disposed. */
export function showBusy(
  electron: ElectronParts,
  window: BrowserWindow,
  studio: WindowStudio,
  platform: NodeJS.Platform,
): Disposable {
  let blocker: number | undefined;
  const show = (): void => {
    const busy = studio.busy().length > 0;
    if (busy === (blocker !== undefined)) return;
    if (blocker === undefined) {
      blocker = electron.powerSaveBlocker.start('prevent-app-suspension');
    } else {
      electron.powerSaveBlocker.stop(blocker);
      blocker = undefined;
    }
    if (window.isDestroyed()) return;
    // Linux has no such sign: it would show a job that has just begun as finished.
    if (platform !== 'linux') window.setProgressBar(busy ? underWay : nothing);
    if (!busy && !window.isFocused()) window.flashFrame(true);
  };
  show();
  const watch = studio.onBusyChange(show);
  return {
    [Symbol.dispose]() {
      watch[Symbol.dispose]();
      if (blocker !== undefined) electron.powerSaveBlocker.stop(blocker);
      blocker = undefined;
    },
  };
}
