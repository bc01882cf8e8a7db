import type { MenuItemConstructorOptions } from 'electron';
import { windowText } from '../../shared/text/window.ts';

/** The native menu: the system's own roles, with its own words, and the folders people ask for. */
export function menuTemplate(parts: {
  readonly platform: NodeJS.Platform;
  readonly packaged: boolean;
  openFolder(which: 'logs' | 'backups'): void;
}): MenuItemConstructorOptions[] {
  const mac = parts.platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: windowText.menu.file, submenu: [{ role: mac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    {
      role: 'viewMenu',
      submenu: [
        { role: 'reload' },
        ...(parts.packaged ? [] : [{ role: 'toggleDevTools' } as const]),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      label: windowText.menu.help,
      submenu: [
        { label: windowText.menu.openLogs, click: () => parts.openFolder('logs') },
        { label: windowText.menu.openBackups, click: () => parts.openFolder('backups') },
      ],
    },
  ];
}
