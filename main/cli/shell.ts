// What all commands share: options, the core they run on, and how they end.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { acceptances, type Acceptance } from '../../shared/acceptances.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { Bench } from '../bench/bench.ts';
import { boardNames, createBoard, isBoardName, type BoardName } from '../bench/boards/registry.ts';
import { faultListSchema, type Fault } from '../bench/faults.ts';
import {
  createLibusbBus,
  loadProfiles,
  openCore,
  openRights,
  openSerialPorts,
  openSources,
  permissions,
  playTrace,
  realClock,
  recordBus,
  updateServices,
  type Core,
  type CoreParts,
  type FirmwareSources,
  type Permission,
  type Selection,
} from '../core.ts';
import { unusedProfilesText } from '../../shared/text/profile-problems.ts';
import type { Clock } from '../base/clock.ts';
import type { Host } from '../host.ts';
import type { LogBook } from '../log/log-book.ts';
import { terminalHost } from './host.ts';
import { openTerminalLog } from './terminal-log.ts';

/** Options every command understands. */
export interface CommonOptions {
  readonly bench?: string;
  readonly faults?: string;
  readonly timeScale?: number;
  readonly device?: string;
  readonly board?: string;
  readonly wait?: number;
  readonly json?: boolean;
  readonly vidPid?: string;
  readonly serial?: string;
  readonly interface?: number;
  readonly alt?: string;
  readonly transferSize?: number;
  readonly trace?: string;
  readonly play?: string;
  readonly verbose?: boolean;
}

/** What a command runs on. */
export interface Shell {
  readonly clock: Clock;
  readonly core: Core;
  /** Where firmware comes from. Nobody is asked before somebody looks. */
  readonly sources: FirmwareSources;
  readonly logs: LogBook;
  /** Where its boards are virtual. */
  readonly bench?: Bench | undefined;
}

/** The core, on real ports, virtual boards or a trace. */
export async function openShell(options: CommonOptions): Promise<Shell> {
  const logs = await openTerminalLog(options.verbose === true);
  const host = terminalHost(logs.log);
  const { bus, bench, ...doors } = await openDoors(options, host);
  const recorded = options.trace === undefined ? bus : recordBus(bus, traceSink(options.trace), realClock);
  const { profiles, problems } = await loadProfiles(host.paths.profiles, logs.log);
  if (problems.length > 0) process.stderr.write(`${unusedProfilesText(problems.length)}\n`);
  const core = openCore(host, realClock, { ...doors, buses: [recorded], profiles });
  return { clock: realClock, core, sources: openSources(updateServices(host, realClock)), logs, bench };
}

async function openDoors(options: CommonOptions, host: Host): Promise<Doors> {
  if (options.play !== undefined)
    return { bus: playTrace(readTextFile(options.play).split('\n'), realClock), serial: [] };
  if (options.bench === undefined) {
    if (options.faults !== undefined) throw new FlashError('usage', { detail: '--faults goes with --bench' });
    const system = { platform: host.platform, clock: realClock, log: host.log };
    const bus = await createLibusbBus(system);
    const rights = openRights({ ...system, terminal: false });
    const flashModeAccess: CoreParts['flashModeAccess'] = (...asked) => rights.flashModeAccess(...asked);
    return { bus, serial: [openSerialPorts(system)], flashModeAccess };
  }
  const bench = benchOf(options.bench, options);
  return { bus: bench.bus, serial: [bench.serial], bench };
}

interface Doors {
  readonly bus: Awaited<ReturnType<typeof createLibusbBus>>;
  readonly serial: CoreParts['serial'];
  readonly bench?: Bench;
  /** Where the system has a say in who opens what. */
  readonly flashModeAccess?: CoreParts['flashModeAccess'];
}

/** Virtual boards by their names, with faults from a file. @throws FlashError `usage`, `file.*` */
export function benchOf(names: string, options: { faults?: string; timeScale?: number }): Bench {
  const bench = new Bench({ clock: realClock });
  const faults = options.faults === undefined ? [] : readFaults(options.faults);
  for (const { name, plugged, startIn } of boardsOf(names)) {
    const start = startIn === undefined ? {} : { startIn };
    const board = createBoard(name, {
      clock: realClock,
      faults,
      timeScale: options.timeScale ?? 1,
      ...start,
    });
    if (plugged) bench.plug(board);
    else bench.lay(board);
  }
  return bench;
}

interface NamedBoard {
  readonly name: BoardName;
  readonly plugged: boolean;
  readonly startIn: 'app' | 'dfu' | undefined;
}

/** `nanovna-h`, `nanovna-h:app`, `pytrack:unplugged`. @throws FlashError `usage` */
function boardsOf(names: string): NamedBoard[] {
  return names.split(',').map((text) => {
    const [name = '', how] = text.trim().split(':', 2);
    if (!isBoardName(name))
      throw new FlashError('usage', {
        detail: `There is no virtual board "${name}"; there are ${boardNames.join(', ')}`,
      });
    if (how === 'unplugged') return { name, plugged: false, startIn: 'app' };
    if (how !== undefined && how !== 'app' && how !== 'dfu')
      throw new FlashError('usage', {
        detail: `A virtual board starts as "${name}:app", "${name}:dfu" or "${name}:unplugged"`,
      });
    return { name, plugged: true, startIn: how };
  });
}

function readFaults(file: string): Fault[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readTextFile(file));
  } catch (error) {
    if (error instanceof FlashError) throw error;
    throw new FlashError('usage', { detail: `${file} is not JSON` });
  }
  const faults = v.safeParse(faultListSchema, parsed);
  if (!faults.success) throw new FlashError('usage', { detail: `${file}: ${faults.issues[0].message}` });
  return faults.output;
}

function readTextFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new FlashError('file.not-found', { path: file }, error);
    throw new FlashError('file.unreadable', { path: file, reason: code ?? 'unknown' }, error);
  }
}

/**
 * Written line by line and at once, so that a crash leaves what led to it. A recording that cannot go on ends with
 * a word to standard error and never ends the job: a full disk is no reason to leave a board half-written.
 * @throws FlashError `file.*` when it cannot be begun
 */
function traceSink(file: string): (line: string) => void {
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new FlashError('file.exists', { path: file }, error);
    throw new FlashError('file.cannot-create', { path: file, reason: code ?? 'unknown' }, error);
  }
  let ended = false;
  return (line) => {
    if (ended) return;
    try {
      appendFileSync(file, `${line}\n`);
    } catch (error) {
      ended = true;
      const { code } = error as NodeJS.ErrnoException;
      process.stderr.write(
        `The trace ends here, ${file} cannot be written (${code ?? 'unknown'}); the job goes on.\n`,
      );
    }
  };
}

/** The board that is meant. */
export function selectionOf(options: CommonOptions): Selection {
  return {
    device: options.device,
    ids: options.vidPid,
    serial: options.serial,
    profile: options.board,
    interfaceNumber: options.interface,
    waitMs: (options.wait ?? 0) * 1000,
  };
}

/** @throws FlashError `usage` on a permission there is not */
export function permissionsOf(names: readonly string[] = []): Set<Permission> {
  return new Set(
    names.map((name) => {
      const found = permissions.find((one) => one === name);
      if (found === undefined)
        throw new FlashError('usage', { detail: `--allow takes ${permissions.join(', ')}` });
      return found;
    }),
  );
}

/** @throws FlashError `usage` on a finding there is not */
export function acceptancesOf(names: readonly string[] = []): Set<Acceptance> {
  return new Set(
    names.map((name) => {
      const found = acceptances.find((one) => one === name);
      if (found === undefined)
        throw new FlashError('usage', { detail: `--accept takes ${acceptances.join(', ')}` });
      return found;
    }),
  );
}
