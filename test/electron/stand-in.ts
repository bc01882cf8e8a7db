// Stands in for the objects of Electron the shell touches: records what is asked of them, and lets a test act as Electron does.
import { EventEmitter } from 'node:events';
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import { vi } from 'vitest';
import type { ServedPort, WindowStudio } from '../../main/studio.ts';
import type { ElectronParts } from '../../main/electron/electron-parts.ts';

/** A cancelable event, as Electron's are. */
export function cancelable<T extends object>(more: T): T & { prevented: boolean; preventDefault(): void } {
  return Object.assign(more, {
    prevented: false,
    preventDefault(this: { prevented: boolean }) {
      this.prevented = true;
    },
  });
}

export class StandInContents extends EventEmitter {
  readonly mainFrame = { url: 'app://rekindle/' };
  readonly reload = vi.fn();
  openHandler: ((details: { url: string }) => { action: string }) | undefined;

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
}

export class StandInWindow extends EventEmitter {
  readonly webContents = new StandInContents();
  readonly loaded: string[] = [];
  readonly maximize = vi.fn();
  readonly show = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  readonly setProgressBar = vi.fn();
  readonly flashFrame = vi.fn();
  destroyed = false;
  loading: () => Promise<void> = async () => undefined;

  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    await this.loading();
  }
  getNormalBounds(): object {
    return { x: 10, y: 20, width: 1100, height: 700 };
  }
  isMaximized(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return true;
  }
  isFocused(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  /** As the close button does. @returns whether it closed */
  close(): boolean {
    const event = cancelable({});
    this.emit('close', event);
    if (event.prevented) return false;
    this.destroyed = true;
    return true;
  }
}

/** One Electron and what it was told. */
export class StandInElectron {
  readonly calls: string[] = [];
  readonly windows: StandInWindow[] = [];
  readonly options: BrowserWindowConstructorOptions[] = [];
  readonly blockers = new Set<number>();
  readonly powerMonitor = new EventEmitter();
  readonly ipcMain = new EventEmitter();
  readonly session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
    setDisplayMediaRequestHandler: vi.fn(),
    webRequest: { onBeforeRequest: vi.fn() },
  });
  readonly protocol = { registerSchemesAsPrivileged: vi.fn(), handle: vi.fn() };
  readonly shell = { openPath: vi.fn(async () => '') };
  readonly dialog = {
    showErrorBox: vi.fn(),
    showMessageBox:
      vi.fn<(window: unknown, options: { signal: AbortSignal }) => Promise<{ response: number }>>(),
  };
  firstInstance = true;
  readonly switches: string[] = [];
  /** Ends the process, unless a listener keeps it. */
  ended = false;
  readonly app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    commandLine: { hasSwitch: (name: string) => this.switches.includes(name) },
    requestSingleInstanceLock: () => this.firstInstance,
    enableSandbox: () => void this.calls.push('enableSandbox'),
    whenReady: async () => void this.calls.push('ready'),
    exit: vi.fn(),
    quit: () => {
      this.calls.push('quit');
      for (const window of this.windows) if (!window.destroyed && !window.close()) return;
      const event = cancelable({});
      this.app.emit('will-quit', event);
      this.ended = !event.prevented;
    },
  });

  readonly parts: ElectronParts;

  constructor() {
    const { windows, options, app } = this;
    class Window extends StandInWindow {
      constructor(given: BrowserWindowConstructorOptions) {
        super();
        windows.push(this);
        options.push(given);
        app.emit('web-contents-created', {}, this.webContents);
      }
    }
    this.parts = {
      app: this.app,
      BrowserWindow: Window,
      dialog: this.dialog,
      ipcMain: this.ipcMain,
      Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: vi.fn() },
      powerMonitor: this.powerMonitor,
      powerSaveBlocker: {
        start: () => {
          this.blockers.add(this.blockers.size + 1);
          return this.blockers.size;
        },
        stop: (id: number) => this.blockers.delete(id),
      },
      protocol: this.protocol,
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }] },
      session: { defaultSession: this.session },
      shell: this.shell,
    } as unknown as ElectronParts;
  }

  get window(): StandInWindow {
    const [window] = this.windows;
    if (window === undefined) throw new Error('no window was opened');
    return window;
  }

  get realWindow(): BrowserWindow {
    return this.window as unknown as BrowserWindow;
  }
}

/** A studio whose jobs a test begins and ends. */
export class StandInStudio implements WindowStudio {
  readonly ports: ServedPort[] = [];
  jobs: { boardName: string; ifQuitNow: string }[] = [];
  closing: () => Promise<void> = async () => undefined;
  closed = 0;
  readonly slept: boolean[] = [];
  readonly #listeners = new Set<() => void>();

  servePort(port: ServedPort): void {
    this.ports.push(port);
  }
  busy(): { boardName: string; ifQuitNow: string }[] {
    return this.jobs;
  }
  onBusyChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
  sleep(asleep: boolean): void {
    this.slept.push(asleep);
  }
  async close(): Promise<void> {
    this.closed++;
    await this.closing();
  }
  setJobs(jobs: { boardName: string; ifQuitNow: string }[]): void {
    this.jobs = jobs;
    for (const listener of this.#listeners) listener();
  }
}
