import { readFileSync } from 'node:fs';
import type { MessagePortMain } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServedPort } from '../../main/studio.ts';
import { StandInElectron, type StandInStudio } from './stand-in.ts';
import { settled, WindowRig } from './window-rig.ts';

let rig: WindowRig;
let electron: StandInElectron;
let studio: StandInStudio;
let lines: string[];

beforeEach(() => {
  rig = new WindowRig();
  ({ electron, studio, lines } = rig);
});
afterEach(() => rig[Symbol.dispose]());

const start: WindowRig['start'] = (more) => rig.start(more);

/** A port as Electron hands it over, sent by a frame. */
function sendPort(frame: { url: string } | null, count = 1): { close: ReturnType<typeof vi.fn> }[] {
  const ports = Array.from({ length: count }, () => ({ close: vi.fn() }));
  electron.ipcMain.emit('rekindle:page-port', { ports, senderFrame: frame });
  return ports;
}

describe('before Electron is ready', () => {
  it('sandboxes every page and registers the scheme, without privileges beyond a secure page', async () => {
    await start();
    expect(electron.calls.slice(0, 2)).toEqual(['enableSandbox', 'ready']);
    expect(electron.protocol.registerSchemesAsPrivileged.mock.calls).toEqual([
      [
        [
          {
            scheme: 'app',
            privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
          },
        ],
      ],
    ]);
  });

  it('leaves the system without a sandbox to those who say so; the window asks for it all the same', async () => {
    electron.switches.push('no-sandbox');
    await start();
    expect(electron.calls).toEqual(['ready']);
    expect(electron.options[0]?.webPreferences?.sandbox).toBe(true);
  });

  it('a second instance opens nothing and leaves; the first comes to the front', async () => {
    const second = new StandInElectron();
    second.firstInstance = false;
    await start();
    electron.app.emit('second-instance');
    expect(electron.window.restore).toHaveBeenCalled();
    expect(electron.window.focus).toHaveBeenCalled();
    const first = electron;
    rig.electron = second;
    expect(await start()).toBe(false);
    expect(second.windows).toEqual([]);
    expect(second.calls).toEqual(['quit']);
    expect(first.windows).toHaveLength(1);
  });
});

describe('the window', () => {
  it('has one page, in a sandbox without Node, with one preload', async () => {
    await start();
    expect(electron.windows).toHaveLength(1);
    expect(electron.window.loaded).toEqual(['app://rekindle/']);
    expect(electron.options[0]).toMatchObject({
      show: false,
      minWidth: 1024,
      minHeight: 640,
      webPreferences: {
        preload: '/app/preload.cjs',
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInSubFrames: false,
        nodeIntegrationInWorker: false,
        webSecurity: true,
        webviewTag: false,
        devTools: false,
      },
    });
  });

  it('keeps its place until next time, and the place is on disk before the program ends', async () => {
    await start();
    electron.app.quit();
    await expect.poll(() => electron.ended).toBe(true);
    expect(JSON.parse(readFileSync(rig.stateFile, 'utf8'))).toEqual({
      x: 10,
      y: 20,
      width: 1100,
      height: 700,
      maximized: false,
    });
    rig.electron = electron = new StandInElectron();
    await start();
    expect(electron.options[0]).toMatchObject({ x: 10, y: 20, width: 1100, height: 700 });
  });

  it('loads a page that broke down again, once; twice in a row is said instead', async () => {
    await start();
    const { webContents } = electron.window;
    rig.now = 100_000;
    webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    expect(webContents.reload).toHaveBeenCalledTimes(1);
    rig.now += 5_000;
    webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    expect(webContents.reload).toHaveBeenCalledTimes(1);
    expect(electron.dialog.showErrorBox).toHaveBeenCalledTimes(1);
    rig.now += 60_000;
    webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 5 });
    expect(webContents.reload).toHaveBeenCalledTimes(2);
    webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    expect(webContents.reload).toHaveBeenCalledTimes(2);
  });

  it('closed before it was open just ends, and lets go of the boards', async () => {
    let opened: (open: StandInStudio) => void = () => undefined;
    const opening = new Promise<StandInStudio>((resolve) => (opened = resolve));
    const started = start({ openStudio: () => opening });
    await expect.poll(() => electron.windows).toHaveLength(1);
    electron.window.loading = () => Promise.reject(new Error('ERR_ABORTED'));
    await expect.poll(() => electron.window.loaded).toHaveLength(1);
    expect(electron.window.close()).toBe(true);
    opened(studio);
    await started;
    await expect.poll(() => electron.ended).toBe(true);
    expect(studio.closed).toBe(1);
    expect(electron.dialog.showErrorBox).not.toHaveBeenCalled();
    expect(electron.blockers.size).toBe(0);
  });

  it('says why it could not start, and ends', async () => {
    await start({ openStudio: () => Promise.reject(new Error('no room')) });
    expect(electron.dialog.showErrorBox.mock.calls).toEqual([['Rekindle could not start', 'Error: no room']]);
    expect(electron.app.exit).toHaveBeenCalledWith(1);
    expect(lines.join('\n')).toContain('no room');
  });
});

describe('the port', () => {
  it('of a page that still loads waits for the studio, whatever opens first', async () => {
    let opened: (open: StandInStudio) => void = () => undefined;
    const opening = new Promise<StandInStudio>((resolve) => (opened = resolve));
    const started = start({ openStudio: () => opening });
    await expect.poll(() => electron.windows[0]?.loaded).toHaveLength(1);
    const [port] = sendPort(electron.window.webContents.mainFrame);
    await settled();
    expect(studio.ports).toEqual([]);
    opened(studio);
    await started;
    expect(studio.ports).toEqual([port]);
    expect(lines).toEqual(['info window: the page has its port', 'info window: open']);
    expect(port?.close).not.toHaveBeenCalled();
  });

  it('of a reloaded page is served as well', async () => {
    await start();
    sendPort(electron.window.webContents.mainFrame);
    sendPort(electron.window.webContents.mainFrame);
    await settled();
    expect(studio.ports).toHaveLength(2);
  });

  it.each([
    ['another frame', { url: 'app://rekindle/' }, 1],
    ['no frame', null, 1],
    ['the top frame with two ports', 'top', 2],
    ['the top frame with none', 'top', 0],
  ] as const)('of %s is refused and closed', async (_who, frame, count) => {
    await start();
    const ports = sendPort(frame === 'top' ? electron.window.webContents.mainFrame : frame, count);
    await settled();
    expect(studio.ports).toEqual([]);
    for (const port of ports) expect(port.close).toHaveBeenCalledTimes(1);
    expect(lines.join('\n')).toContain('refused a port');
  });

  it('of the top frame is refused when that has become another page', async () => {
    await start();
    electron.window.webContents.mainFrame.url = 'app://rekindle.example/';
    const [port] = sendPort(electron.window.webContents.mainFrame);
    await settled();
    expect(port?.close).toHaveBeenCalledTimes(1);
  });

  it('is one the studio can serve', () => {
    // Electron's type, judged by the compiler.
    const served = (port: MessagePortMain): ServedPort => port;
    expect(served).toBeTypeOf('function');
  });
});
