// kill -9 in backup, erase, write, verify and commits, once amid each and then at random moments: what the next program reads in the journal is so.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import { realClock, sleep } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { readImage } from '../../main/images/registry.ts';
import { Journal } from '../../main/jobs/journal.ts';
import { DfuRequest } from '../../main/protocols/dfu/constants.ts';
import { readFileBounded } from '../../main/store/atomic-file.ts';
import { openStore } from '../../main/workers/store.ts';
import type { OpenJob } from '../../shared/history.ts';
import type { Result } from '../../shared/result.ts';
import { makeRig, program } from '../support/rig.ts';
import { bytesIn, lieOf } from '../support/told-truth.ts';
import type { OwnEnd } from './programs/child-services.ts';
import { lendBus } from './programs/lent-bus.ts';

/** As the bundles have them. */
declare const REKINDLE_PROFILES: readonly unknown[];

const soak = process.env['REKINDLE_SOAK'] !== undefined;
const kills = soak ? 200 : 20;
const start = 0x08000000;
const image = program(14 * 2048 + 100, 41);
const root = mkdtempSync(path.join(tmpdir(), 'rekindle-killed-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const file = path.join(root, 'firmware.dfu');
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** What is killed: the job in one of its steps, or the database over a commit of one of them. */
const phases = ['back-up', 'erase', 'write', 'verify', 'database'] as const;
type Phase = (typeof phases)[number];

/** Of a job that nobody kills: the downloads and uploads of each step, and what was sent to the database. */
const requestsOf = new Map<string, number>();
let commits = 0;

/** When the child is killed: so long after so many answered downloads and uploads, of one step or of all; or when it ends itself. */
type Moment =
  | { readonly step: string | undefined; readonly count: number; readonly delayMs: number }
  | { readonly ownEnd: OwnEnd };

const never: Moment = { step: undefined, count: Infinity, delayMs: 0 };

/** A moment that is in this phase for certain: in its middle, where the board does nothing more without us. */
function momentAmid(phase: Phase): Moment {
  if (phase === 'database') return { ownEnd: { commit: Math.ceil(commits / 2), delayMs: 0 } };
  return { step: phase, count: Math.ceil(countOf(phase) / 2), delayMs: 0 };
}

function randomMoment(phase: Phase): Moment {
  // The sync of a commit takes a millisecond or so: most at its beginning, some towards its end.
  if (phase === 'database') {
    const delayMs = Math.random() < 0.7 ? 0 : Math.random() * 2;
    return { ownEnd: { commit: Math.ceil(Math.random() * commits), delayMs } };
  }
  return { step: phase, count: Math.ceil(Math.random() * countOf(phase)), delayMs: Math.random() * 4 };
}

function countOf(...steps: readonly Phase[]): number {
  return steps.reduce((sum, step) => sum + (requestsOf.get(step) ?? 0), 0);
}

beforeAll(async () => {
  const ids = { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff };
  writeFileSync(
    file,
    writeDfuse({ ids, targets: [{ alternate: 0, elements: [{ address: start, bytes: image }] }] }),
  );
  await build({
    entryPoints: {
      child: 'test/bench/programs/flash-child.ts',
      'store-worker': 'main/workers/store-worker.ts',
    },
    outdir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    define: { REKINDLE_PROFILES: JSON.stringify(REKINDLE_PROFILES) },
    logLevel: 'warning',
  });
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}');
  const place = newPlace();
  const { result, served, committed } = await flash(place, '', never);
  expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
  commits = committed;
  for (const step of served) requestsOf.set(step, (requestsOf.get(step) ?? 0) + 1);
});

interface Place {
  readonly folder: string;
  readonly bench: Bench;
  readonly board: VirtualBoard;
  readonly before: Uint8Array;
}

function newPlace(): Place {
  const folder = mkdtempSync(path.join(root, 'data-'));
  mkdirSync(path.join(folder, 'backups'));
  const bench = new Bench({ clock: realClock, transferMs: 0 });
  const board = createBoard('nanovna-h', { clock: realClock, timeScale: 0.05 });
  bench.plug(board);
  return { folder, bench, board, before: board.flash.slice() };
}

interface Seen {
  readonly result: Result | undefined;
  /** The step of each download and upload that was answered. */
  readonly served: readonly string[];
  /** Things sent to the database. */
  readonly committed: number;
  /** Whether it ended itself over one of them. */
  readonly committing: boolean;
  /** The last step it began. */
  readonly step: string;
}

type FromChild = { result?: Result; step?: string; commits?: 1 };

/** A child that flashes, killed at a moment; what it said and did, as far as it got. */
async function flash(place: Place, resume: string, moment: Moment): Promise<Seen> {
  const ownEnd = 'ownEnd' in moment ? JSON.stringify(moment.ownEnd) : '';
  const child = fork(path.join(root, 'child.js'), [place.folder, file, resume, ownEnd], {
    serialization: 'advanced',
    execArgv: ['--no-warnings'],
  });
  children.add(child);
  const served: string[] = [];
  let [step, committed, killed] = ['', 0, false];
  let result: Result | undefined;
  const kill = (): void => {
    killed = true;
    child.kill('SIGKILL');
  };
  // How often a state is asked for hangs on how busy the computer is; blocks and commands are as many each time.
  lendBus(place.bench.bus, child, (setup) => {
    if (setup?.request !== DfuRequest.download && setup?.request !== DfuRequest.upload) return;
    served.push(step);
    if ('ownEnd' in moment) return;
    const counted = moment.step === undefined ? served : served.filter((one) => one === moment.step);
    if (counted.length !== moment.count || (moment.step ?? step) !== step) return;
    // A timer takes a millisecond at least.
    if (moment.delayMs === 0) kill();
    else void sleep(realClock, moment.delayMs).then(kill);
  });
  child.on('message', (message: FromChild) => {
    result = message.result ?? result;
    step = message.step ?? step;
    committed += message.commits ?? 0;
  });
  const signal = await new Promise<string | null>((resolve) => child.once('exit', (_, by) => resolve(by)));
  children.delete(child);
  // What was on its way to the board arrives, or is given up.
  await sleep(realClock, 60);
  return { result, served, committed, committing: signal === 'SIGKILL' && !killed, step };
}

function journalOf({ folder }: Place): Journal {
  const rig = makeRig('nanovna-h');
  const { host } = rig.services;
  const paths = {
    ...host.paths,
    backups: path.join(folder, 'backups'),
    database: path.join(folder, 'rekindle.db'),
  };
  return new Journal({ ...host, paths }, (tell) => openStore(paths.database, realClock, tell));
}

/** Neither database nor any backup is damaged. */
async function expectWhole(place: Place): Promise<void> {
  const database = path.join(place.folder, 'rekindle.db');
  expect(readdirSync(place.folder).filter((name) => name.includes('damaged'))).toEqual([]);
  if (readdirSync(place.folder).includes('rekindle.db')) {
    const db = new DatabaseSync(database);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
  }
  for (const name of backupsIn(place)) {
    const backup = readImage(
      await readFileBounded(path.join(place.folder, 'backups', name), 1_000_000),
      name,
    );
    const [part] = backup.parts;
    expect(part?.address).toBe(start);
    // There is only the content from before the first job.
    expect(part !== undefined && sameBytes(part.bytes, place.before)).toBe(true);
  }
}

function backupsIn({ folder }: Place): string[] {
  return readdirSync(path.join(folder, 'backups')).filter((name) => name.endsWith('.dfu'));
}

/** What the journal tells, held against the flash. */
async function expectTruth(place: Place, mostDoubt: number): Promise<OpenJob | 'untouched' | 'done'> {
  await expectWhole(place);
  await using journal = journalOf(place);
  const [job, ...others] = await journal.openJobs();
  expect(others).toEqual([]);
  expect(journal.takeNotices()).toEqual([]);
  if (job === undefined) {
    const [newest] = await journal.history({ limit: 1 });
    const done = newest?.result?.outcome === 'done';
    // It may have ended, and been killed before it could say so to anybody but its journal.
    if (done) expect(newest.result.content.kind).toBe('verified');
    const should = done ? image : place.before;
    expect(sameBytes(place.board.flash.subarray(0, should.length), should)).toBe(true);
    return done ? 'done' : 'untouched';
  }
  // One that ended by itself before it could be killed: why, is what has to be read here.
  const [ended] = await journal.history({ limit: 1 });
  expect([ended?.result?.error, ended?.result?.steps.filter((one) => one.state === 'failed')]).toEqual([
    undefined,
    undefined,
  ]);
  expect(job).toMatchObject({ state: 'died', journalLost: false, backupThere: true });
  expect(lieOf(job, { start, now: place.board.flash, before: place.before, wanted: image })).toBeUndefined();
  expect(bytesIn(job.inDoubt)).toBeLessThanOrEqual(mostDoubt);
  if (job.verified) expect(sameBytes(place.board.flash.subarray(0, image.length), image)).toBe(true);
  return job;
}

describe('a program that is killed', () => {
  const seen = new Map<Phase | 'elsewhere', number>();

  it.each([...Array(kills).keys()])('moment %i', async (index) => {
    const place = newPlace();
    const wanted = phases[index % phases.length] ?? 'write';
    const isAimed = index < phases.length;
    const killed = await flash(place, '', isAimed ? momentAmid(wanted) : randomMoment(wanted));
    let told = await expectTruth(place, 2048);
    const last = phases.find((phase) => phase === killed.step) ?? 'elsewhere';
    // Killed over a commit counts as that, whatever step it belonged to.
    const hit = killed.committing ? 'database' : last;
    if (isAimed) expect([hit, killed.result]).toEqual([wanted, undefined]);
    if (killed.result === undefined) seen.set(hit, (seen.get(hit) ?? 0) + 1);

    // Every other round is killed once more while it is resumed: two sectors may be in doubt then.
    if (typeof told !== 'string' && told.proposal.do === 'resume' && index % 10 >= phases.length) {
      const count = Math.ceil(Math.random() * countOf('erase', 'write', 'verify'));
      await flash(place, told.id, { step: undefined, count, delayMs: Math.random() * 4 });
      told = await expectTruth(place, 4096);
    }
    if (told === 'done') return;
    const resume = typeof told !== 'string' && told.proposal.do === 'resume' ? told.id : '';
    const { result } = await flash(place, resume, never);
    expect(result?.error).toBeUndefined();
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(sameBytes(place.board.flash.subarray(0, image.length), image)).toBe(true);
    await expectWhole(place);
    await using journal = journalOf(place);
    expect(await journal.openJobs()).toEqual([]);
  });

  it('was hit in every phase', () => {
    console.log(`killed in: ${JSON.stringify(Object.fromEntries(seen))}`);
    expect([...seen.keys()].filter((phase) => phase !== 'elsewhere').sort()).toEqual([...phases].sort());
  });
});
