// "rekindle profiles" as the built program says it, over a folder with a good and a bad file in it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { cliEventSchema } from '../../shared/cli-events.ts';
import { ExitCode } from '../../shared/result.ts';
import { written } from '../support/profiles.ts';

const data = mkdtempSync(path.join(tmpdir(), 'rekindle-profiles-run-'));
const folder = path.join(data, 'profiles');
mkdirSync(folder);
const good = path.join(folder, 'acme-rocket.json');
const bad = path.join(folder, 'bad.json');
writeFileSync(good, JSON.stringify(written));
writeFileSync(bad, JSON.stringify({ ...written, modes: [{ kind: 'flash', ids: ['0483'], source: 'x' }] }));

function run(...args: string[]) {
  const env = { ...process.env, REKINDLE_DATA: data };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...args], {
    env,
    encoding: 'utf8',
  });
  const lines = args.includes('--json')
    ? stdout
        .trim()
        .split('\n')
        .map((line) => v.parse(cliEventSchema, JSON.parse(line)) as Record<string, unknown>)
    : [];
  return { status, stdout, stderr, lines };
}

describe('rekindle profiles', () => {
  it('lists what is known, finds by words, and says what it passed over', () => {
    const all = run('profiles');
    expect(all.status).toBe(ExitCode.done);
    expect(all.stdout).toMatch(/^acme-rocket +Rocket \(Acme\): flashed here, whole$/m);
    expect(all.stdout).toMatch(/^ {2}bad\.json\n {4}modes\[0\]\.ids\[0\]: it must be written as vendor/m);
    const found = run('profiles', 'list', 'PYCOM', '2x', '--json').lines[0] as {
      profiles: { id: string }[];
      problems: { file: string }[];
    };
    expect(found.profiles.map((one) => one.id)).toEqual(['pycom-pysense-2x', 'pycom-pytrack-2x']);
    expect(found.problems.map((one) => one.file)).toEqual(['bad.json']);
    expect(run('profiles', 'list', 'no such board').stdout).toContain('No board we know fits that.');
  });

  it('shows one, with what can be done and what must not', () => {
    const tracker = run('profiles', 'show', 'particle-tracker').stdout;
    expect(tracker).toContain('known by name only');
    expect(tracker).toContain('Never written: 000f4000 to 000fffff of alternate 0: the bootloader.');
    expect(run('profiles', 'show', 'particle-tracker', '--json').lines[0]).toMatchObject({
      event: 'profile',
      profile: { id: 'particle-tracker', support: 'named' },
    });
    expect(run('profiles', 'show', 'nothing').status).toBe(ExitCode.usage);
  });

  it('says of every file whether it is valid', () => {
    const both = run('profiles', 'validate', good, bad, '--json');
    expect(both.status).toBe(ExitCode.badFile);
    expect(both.lines).toMatchObject([
      { event: 'validated', file: good, valid: true, problems: [] },
      {
        event: 'validated',
        file: bad,
        valid: false,
        problems: [{ code: 'wrong-form', path: 'modes[0].ids[0]' }],
      },
    ]);
    expect(run('profiles', 'validate', good).status).toBe(ExitCode.done);
    expect(run('profiles', 'validate', path.join(data, 'none.json')).stdout).toContain('ENOENT');
    expect(run('profiles', 'validate').status).toBe(ExitCode.usage);
  });

  it('lets every other command go on, with a word', () => {
    const list = run('devices', '--bench', 'nanovna-h', '--json');
    expect(list.status).toBe(ExitCode.done);
    expect(list.stderr).toContain('One profile of yours is not used');
  });
});
