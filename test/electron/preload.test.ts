import type { MessagePort } from 'node:worker_threads';
import vm from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { pagePortMessage } from '../../shared/page-port.ts';

/** Bundled as `scripts/build.mjs` does. */
const bundle = await build({
  entryPoints: ['main/electron/preload.ts'],
  bundle: true,
  write: false,
  platform: 'browser',
  format: 'cjs',
  external: ['electron'],
});
const code = bundle.outputFiles[0]?.text ?? '';

/** The preload in a page of its own, with what a sandboxed preload has. */
function load(origin: string) {
  const toMain: unknown[][] = [];
  const toPage: unknown[][] = [];
  const required: string[] = [];
  const listeners: (() => void)[] = [];
  const window = {
    location: { origin },
    addEventListener: (type: string, listener: () => void, options: unknown) => {
      expect([type, options]).toEqual(['DOMContentLoaded', { once: true }]);
      listeners.push(listener);
    },
    postMessage: (...args: unknown[]) => void toPage.push(args),
  };
  const globals = {
    window,
    MessageChannel,
    require: (name: string) => {
      required.push(name);
      return { ipcRenderer: { postMessage: (...args: unknown[]) => void toMain.push(args) } };
    },
  };
  const before = Object.keys(window);
  // A sandboxed preload is run as a function, so what it declares is its own.
  vm.runInNewContext(`(() => {${code}})()`, globals);
  expect(Object.keys(window)).toEqual(before);
  return { toMain, toPage, required, listeners, globals };
}

describe('the preload', () => {
  it('hands over one port once the page can hear it, and leaves nothing else behind', async () => {
    const { toMain, toPage, required, listeners, globals } = load('app://rekindle');
    expect(required).toEqual(['electron']);
    expect([toMain, toPage]).toEqual([[], []]);
    for (const listener of listeners) listener();
    expect(listeners).toHaveLength(1);
    expect(toMain).toHaveLength(1);
    expect(toPage).toHaveLength(1);
    const [channel, message, [mainPort]] = toMain[0] as [string, unknown, [MessagePort]];
    expect([channel, message]).toEqual([pagePortMessage, null]);
    const [tag, target, [pagePort]] = toPage[0] as [string, string, [MessagePort]];
    expect([tag, target]).toEqual([pagePortMessage, 'app://rekindle']);
    const heard = new Promise((resolve) => mainPort.once('message', resolve));
    pagePort.postMessage('hello');
    expect(await heard).toBe('hello');
    pagePort.close();
    expect(Object.keys(globals)).toEqual(['window', 'MessageChannel', 'require']);
  });

  it.each(['null', 'https://example.org', 'app://rekindle.example'])('gives nothing to %s', (origin) => {
    const { toMain, toPage, listeners } = load(origin);
    for (const listener of listeners) listener();
    expect([listeners, toMain, toPage]).toEqual([[], [], []]);
  });
});
