// A core on the in-process bench with a simulated clock: what most tests of jobs need.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FlashRequest, JobControl, JobRequest } from '../../main/core.ts';
import { Bench, type BenchOptions, type BenchPort } from '../../main/bench/bench.ts';
import { createBoard, type BoardName, type BoardOptions } from '../../main/bench/boards/registry.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { Tracker } from '../../main/devices/tracker.ts';
import type { Host } from '../../main/host.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { readImage } from '../../main/images/registry.ts';
import { Journal } from '../../main/jobs/journal.ts';
import { runAnyJob } from '../../main/jobs/run-any.ts';
import type { Services } from '../../main/jobs/services.ts';
import { openStoreHere } from '../../main/store/store-door.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import type { Profile } from '../../shared/profile.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import type { Result } from '../../shared/result.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-rig-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));

export interface Rig {
  readonly clock: SimulatedClock;
  readonly bench: Bench;
  readonly board: VirtualBoard;
  readonly port: BenchPort;
  readonly services: Services;
  readonly events: JobEvent[];
  readonly stop: AbortController;
  readonly abort: AbortController;
  run(request: JobRequest, control?: Partial<JobControl>): Promise<Result>;
}

/** A rig with one board plugged in. */
export function makeRig(
  name: BoardName,
  options: Omit<Partial<BoardOptions>, 'clock'> = {},
  benchOptions: Omit<Partial<BenchOptions>, 'clock'> & {
    wrap?: (bus: UsbBus) => UsbBus;
    profiles?: readonly Profile[];
  } = {},
): Rig {
  const clock = new SimulatedClock();
  const { wrap = (bus: UsbBus) => bus, profiles = builtInProfiles, ...rest } = benchOptions;
  const bench = new Bench({ clock, ...rest });
  const board = createBoard(name, { clock, ...options });
  const port = bench.plug(board);
  const folder = mkdtempSync(path.join(root, 'rig-'));
  const host: Host = {
    platform: rest.platform ?? 'linux',
    shell: 'test',
    version: 'test',
    log: { write: () => undefined },
    paths: {
      backups: path.join(folder, 'backups'),
      database: path.join(folder, 'rekindle.db'),
      locks: path.join(folder, 'locks'),
      profiles: path.join(folder, 'profiles'),
      settings: path.join(folder, 'settings.json'),
      updates: path.join(folder, 'updates'),
      logs: path.join(folder, 'logs'),
    },
    now: () => new Date('2026-11-21T12:00:00Z'),
  };
  const journal = new Journal(host, (tell) =>
    openStoreHere(host.paths.database, { busyMs: 1_000, now: () => host.now() }, tell),
  );
  const services: Services = {
    host,
    clock,
    buses: [wrap(bench.bus)],
    serial: [bench.serial],
    profiles,
    tracker: new Tracker(profiles),
    log: host.log,
    journal,
    pollMemory: new Set(),
    heard: new Map(),
  };
  const events: JobEvent[] = [];
  const stop = new AbortController();
  const abort = new AbortController();
  return {
    clock,
    bench,
    board,
    port,
    services,
    events,
    stop,
    abort,
    run: (request, control = {}) =>
      runAnyJob(request, services, {
        stop: stop.signal,
        abort: abort.signal,
        emit: (event) => void events.push(event),
        ask: () => Promise.resolve(true),
        ...control,
      }),
  };
}

/** A flash request with everything at its default. */
export function flashRequest(
  images: readonly FirmwareImage[],
  changes: Partial<FlashRequest> = {},
): FlashRequest {
  return {
    kind: 'flash',
    images,
    selection: { waitMs: 0 },
    dryRun: false,
    backup: true,
    verify: true,
    leave: true,
    full: false,
    asRaw: false,
    keepRest: false,
    reset: false,
    allow: new Set(),
    ...changes,
  };
}

/** A program for the F072 or F405 on the bench: a vector table, then noise that is never blank. */
export function program(length: number, seed = 7): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    bytes[index] = (state >> 16) & 0xff;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x20001000, true);
  view.setUint32(4, 0x08000101, true);
  return bytes;
}

/** A DfuSe file with elements in alternate 0. */
export function dfuseImage(
  elements: readonly { address: number; bytes: Uint8Array }[],
  alternate = 0,
): FirmwareImage {
  const ids = { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff };
  return readImage(writeDfuse({ ids, targets: [{ alternate, elements }] }), 'test.dfu');
}

/** A plain `.dfu` for any board. */
export function plainImage(bytes: Uint8Array, productId = 0xffff): FirmwareImage {
  return readImage(
    addDfuSuffix(bytes, { vendorId: 0x1209, productId, bcdDevice: 0xffff }, 0x0100),
    'test.dfu',
  );
}
