// The files themselves: first lines, rotation, bounds, and disks that refuse.
import electronLog from 'electron-log/node.js';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openLogBook, type LogSink } from '../../main/log/log-book.ts';
import { sessionHeader } from '../../main/log/session-header.ts';
import { toElectronLog } from '../../main/log/to-electron-log.ts';
import { limits } from '../../shared/limits.ts';
import { formatLogEntry, type LogEntry } from '../../shared/log.ts';

const header = sessionHeader({ version: '1.2.3', shell: 'test' });
const now = (): Date => new Date('2026-11-21T12:00:00Z');
/** A device that takes nothing: Linux's own full disk. */
const fullDisk = '/dev/full';
let folder: string;
let file: string;
let loggers = 0;

// All loggers of a process complain through the default one, which in the program is the one that is used.
electronLog.transports.console.writeFn = () => undefined;

function fileSink(to = file): LogSink {
  return toElectronLog(electronLog.create({ logId: `test-${loggers++}` }), { file: to, header });
}

beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'rekindle-log-')), 'logs');
  file = path.join(folder, 'test.log');
});

function linesOf(name: string): string[] {
  return readFileSync(name, 'utf8').trimEnd().split(/\r?\n/);
}

describe('the log file', () => {
  it('begins with all versions, and is for its owner only', () => {
    const { log } = openLogBook({ now, sinks: [fileSink()], header });
    log.write('warn', 'dfu', 'busy \u001b[31m50 %c %s\nforged');
    log.write('debug', 'dfu', 'too small for the file');
    const lines = linesOf(file);
    expect(lines).toHaveLength(header.length + 1);
    expect(lines[0]).toMatch(
      /^2026-11-21T12:00:00\.000Z info {2}session: Rekindle 1\.2\.3 \(test\), process \d+$/,
    );
    expect(lines[1]).toContain(`Node ${process.versions.node}`);
    expect(lines[3]).toContain('libusb');
    expect(lines.at(-1)).toBe('2026-11-21T12:00:00.000Z warn  dfu: busy [31m50 %c %s | forged');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('rotates at its bound into a few older ones, each beginning with the versions', () => {
    const { log } = openLogBook({ now, sinks: [fileSink()], header });
    const message = 'x'.repeat(limits.logLineBytes);
    // Enough for one file more than are kept.
    for (
      let count = 0;
      count < (limits.logFiles + 1.5) * (limits.logFileBytes / limits.logLineBytes);
      count++
    )
      log.write('info', 'test', `${count} ${message}`);
    expect(readdirSync(folder).toSorted()).toEqual([
      'test.1.log',
      'test.2.log',
      'test.3.log',
      'test.4.log',
      'test.log',
    ]);
    for (const name of readdirSync(folder)) {
      const full = path.join(folder, name);
      expect(statSync(full).size).toBeLessThan(limits.logFileBytes + 2 * limits.logLineBytes);
      const lines = linesOf(full);
      expect(lines[0]).toContain('Rekindle 1.2.3');
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(limits.logLineBytes);
    }
    // Nothing is lost between one file and the next.
    const last = Number(/test: (\d+) x/.exec(linesOf(path.join(folder, 'test.1.log')).at(-1) ?? '')?.[1]);
    expect(linesOf(file)[header.length]).toContain(`test: ${last + 1} x`);
  });

  it.skipIf(process.platform !== 'linux')('on a full disk says so once, to those who can hear it', () => {
    mkdirSync(folder, { recursive: true });
    symlinkSync(fullDisk, file);
    const heard: LogEntry[] = [];
    const others: LogSink = { name: 'others', write: (entry) => heard.push(entry) };
    const book = openLogBook({ now, sinks: [fileSink(), others], header: [] });
    for (let count = 0; count < 5; count++) book.log.write('info', 'test', `line ${count}`);
    const warnings = heard.filter((entry) => entry.source === 'log');
    expect(warnings.map((entry) => entry.level)).toEqual(['warn']);
    expect(warnings[0]?.message).toMatch(/^the log file cannot be written: .*ENOSPC/);
    expect(heard.filter((entry) => entry.source === 'test')).toHaveLength(5);
    expect(book.page({ limit: 100 }).entries).toEqual(heard);
  });

  it('goes on by itself once there is a place again', () => {
    mkdirSync(path.dirname(folder), { recursive: true });
    writeFileSync(folder, 'a file where the folder should be');
    const book = openLogBook({ now, sinks: [fileSink()], header: [] });
    book.log.write('info', 'test', 'lost');
    expect(book.page({ limit: 9 }).entries.map((entry) => entry.source)).toEqual(['test', 'log']);
    rmSync(folder);
    book.log.write('info', 'test', 'kept');
    expect(linesOf(file)).toEqual(['2026-11-21T12:00:00.000Z info  test: kept']);
  });

  it('is begun anew where older ones cannot be moved on', () => {
    for (const index of [1, 2, 3, 4])
      mkdirSync(path.join(folder, `test.${index}.log`, 'taken'), { recursive: true });
    writeFileSync(file, 'x'.repeat(limits.logFileBytes + 1));
    const { log } = openLogBook({ now, sinks: [fileSink()], header: [] });
    log.write('info', 'test', 'here');
    expect(linesOf(file)).toEqual([...header, '2026-11-21T12:00:00.000Z info  test: here']);
  });

  it('stops growing where it cannot be removed either', (context) => {
    if (process.platform === 'win32' || process.getuid?.() === 0) context.skip('root may remove every file');
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, 'x'.repeat(limits.logFileBytes + 1));
    chmodSync(folder, 0o500);
    const book = openLogBook({ now, sinks: [fileSink()], header: [] });
    book.log.write('info', 'test', 'one too many');
    chmodSync(folder, 0o700);
    expect(statSync(file).size).toBe(limits.logFileBytes + 1);
    expect(book.page({ limit: 9 }).entries.map((entry) => entry.source)).toEqual(['test', 'log']);
  });
});

describe('the file of a job', () => {
  const jobFolder = (): string => path.join(folder, 'jobs');
  const open = (sinks: readonly LogSink[] = []) =>
    openLogBook({ now, sinks, jobFolder: jobFolder(), header });

  it('has the versions and its own lines, and nobody else\u2019s', () => {
    const book = open();
    using first = book.openJob('job-1');
    using second = book.openJob('job-2');
    first.write('debug', 'dfu', 'of the first');
    second.write('info', 'dfu', 'of the second');
    book.log.write('info', 'other', 'of nobody');
    expect(linesOf(first.file ?? '')).toEqual([
      ...header,
      '2026-11-21T12:00:00.000Z debug dfu: of the first [job job-1]',
    ]);
    expect(book.page({ limit: 99, job: 'job-2' }).entries.map((entry) => entry.message)).toEqual([
      'of the second',
    ]);
    first[Symbol.dispose]();
    first.write('info', 'dfu', 'too late for its file');
    expect(linesOf(first.file ?? '')).toHaveLength(header.length + 1);
  });

  it('is not made for a job that says nothing, nor outside of its folder', () => {
    const book = open();
    book.openJob('silent')[Symbol.dispose]();
    expect(() => readdirSync(jobFolder())).toThrow('ENOENT');
    using hostile = book.openJob('../../../etc/passwd\u0000\n\u001b');
    hostile.write('info', 'test', 'here');
    expect(readdirSync(jobFolder())).toEqual([path.basename(hostile.file ?? '')]);
    expect(path.dirname(hostile.file ?? '')).toBe(jobFolder());
  });

  it('ends with a word at its bound', () => {
    const book = open();
    using job = book.openJob('chatty');
    const message = 'x'.repeat(limits.logLineBytes);
    for (let count = 0; count < (1.5 * limits.jobLogBytes) / limits.logLineBytes; count++)
      job.write('debug', 'test', message);
    expect(statSync(job.file ?? '').size).toBeLessThan(limits.jobLogBytes + 2 * limits.logLineBytes);
    expect(linesOf(job.file ?? '').at(-1)).toContain('ends here');
  });

  it('makes room for new ones, and leaves files alone that are not ours', () => {
    mkdirSync(jobFolder(), { recursive: true });
    const name = (index: number): string => `2026010${index % 10}T${String(index).padStart(6, '0')}-old.log`;
    for (let index = 0; index < limits.jobLogFiles + 20; index++)
      writeFileSync(path.join(jobFolder(), name(index)), '');
    writeFileSync(path.join(jobFolder(), '00-notes.txt'), 'mine');
    using job = open().openJob('new');
    job.write('info', 'test', 'here');
    const names = readdirSync(jobFolder());
    expect(names.filter((one) => one.endsWith('.log'))).toHaveLength(limits.jobLogFiles);
    expect(names).toContain('00-notes.txt');
    expect(names).toContain(path.basename(job.file ?? ''));
  });

  it.skipIf(process.platform === 'win32')(
    'never writes through a link, and its failing stops nothing',
    () => {
      mkdirSync(jobFolder(), { recursive: true });
      const victim = path.join(folder, 'victim');
      writeFileSync(victim, 'precious');
      symlinkSync(victim, path.join(jobFolder(), '20261121T120000-job.log'));
      const book = open([fileSink()]);
      using job = book.openJob('job');
      job.write('info', 'test', 'goes on');
      expect(readFileSync(victim, 'utf8')).toBe('precious');
      expect(
        linesOf(file)
          .slice(-2)
          .map((one) => one.slice(25)),
      ).toEqual([
        'info  test: goes on [job job]',
        expect.stringContaining('warn  log: the log of this job cannot be written: Error: EEXIST') as string,
      ]);
    },
  );
});

it('a line reads as it was written', () => {
  const entry: LogEntry = { sequence: 1, at: 0, level: 'info', source: 'job', message: 'done', job: 'a' };
  expect(formatLogEntry(entry)).toBe('1970-01-01T00:00:00.000Z info  job: done [job a]');
});
