// "rekindle update" in this process, on virtual boards whose flash the test can look at, against a server of its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import * as v from 'valibot';
import { vi } from 'vitest';
import { remaining, startWait, type Wait } from '../../main/base/wait.ts';
import { Bench } from '../../main/bench/bench.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { createBoard, type BoardName, type BoardOptions } from '../../main/bench/boards/registry.ts';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import { updateOn, type UpdateOptions } from '../../main/cli/commands/update.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { builtInProfiles, openCore, openSources, type FirmwareSources } from '../../main/core.ts';
import { lockPort } from '../../main/base/lock.ts';
import type { Host } from '../../main/host.ts';
import { Journal } from '../../main/jobs/journal.ts';
import { openLogBook } from '../../main/log/log-book.ts';
import { openStoreHere } from '../../main/store/store-door.ts';
import type { UpdateServices } from '../../main/updates/updates.ts';
import { cliEventSchema } from '../../shared/cli-events.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import type { FirmwareSource } from '../../shared/firmware-source.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { errorText } from '../../shared/text/errors.ts';
import { exitCodeOfError } from '../../shared/result.ts';
import type { FirmwareServer } from './firmware-server.ts';
import { realBus } from './real-bus.ts';
import { indexAt, indexBytes, makeUpdatesRig, type IndexOptions } from './updates-rig.ts';

/** A program for the virtual NanoVNA-H, 90,000 bytes. */
export const nanovna = (version: string, seed = 5): Uint8Array =>
  nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version }, 90_000, seed);

/** How a run ended, and what was said. */
export interface UpdateRun {
  readonly code: number;
  /** What it threw, as `rekindle` would tell it. */
  readonly error: string;
  readonly stdout: string;
  /** What was asked at the terminal. */
  readonly asked: string;
  readonly lines: readonly Record<string, unknown>[];
}

/** A board, and a hand at it. */
export type PluggedBoard = VirtualBoard & {
  readonly portPath: string;
  hand(action: BenchAction): void;
};

export interface UpdateShell extends AsyncDisposable {
  plug(name: BoardName, options?: Omit<Partial<BoardOptions>, 'clock'>): PluggedBoard;
  /** The board's own source, as `rekindle sources add` would write it. */
  addSource(source: FirmwareSource, board?: string): void;
  /** Another shell has the board, until disposed of. */
  lock(portPath: string): Promise<AsyncDisposable>;
  /**
   * @param keys typed at the terminal; nobody is there otherwise
   * @param heard called with all that was said so far
   */
  update(
    options?: Partial<UpdateOptions>,
    keys?: string,
    heard?: (stdout: string) => void,
  ): Promise<UpdateRun>;
}

/** @param virtual whether its boards are known to be virtual: such boards are this process's alone, and are not locked */
export function makeUpdateShell(server?: FirmwareServer, virtual = true): UpdateShell {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-update-'));
  const { services } = makeUpdatesRig(server);
  const clock = new SimulatedClock();
  const bench = new Bench({ clock });
  const logs = openLogBook({ now: () => new Date(), sinks: [], header: [] });
  const inFolder = (name: string): string => path.join(folder, name);
  const host: Host = {
    platform: 'linux',
    shell: 'test',
    version: 'test',
    log: logs.log,
    paths: {
      backups: inFolder('backups'),
      database: inFolder('rekindle.db'),
      locks: inFolder('locks'),
      profiles: inFolder('profiles'),
      settings: inFolder('settings.json'),
      updates: services.folder,
      logs: inFolder('logs'),
    },
    now: () => new Date(),
  };
  const core = openCore(host, clock, {
    buses: [virtual ? bench.bus : realBus(bench.bus, 'usb')],
    serial: [bench.serial],
    profiles: builtInProfiles,
    journal: new Journal(host, (tell) =>
      openStoreHere(host.paths.database, { busyMs: 1_000, now: () => host.now() }, tell),
    ),
  });
  const own: { board: string; source: FirmwareSource }[] = [];
  return {
    plug(name, options = {}) {
      const board = createBoard(name, { clock, timeScale: 0, ...options });
      const port = bench.plug(board);
      return Object.assign(board, {
        portPath: port.portPath,
        hand: (action: BenchAction) => port.act(action),
      });
    },
    lock: (portPath) => lockPort(host.paths.locks, portPath, 'window'),
    addSource(source, board = 'nanovna-h') {
      own.push({ board, source });
      mkdirSync(services.folder, { recursive: true });
      writeFileSync(path.join(services.folder, 'sources.json'), JSON.stringify({ sources: own, keys: [] }));
    },
    async update(options = {}, keys, heard) {
      let stdout = '';
      const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
        stdout += String(text);
        heard?.(stdout);
        return true;
      });
      const isTTY = keys !== undefined;
      const input = Object.assign(new PassThrough(), { isTTY });
      const output = Object.assign(new PassThrough(), { isTTY });
      let asked = '';
      output.on('data', (chunk: Buffer) => (asked += chunk.toString()));
      input.write(keys ?? '');
      const shell = { clock, core, logs, sources: sourcesBeside(clock, services) };
      const wanted: UpdateOptions = { verify: true, leave: true, ...options };
      let told: Pick<UpdateRun, 'code' | 'error'>;
      try {
        told = { code: await updateOn(shell, wanted, { input, output }), error: '' };
      } catch (thrown) {
        if (!isFlashError(thrown)) throw thrown;
        const { title, advice } = errorText(thrown.code, thrown.params as never, 'linux');
        told = { code: exitCodeOfError(thrown.code), error: `${thrown.code}: ${title}.\n${advice}` };
      } finally {
        write.mockRestore();
      }
      const lines = wanted.json === true ? stdout.trim().split('\n').map(parseLine) : [];
      return { ...told, stdout, asked, lines };
    },
    async [Symbol.asyncDispose]() {
      await core.journal[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server is asked in the world's time, and the boards' stands still meanwhile. */
function sourcesBeside(clock: SimulatedClock, services: UpdateServices): FirmwareSources {
  const sources = openSources(services);
  const asked = async <T>(wait: Wait, ask: (wait: Wait) => Promise<T>): Promise<T> => {
    using _still = clock.hold();
    return await ask(startWait(services.clock, remaining(wait, clock), wait.signal));
  };
  return {
    ...sources,
    look: (profile, options) => asked(options.wait, (wait) => sources.look(profile, { ...options, wait })),
    fetch: (offer, options) => asked(options.wait, (wait) => sources.fetch(offer, { ...options, wait })),
  };
}

function parseLine(line: string): Record<string, unknown> {
  return v.parse(cliEventSchema, JSON.parse(line));
}

/** The server has this version, and the board a source there. */
export function offer(
  shell: UpdateShell,
  server: FirmwareServer,
  { version = '1.3.0', content = nanovna(version), ...rest }: IndexOptions = {},
): Uint8Array {
  shell.addSource(indexAt(server.origin));
  server.on('/index.json', indexBytes({ version, content, ...rest }));
  server.on(`/rocket_${version}.bin`, content);
  return content;
}
