import { beforeEach, describe, expect, it } from 'vitest';
import type { Session, WebContents } from 'electron';
import { isOwnPage, lockContents, lockSession } from '../../main/electron/lock-down.ts';
import { silentLog } from '../../main/log/log.ts';
import { cancelable, StandInContents, StandInElectron } from './stand-in.ts';

const ours = 'app://rekindle/';
const others = [
  'https://example.org/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'app://rekindle.example/',
  'app://other/',
  'app:rekindle',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  'blob:app://rekindle/1',
  '',
  'nonsense',
];

describe('our page', () => {
  it.each(others)('is not %j', (address) => {
    expect(isOwnPage(address)).toBe(false);
  });
  it.each([ours, 'app://rekindle', 'app://rekindle/index.html#/jobs'])('is %s', (address) => {
    expect(isOwnPage(address)).toBe(true);
  });
});

describe('a session', () => {
  let session: StandInElectron['session'];
  beforeEach(() => {
    session = new StandInElectron().session;
    lockSession(session as unknown as Session, silentLog);
  });

  function requested(permission: string, requestingUrl: string): boolean | undefined {
    let granted: boolean | undefined;
    const handler = session.setPermissionRequestHandler.mock.lastCall?.[0] as (
      ...args: [unknown, string, (given: boolean) => void, { requestingUrl: string }]
    ) => void;
    handler(null, permission, (given) => (granted = given), { requestingUrl });
    return granted;
  }
  function checked(permission: string, origin: string): boolean {
    const handler = session.setPermissionCheckHandler.mock.lastCall?.[0] as (
      ...args: [unknown, string, string]
    ) => boolean;
    return handler(null, permission, origin);
  }

  it.each([
    ...['usb', 'serial', 'hid', 'media', 'geolocation', 'notifications', 'fileSystem', 'openExternal'],
    ...['clipboard-read', 'display-capture', 'fullscreen', 'midiSysex', 'unknown'],
  ])('denies %s to everyone', (permission) => {
    for (const address of [ours, ...others]) {
      expect(requested(permission, address)).toBe(false);
      expect(checked(permission, address)).toBe(false);
    }
  });

  it('lets our page write text to the clipboard, and nobody else', () => {
    expect(requested('clipboard-sanitized-write', ours)).toBe(true);
    expect(checked('clipboard-sanitized-write', 'app://rekindle/')).toBe(true);
    for (const address of others) {
      expect(requested('clipboard-sanitized-write', address)).toBe(false);
      expect(checked('clipboard-sanitized-write', address)).toBe(false);
    }
  });

  it('offers no device and no screen', () => {
    const device = session.setDevicePermissionHandler.mock.lastCall?.[0] as () => boolean;
    expect(device()).toBe(false);
    let streams: unknown = 'not answered';
    const screen = session.setDisplayMediaRequestHandler.mock.lastCall?.[0] as (
      ...args: [unknown, (given: unknown) => void]
    ) => void;
    screen({}, (given) => (streams = given));
    expect(streams).toBeNull();
  });

  it.each([
    [ours, false],
    ['app://rekindle/assets/index.js', false],
    ['blob:app://rekindle/1', false],
    ['data:image/png;base64,AA', false],
    ['devtools://devtools/bundled/inspector.html', false],
    ['https://example.org/', true],
    ['ws://127.0.0.1/', true],
    ['file:///etc/passwd', true],
    ['app://other/', true],
    ['blob:https://example.org/1', true],
  ])('a request to %s is cancelled: %s', (url, cancel) => {
    let answer: unknown;
    const handler = session.webRequest.onBeforeRequest.mock.lastCall?.[0] as (
      ...args: [{ url: string }, (given: unknown) => void]
    ) => void;
    handler({ url }, (given) => (answer = given));
    expect(answer).toEqual({ cancel });
  });

  it.each([
    ['blob:app://rekindle/1', false],
    ['blob:https://example.org/1', true],
    ['https://example.org/x.exe', true],
  ])('a download from %s is stopped: %s', (url, stopped) => {
    const event = cancelable({});
    session.emit('will-download', event, { getURL: () => url });
    expect(event.prevented).toBe(stopped);
  });
});

describe('a page', () => {
  const contents = new StandInContents();
  lockContents(contents as unknown as WebContents, silentLog);

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('stays where it is on %s', (name) => {
    for (const url of others) {
      const event = cancelable({ url });
      contents.emit(name, event);
      expect(event.prevented, url).toBe(true);
    }
    const reload = cancelable({ url: ours });
    contents.emit(name, reload);
    expect(reload.prevented).toBe(false);
  });

  it('opens no window and holds no webview', () => {
    for (const url of [ours, ...others]) expect(contents.openHandler?.({ url })).toEqual({ action: 'deny' });
    const event = cancelable({});
    contents.emit('will-attach-webview', event);
    expect(event.prevented).toBe(true);
  });
});
