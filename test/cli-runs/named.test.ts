// A board known by name only, on the built command line: nothing starts on it, and who insists reads what can go wrong.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { ExitCode } from '../../shared/result.ts';
import { profileNamed } from '../support/family-boards.ts';
import { written } from '../support/profiles.ts';
import { program } from '../support/rig.ts';

const data = mkdtempSync(path.join(tmpdir(), 'rekindle-named-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));
mkdirSync(path.join(data, 'profiles'));
/** What is said of a real one, of a virtual board: none of these is known by name only. */
const { dangers, today = '' } = profileNamed('particle-tracker');
writeFileSync(
  path.join(data, 'profiles', 'acme-rocket.json'),
  JSON.stringify({
    ...written,
    support: 'named',
    today,
    dangers,
    ways: [],
    modes: [{ kind: 'flash', ids: ['1209:0001'], source: 'the virtual bench' }],
  }),
);
const file = path.join(data, 'firmware.dfu');
const ids = { vendorId: 0x1209, productId: 0x0001, bcdDevice: 0xffff };
writeFileSync(file, addDfuSuffix(program(4096), ids, 0x0100));

function rekindle(...args: readonly string[]) {
  const what = ['dist/cli.js', ...args, '--bench', 'plain-dfu', '--time-scale', '0'];
  const env = { ...process.env, REKINDLE_DATA: data };
  const { status, stdout } = spawnSync(process.execPath, what, { env, encoding: 'utf8' });
  return { status, stdout };
}

it.each([
  ['flash', ['flash', file, '--yes']],
  ['backup', ['backup', path.join(data, 'refused.dfu')]],
  ['leave', ['leave']],
])('%s is refused, with what can be done today', (_name, args) => {
  const { status, stdout } = rekindle(...args);
  expect(status).toBe(ExitCode.refused);
  expect(stdout).toContain('Rekindle knows Rocket by name only, and does not touch it.');
  expect(stdout).toContain(today);
  expect(stdout).toContain('--allow unsupported-board');
});

it.each([
  ['flash', ['flash', file, '--yes', '--no-backup'], 'If you unplug now'],
  ['backup', ['backup', path.join(data, 'allowed.dfu')], '+ Identified'],
])('%s with --allow unsupported-board says every danger before it does anything', (_name, args, begun) => {
  const { status, stdout } = rekindle(...args, '--allow', 'unsupported-board');
  expect(status).toBe(ExitCode.done);
  const said = stdout.indexOf('! Rekindle knows Rocket by name only.');
  expect(said).toBeGreaterThan(-1);
  const [line = ''] = stdout.slice(said).split('\n');
  expect(dangers.length).toBeGreaterThan(1);
  for (const danger of [today, ...dangers]) expect(line).toContain(danger);
  expect(stdout.indexOf(begun)).toBeGreaterThan(said);
});
