// The very script that runs as root, run here in a folder of its own with a udevadm that only takes notes.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findRule, ruleName, ruleText } from '../../main/rights/rule.ts';
import { buildScript, rightsScript, scriptExit, scriptGreeting } from '../../main/rights/script.ts';

const system = '/usr/sbin:/usr/bin:/sbin:/bin';
let root: string;
let folder: string;
let file: string;
let notes: string;

function run(args: readonly string[], script = buildScript({ folder, path: `${root}/bin:${system}` })) {
  // An environment and a working folder that an attacker chose.
  const env = { PATH: `${root}/evil`, IFS: 'e', ENV: `${root}/evil/env`, BASH_ENV: `${root}/evil/env` };
  const ended = spawnSync('/bin/sh', ['-c', script, 'rekindle-rights', ...args], {
    env,
    cwd: root,
    encoding: 'utf8',
  });
  return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

function tool(place: string, name: string, text: string): void {
  mkdirSync(path.join(root, place), { recursive: true });
  writeFileSync(path.join(root, place, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'rekindle-rights-'));
  folder = path.join(root, 'etc', 'udev', 'rules.d');
  file = path.join(folder, ruleName);
  notes = path.join(root, 'notes');
  mkdirSync(path.dirname(folder), { recursive: true });
  writeFileSync(notes, '');
  tool('bin', 'udevadm', `echo "$*" >>${notes}`);
  for (const name of ['mktemp', 'cat', 'mv', 'rm', 'udevadm', 'grep'])
    tool('evil', name, `touch ${root}/was-evil`);
});

describe.skipIf(process.platform === 'win32')('the script that runs as root', () => {
  it('installs the rule to the letter, tells udev, and leaves nothing else', () => {
    expect(run(['install'])).toEqual({ code: 0, stdout: `${scriptGreeting}\n`, stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe(ruleText);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder)).toEqual([ruleName]);
    const told = readFileSync(notes, 'utf8').trim().split('\n');
    expect(told[0]).toBe('control --reload');
    expect(told.at(-1)).toBe('trigger --subsystem-match=tty --property-match=ID_BUS=usb');
    expect(told.slice(1, -1).every((line) => line.startsWith('trigger --settle --subsystem-match=usb'))).toBe(
      true,
    );
    expect(existsSync(path.join(root, 'was-evil'))).toBe(false);
  });

  it('replaces an older rule of ours, and removes it again, however often it is asked', () => {
    mkdirSync(folder);
    writeFileSync(file, 'LABEL="rekindle_end"\n');
    expect(run(['install']).code).toBe(0);
    expect(run(['install']).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(ruleText);
    expect(run(['remove']).code).toBe(0);
    expect(run(['remove']).code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    [[]],
    [['install', 'remove']],
    [['']],
    [['INSTALL']],
    [['install\n']],
    [['$(touch was-evil)']],
    [['-e']],
  ])('does nothing for the arguments %j', (args) => {
    expect(run(args).code).toBe(scriptExit.usage);
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(path.join(root, 'was-evil'))).toBe(false);
  });

  it.each(['install', 'remove'])('never follows a link at %s', (verb) => {
    mkdirSync(folder);
    const victim = path.join(root, 'victim');
    writeFileSync(victim, 'rekindle_end, precious');
    symlinkSync(victim, file);
    expect(run([verb]).code).toBe(scriptExit.notOurs);
    expect(readFileSync(victim, 'utf8')).toBe('rekindle_end, precious');
    expect(existsSync(file)).toBe(true);
  });

  it.each(['install', 'remove'])('leaves alone what is not ours at %s: a rule, a folder, a mask', (verb) => {
    mkdirSync(folder);
    writeFileSync(file, 'SUBSYSTEM=="usb", MODE="0600"\n');
    expect(run([verb]).code).toBe(scriptExit.notOurs);
    expect(readFileSync(file, 'utf8')).toContain('0600');
    spawnSync('rm', [file]);
    mkdirSync(file);
    expect(run([verb]).code).toBe(scriptExit.notOurs);
    spawnSync('rmdir', [file]);
    symlinkSync('/dev/null', file);
    expect(run([verb]).code).toBe(scriptExit.notOurs);
  });

  it('says so when udev does not take it up, and when there is none', () => {
    tool('bin', 'udevadm', 'exit 1');
    expect(run(['install']).code).toBe(scriptExit.notApplied);
    expect(readFileSync(file, 'utf8')).toBe(ruleText);
    const nowhere = buildScript({ folder: `${root}/no/udev/rules.d`, path: system });
    expect(run(['install'], nowhere).code).toBe(scriptExit.noUdev);
  });

  it('helps itself with an older udevadm that cannot wait for its own events', () => {
    tool('bin', 'udevadm', `echo "$*" >>${notes}; case $* in *--settle*) exit 1 ;; esac`);
    expect(run(['install']).code).toBe(0);
    expect(readFileSync(notes, 'utf8')).toContain('settle --timeout=10');
  });

  it('keeps the old rule when the disk is full, and leaves no crumbs', () => {
    mkdirSync(folder);
    const old = 'LABEL="rekindle_end"\n';
    writeFileSync(file, old);
    for (const failing of ['cat', 'sync', 'mv', 'mktemp']) {
      tool('bin', failing, 'echo "No space left on device" >&2; exit 1');
      const { code, stderr } = run(['install']);
      expect([code, stderr.includes('No space left')]).toEqual([scriptExit.cannotWrite, true]);
      expect(readFileSync(file, 'utf8')).toBe(old);
      expect(readdirSync(folder)).toEqual([ruleName]);
      spawnSync('rm', [path.join(root, 'bin', failing)]);
    }
  });

  it('is fixed: to the real folder, to root-owned tools, to the rule we ship', () => {
    expect(rightsScript).toContain('folder=/etc/udev/rules.d\n');
    expect(rightsScript).toContain('PATH=/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin;');
    expect(ruleText).toBe(readFileSync(`assets/udev/${ruleName}`, 'utf8'));
    // The rule is quoted by its last line here, and in single quotes in the command to copy (fish minds backslashes).
    expect(ruleText).not.toMatch(/REKINDLE_RULE|\\|'/);
    // One argument of a program may not be longer (MAX_ARG_STRLEN).
    expect(rightsScript.length).toBeLessThan(128 * 1024);
  });
});

describe.skipIf(process.platform === 'win32')('looking for the rule', () => {
  const elsewhere = (): string => path.join(root, 'lib');

  it('tells its states apart', async () => {
    const state = async () => (await findRule([folder, elsewhere()])).state;
    expect(await state()).toBe('absent');
    mkdirSync(folder);
    mkdirSync(elsewhere());
    writeFileSync(path.join(elsewhere(), ruleName), ruleText);
    expect(await findRule([folder, elsewhere()])).toEqual({
      state: 'current',
      file: path.join(elsewhere(), ruleName),
      text: undefined,
    });
    // The administrator's folder wins.
    writeFileSync(file, `${ruleText}# mine\n`);
    expect(await findRule([folder, elsewhere()])).toMatchObject({
      state: 'outdated',
      file,
      text: `${ruleText}# mine\n`,
    });
    writeFileSync(file, 'MODE="0600"');
    expect(await state()).toBe('foreign');
    writeFileSync(file, '');
    expect(await state()).toBe('switched-off');
    spawnSync('rm', [file]);
    symlinkSync('/dev/null', file);
    expect(await state()).toBe('switched-off');
    spawnSync('rm', [file]);
    mkdirSync(file);
    expect(await state()).toBe('unreadable');
    spawnSync('rmdir', [file]);
    writeFileSync(file, 'x'.repeat(70_000));
    expect(await state()).toBe('foreign');
  });
});
