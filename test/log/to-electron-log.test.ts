import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFileLog } from '../../main/log/to-electron-log.ts';

const top = mkdtempSync(path.join(tmpdir(), 'rekindle-log-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));
const versions = { rekindle: '1.2.3', node: '24' };
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');

describe('the log file', () => {
  it('begins each run with all versions, and has a line on the disk when the call returns', () => {
    const folder = path.join(top, 'new', 'logs');
    const log = openFileLog(folder, 'window', versions);
    log.write('warn', 'usb', 'slow');
    const lines = linesOf(path.join(folder, 'window.log'));
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    expect(lines[0]).toMatch(new RegExp(`^${time} \\[info\\] +versions: rekindle 1\\.2\\.3$`));
    expect(lines[1]).toMatch(/ \[info\] +versions: node 24$/);
    expect(lines[2]).toMatch(new RegExp(`^${time} \\[warn\\] +usb: slow$`));
    expect(lines).toHaveLength(3);
    for (const level of ['debug', 'info', 'error'] as const) log.write(level, 'usb', level);
    expect(linesOf(path.join(folder, 'window.log'))).toHaveLength(6);
    openFileLog(folder, 'window', versions);
    expect(linesOf(path.join(folder, 'window.log'))).toHaveLength(8);
  });

  it('has one line a message, whatever a board calls itself, and no line without end', () => {
    const folder = path.join(top, 'hostile');
    const log = openFileLog(folder, 'window', {});
    log.write('info', 'usb', 'a\n2026-01-01T00:00:00.000Z [error] forged: line\r\u001b[2J\u2028\u202e %s %o');
    log.write('info', 'usb', 'x'.repeat(1_000_000));
    const lines = linesOf(path.join(folder, 'window.log'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/usb: a \| 2026-01-01T00:00:00\.000Z \[error\] forged: line\[2J %s %o$/);
    expect(lines[1]?.length).toBeLessThan(9_000);
  });

  it('stays small: one file and the one before it', () => {
    const folder = path.join(top, 'full');
    const log = openFileLog(folder, 'window', {});
    const file = path.join(folder, 'window.log');
    for (let round = 0; round < 3; round++) {
      writeFileSync(file, `${'x'.repeat(6 * 1024 * 1024)}\n`);
      openFileLog(folder, 'window', {}).write('info', 'usb', 'after');
    }
    log.write('info', 'usb', 'still');
    expect(readdirSync(folder).sort()).toEqual(['window.log', 'window.old.log']);
    expect(statSync(file).size).toBeLessThan(1024 * 1024);
  });

  it('that cannot be written ends nothing', () => {
    const occupied = path.join(top, 'occupied');
    writeFileSync(occupied, '');
    const log = openFileLog(path.join(occupied, 'logs'), 'window', versions);
    expect(() => {
      log.write('error', 'usb', 'lost');
    }).not.toThrow();
  });
});
