// An armed job in the studio's core, with the survey beside it: from a board's enumeration to our first DFU request to it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realClock } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { Tracker } from '../../main/devices/tracker.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import type { Host } from '../../main/host.ts';
import { settle } from '../../main/jobs/arm/settle.ts';
import { BoardWatch } from '../../main/jobs/board-watch.ts';
import { Journal } from '../../main/jobs/journal.ts';
import type { ArmRequest } from '../../main/jobs/request.ts';
import { RunningJobs } from '../../main/jobs/running-jobs.ts';
import type { Services } from '../../main/jobs/services.ts';
import { silentLog } from '../../main/log/log.ts';
import { openStoreHere } from '../../main/store/store-door.ts';
import { realBus } from '../support/real-bus.ts';
import { dfuseImage, flashRequest, program } from '../support/rig.ts';
import { quantile, type TargetRow } from './table.ts';

const rounds = 60;
/** product.md, Numbers to reach. */
const targetMs = 150;
const image = dfuseImage([{ address: 0x08000000, bytes: program(4_096) }]);

/** The distribution, as rows of the table of targets. */
export async function measureArmed(): Promise<TargetRow[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-armed-'));
  try {
    const latencies: number[] = [];
    for (let round = 0; round < rounds; round++) latencies.push(await once(folder));
    const row = (what: string, share: number, target?: number): TargetRow => ({
      where: 'in-process',
      what: `armed: enumeration to first request, ${what}`,
      figure: quantile(latencies, share),
      unit: 'ms',
      target,
    });
    return [row('median', 0.5), row('p95', 0.95, targetMs), row('most', 1)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function once(folder: string): Promise<number> {
  const bench = new Bench({ clock: realClock });
  const board = createBoard('nanovna-h', { clock: realClock, timeScale: 0, startIn: 'dfu' });
  const port = bench.plug(board);
  port.unplug();
  const services = servicesOn(bench, folder);
  const jobs = new RunningJobs(services, () => ({ ...silentLog, [Symbol.dispose]: () => undefined }));
  await using _watch = new BoardWatch(services, (facts) => jobs.isBusy(facts));
  const request: ArmRequest = {
    kind: 'arm',
    flash: flashRequest([image]),
    backup: false,
    profile: 'nanovna-h',
    portPath: undefined,
    way: undefined,
    waitMs: 60_000,
  };
  const { plan } = await settle(request, services);
  jobs.start({
    kind: 'flash',
    request,
    portPath: '',
    board: 'NanoVNA-H',
    virtual: false,
    files: [],
    consent: { planHash: plan.hash, questions: plan.questions.map((one) => one.id) },
  });
  // Any moment of the wait, as a hand would choose.
  await pause(120 + Math.random() * 200);
  const first = Promise.withResolvers<number>();
  using _change = port.onChange(() => {
    const { device } = port;
    if (device === undefined) return;
    const control = device.control.bind(device);
    device.control = (setup, data, signal) => {
      if ((setup.requestType & 0x60) === 0x20) first.resolve(performance.now());
      return control(setup, data, signal);
    };
  });
  const plugged = performance.now();
  port.replug();
  const never = pause(10_000).then(() => {
    throw new Error('the board that was waited for was not asked anything');
  });
  const latency = (await Promise.race([first.promise, never])) - plugged;
  // What comes after it is measured elsewhere.
  await jobs.stopAll();
  return latency;
}

function servicesOn(bench: Bench, folder: string): Services {
  const host: Host = {
    platform: 'linux',
    shell: 'speed',
    version: 'speed',
    log: silentLog,
    paths: {
      backups: path.join(folder, 'backups'),
      database: path.join(folder, 'rekindle.db'),
      locks: path.join(folder, 'locks'),
      profiles: path.join(folder, 'profiles'),
      settings: path.join(folder, 'settings.json'),
      updates: path.join(folder, 'updates'),
      logs: path.join(folder, 'logs'),
    },
    now: () => new Date(),
  };
  return {
    host,
    clock: realClock,
    buses: [realBus(bench.bus)],
    serial: [],
    profiles: builtInProfiles,
    log: host.log,
    journal: new Journal(host, (tell) =>
      openStoreHere(host.paths.database, { busyMs: 1_000, now: () => host.now() }, tell),
    ),
    tracker: new Tracker(builtInProfiles),
    pollMemory: new Set(),
    heard: new Map(),
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
