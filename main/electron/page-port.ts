import type { BrowserWindow, IpcMain, IpcMainEvent } from 'electron';
import { pagePortMessage } from '../../shared/page-port.ts';
import type { WindowStudio } from '../studio.ts';
import type { Log } from '../log/log.ts';
import { isOwnPage } from './lock-down.ts';

/**
 * Takes the port each load of the page sends, and gives it to the studio. A port keeps its messages until it is
 * started, so the page need not wait for the studio to be open.
 * @param window the one whose top frame is listened to
 */
export function servePagePorts(
  ipcMain: Pick<IpcMain, 'on'>,
  studio: Promise<WindowStudio>,
  window: BrowserWindow,
  log: Log,
): void {
  ipcMain.on(pagePortMessage, (event: IpcMainEvent) => {
    const [port, ...more] = event.ports;
    const frame = event.senderFrame;
    const ours = frame !== null && frame === window.webContents.mainFrame && isOwnPage(frame.url);
    if (port === undefined || more.length > 0 || !ours) {
      for (const refused of event.ports) refused.close();
      log.write('warn', 'window', "refused a port that is not the page's own");
      return;
    }
    studio.then(
      (open) => {
        open.servePort(port);
        log.write('info', 'window', 'the page has its port');
      },
      // Whoever opens the studio says why it did not.
      () => port.close(),
    );
  });
}
