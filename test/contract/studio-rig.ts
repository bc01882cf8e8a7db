// A studio on virtual boards, and a page on each of the three carriers.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { realClock, type Clock } from '../../main/base/clock.ts';
import { Bench, type BenchOptions } from '../../main/bench/bench.ts';
import { openPracticeBoards } from '../../main/bench/practice-boards.ts';
import type { Fault } from '../../main/bench/faults.ts';
import { openLogBook } from '../../main/log/log-book.ts';
import type { ShellActions } from '../../main/api/context.ts';
import type { Host } from '../../main/host.ts';
import { openRights, type Rights } from '../../main/rights/rights.ts';
import { tellOnly, type ReleaseInstaller } from '../../main/app-update/installer.ts';
import type { Releases } from '../../main/app-update/releases.ts';
import { startServer, type StudioServer } from '../../main/server/http.ts';
import type { FirmwareSources } from '../../main/offers/sources.ts';
import { openStudio, type Channel, type Studio } from '../../main/studio.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import type { PageChannel } from '../../renderer/client/channel.ts';

export interface StudioRig extends AsyncDisposable {
  readonly studio: Studio;
  readonly host: Host;
  readonly bench: Bench;
  readonly logged: string[];
}

export interface StudioRigOptions {
  readonly timeScale?: number;
  /** Of the core and the bench; the real one unless given. */
  readonly clock?: Clock;
  readonly faults?: readonly Fault[];
  /** The system it plays. */
  readonly platform?: Host['platform'];
  readonly refuse?: NonNullable<BenchOptions['refuse']>;
  /** Files in the folder of the person's own boards. */
  readonly profiles?: Readonly<Record<string, object>>;
  /** Where firmware is looked for; sources that have nothing unless given. */
  readonly sources?: FirmwareSources;
  /** What its shell can do. */
  readonly actions?: ShellActions;
  /** The program's own version. */
  readonly version?: string;
  /** Of Rekindle itself; no place of them unless given. */
  readonly releases?: Releases;
  readonly installer?: ReleaseInstaller;
  /** What lets in, in place of this computer's. */
  readonly rights?: Rights;
  /** Where its data folder is made. */
  readonly root?: string;
  /** A bus in place of the bench's own. */
  readonly wrap?: (bus: UsbBus) => UsbBus;
}

const noSources: FirmwareSources = {
  look: () => Promise.resolve([]),
  fetch: () => Promise.reject(new Error('nothing is offered')),
  pages: () => Promise.resolve([]),
  folders: () => Promise.resolve([]),
  watchFolders: () => ({ [Symbol.dispose]: () => undefined }),
  lookDaily: () => ({ [Symbol.dispose]: () => undefined }),
};

export async function makeStudio(options: StudioRigOptions = {}): Promise<StudioRig> {
  const { platform = 'linux', timeScale = 0, faults = [], refuse, wrap = (bus: UsbBus) => bus } = options;
  const { clock = realClock } = options;
  const folder = mkdtempSync(path.join(options.root ?? tmpdir(), 'rekindle-studio-'));
  const logged: string[] = [];
  const book = openLogBook({
    now: () => new Date(),
    sinks: [
      {
        name: 'the test',
        write: ({ level, source, message }) => void logged.push(`${level} ${source}: ${message}`),
      },
    ],
    header: [],
  });
  const host: Host = {
    platform,
    shell: 'test',
    version: options.version ?? 'test',
    log: book.log,
    paths: {
      backups: path.join(folder, 'backups'),
      database: path.join(folder, 'rekindle.db'),
      locks: path.join(folder, 'locks'),
      logs: path.join(folder, 'logs'),
      profiles: path.join(folder, 'profiles'),
      settings: path.join(folder, 'settings.json'),
      updates: path.join(folder, 'updates'),
    },
    now: () => new Date(),
  };
  mkdirSync(host.paths.profiles);
  for (const [name, written] of Object.entries(options.profiles ?? {}))
    writeFileSync(path.join(host.paths.profiles, name), JSON.stringify(written));
  const bench = new Bench({ clock, platform, ...(refuse === undefined ? {} : { refuse }) });
  const practice = openPracticeBoards(clock, { timeScale, faults, bench });
  const studio = await openStudio(host, clock, {
    buses: [wrap(practice.bus)],
    serial: [practice.serial],
    virtualBoards: practice,
    sources: options.sources ?? noSources,
    releases: options.releases,
    installer: options.installer ?? tellOnly('server'),
    rights: options.rights ?? openRights({ platform, clock, log: host.log, terminal: false }),
    logs: book,
    actions: options.actions ?? {},
    versions: [],
    licences: () => Promise.resolve([]),
  });
  return {
    studio,
    host,
    bench,
    logged,
    async [Symbol.asyncDispose]() {
      await studio.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A page's end of a carrier. */
export interface Carrier extends AsyncDisposable {
  /** A new page. */
  page(): Promise<PageChannel>;
  /** Something that speaks the carrier, and need not be a page: raw frames, no acknowledgement. */
  readonly server: StudioServer | undefined;
}

export const carriers = {
  'an in-memory pair': (studio: Studio): Promise<Carrier> =>
    Promise.resolve({
      page: () => Promise.resolve(memoryPage(studio)),
      server: undefined,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  MessagePort: (studio: Studio): Promise<Carrier> => {
    const ports: { close(): void }[] = [];
    return Promise.resolve({
      page: () => Promise.resolve(portPage(studio, ports)),
      server: undefined,
      [Symbol.asyncDispose]() {
        for (const port of ports) port.close();
        return Promise.resolve();
      },
    });
  },
  WebSocket: async (studio: Studio): Promise<Carrier> => {
    const server = await startServer({
      studio,
      files: new Map(),
      clock: realClock,
      log: { write: () => undefined },
    });
    const token = await tokenFrom(server);
    return {
      page: () => socketPage(server.origin, token),
      server,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};

function memoryPage(studio: Studio): PageChannel {
  let toPage: (frame: string | Uint8Array) => void = () => undefined;
  let toCore: (frame: unknown) => void = () => undefined;
  const closing = new Set<() => void>();
  const close = (): void => {
    for (const listener of [...closing]) listener();
    closing.clear();
  };
  const channel: Channel = {
    post: (frame) => queueMicrotask(() => toPage(frame)),
    onFrame: (listener) => void (toCore = listener),
    onClose: (listener) => void closing.add(listener),
    close,
  };
  studio.serve(channel);
  return {
    post: (frame) => queueMicrotask(() => toCore(frame)),
    onFrame: (listener) => void (toPage = listener),
    onClose: (listener) => void closing.add(listener),
    close,
  };
}

function portPage(studio: Studio, ports: { close(): void }[]): PageChannel {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  studio.servePort(port1);
  return {
    post: (frame) => port2.postMessage(frame),
    onFrame: (listener) => void port2.on('message', listener),
    onClose: (listener) => void port2.once('close', listener),
    close: () => port2.close(),
  };
}

/** Exchanges a fresh start code, as the page does. */
export async function tokenFrom(server: Pick<StudioServer, 'origin' | 'newAddress'>): Promise<string> {
  const code = new URL(server.newAddress()).hash.replace('#code=', '');
  const response = await fetch(`${server.origin}/session`, {
    method: 'POST',
    body: code,
    headers: { origin: server.origin },
  });
  if (!response.ok) throw new Error(`no session: ${response.status}`);
  return await response.text();
}

export async function openRawSocket(origin: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(
    `${origin.replace('http:', 'ws:')}/socket`,
    ['rekindle', `rekindle.token.${token}`],
    { origin },
  );
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return socket;
}

export async function socketPage(origin: string, token: string): Promise<PageChannel> {
  const socket = await openRawSocket(origin, token);
  return {
    post: (frame) => socket.send(frame),
    onFrame: (listener) =>
      void socket.on('message', (data: Buffer, isBinary: boolean) =>
        listener(isBinary ? new Uint8Array(data) : data.toString('utf8')),
      ),
    onClose: (listener) => void socket.once('close', listener),
    close: () => socket.close(),
  };
}
