// Takes the place of the module "electron" when the packed program is run by Node alone: says what the program asked of
// it as one line of JSON, and ends once the window is open.
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';

/* global Request, setImmediate */
process.getSystemVersion = () => 'stand-in';
const told = { privileged: [], windows: [], userData: '', page: '', script: 0, preload: '' };
let answer = () => undefined;

class Window extends EventEmitter {
  webContents = Object.assign(new EventEmitter(), { mainFrame: {}, setWindowOpenHandler: () => undefined });
  constructor(options) {
    super();
    const { preload, ...rest } = options.webPreferences;
    told.windows.push(rest);
    told.preload = existsSync(preload) ? readFileSync(preload, 'utf8') : `${preload} is missing`;
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url) {
    const response = await answer(new Request(url));
    told.page = await response.text();
    const script = /src="([^"]+)"/.exec(told.page)?.[1];
    told.script = script === undefined ? 200 : (await answer(new Request(new URL(script, url)))).status;
    setImmediate(() => app.exit(0));
  }
  isDestroyed() {
    return false;
  }
}

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  commandLine: { hasSwitch: () => false },
  requestSingleInstanceLock: () => true,
  enableSandbox: () => undefined,
  setPath: (name, folder) => (told[name] = folder),
  whenReady: async () => undefined,
  quit: () => undefined,
  exit(code) {
    if (told.windows.length > 0) console.log(JSON.stringify(told));
    process.exit(code);
  },
});
export { Window as BrowserWindow };
export const dialog = { showErrorBox: (...words) => console.log(words.join(': ')) };
export const ipcMain = new EventEmitter();
export const Menu = { buildFromTemplate: () => undefined, setApplicationMenu: () => undefined };
export const powerMonitor = new EventEmitter();
export const powerSaveBlocker = { start: () => 1, stop: () => undefined };
export const protocol = {
  registerSchemesAsPrivileged: (schemes) => told.privileged.push(...schemes.map(({ scheme }) => scheme)),
  handle: (_scheme, handler) => (answer = handler),
};
export const screen = { getAllDisplays: () => [] };
export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: () => undefined,
    setPermissionCheckHandler: () => undefined,
    setDevicePermissionHandler: () => undefined,
    setDisplayMediaRequestHandler: () => undefined,
    webRequest: { onBeforeRequest: () => undefined },
  }),
};
export const shell = { openPath: async () => '' };
