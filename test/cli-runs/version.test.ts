// "rekindle version", and the line about a newer release at the end of something else, as the built program says them.
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { cliEventSchema } from '../../shared/cli-events.ts';
import { ExitCode } from '../../shared/result.ts';
import { releasedProgram, type ReleasedProgram } from '../support/released-program.ts';
import { needsTool } from '../support/tools.ts';

let program: ReleasedProgram;
beforeEach(async () => {
  program = await releasedProgram();
});
afterEach(() => program[Symbol.asyncDispose]());

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(command: string, args: readonly string[]): Promise<Ran> {
  const child = spawn(command, args, { env: program.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, stdout, stderr })));
}

const run = (...args: string[]): Promise<Ran> => start(process.execPath, [program.file('cli.js'), ...args]);

/** The same at a terminal, where both outputs are one. */
async function atTerminal(context: TestContext, ...args: string[]): Promise<string> {
  if (process.platform === 'win32') context.skip();
  needsTool(context, 'python3');
  const line = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
  const { stdout } = await start('python3', ['-c', line, process.execPath, program.file('cli.js'), ...args]);
  return stdout.replaceAll('\r\n', '\n');
}

const json = ({ stdout }: Ran): Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => v.parse(cliEventSchema, JSON.parse(line)) as Record<string, unknown>);

const told = 'Rekindle 1.4.0 is available: https://github.com/acme/rekindle/releases\n';

describe('rekindle version', () => {
  it('asks nobody but with --check, and tells from then on what it heard', async () => {
    program.place.publish('1.4.0');
    const before = await run('version');
    expect(before).toMatchObject({ status: ExitCode.done, stderr: '' });
    expect(before.stdout).toMatch(
      /^rekindle \d+\.\d+\.\d+\nNobody has looked yet\.\n"rekindle version --check" does\.\n$/,
    );
    expect(program.tunnels).toEqual([]);

    const checked = await run('version', '--check');
    expect(checked.status).toBe(ExitCode.done);
    expect(checked.stdout).toContain(told);
    expect(checked.stdout).toContain('\nWhat is new in 1.4.0.\n');
    expect(new Set(program.tunnels)).toEqual(new Set(['github.com:443']));

    const { length } = program.tunnels;
    expect((await run('version')).stdout).toContain(told);
    expect(json(await run('version', '--json'))).toMatchObject([
      { event: 'version', newer: { version: '1.4.0' }, page: 'https://github.com/acme/rekindle/releases' },
    ]);
    expect(program.tunnels).toHaveLength(length);
  });

  it('says what stands against it', async () => {
    program.server.on('/acme/rekindle/releases/latest/download/rekindle-release.json', '{}');
    const unsigned = await run('version', '--check');
    expect(unsigned).toMatchObject({ status: ExitCode.refused, stdout: '' });
    expect(unsigned.stderr).toContain('should be signed, and no signature is there');
    await program.server[Symbol.asyncDispose]();
    expect(json(await run('version', '--check', '--json'))).toMatchObject([
      { event: 'error', code: 'update.offline' },
    ]);
    writeFileSync(path.join(program.data, 'settings.json'), '{"releaseLooks":"never"}');
    const off = await run('version', '--check');
    expect(off.status).toBe(ExitCode.refused);
    expect(off.stderr).toContain('that is switched off in the settings');
    expect((await run('version')).stdout).toContain('that is switched off in the settings');
  });

  it('is older than nothing that is not newer', async () => {
    program.place.publish('0.0.1');
    expect((await run('version', '--check')).stdout).toMatch(/There was no newer one on \d{4}-/);
  });
});

describe('the line at the end of something else', () => {
  it('is there for a person at a terminal, once a day, and nowhere else', async (context) => {
    program.place.publish('1.4.0');
    expect(await atTerminal(context, 'profiles')).not.toContain('1.4.0');
    await run('version', '--check');
    const { length } = program.tunnels;
    expect(await run('profiles')).toMatchObject({ stderr: '' });
    expect(await atTerminal(context, 'profiles', '--json')).not.toContain('1.4.0');
    expect(await atTerminal(context, 'profiles')).toMatch(new RegExp(`${told}$`));
    expect(await atTerminal(context, 'profiles')).not.toContain('1.4.0');
    const mark = path.join(program.data, 'updates', 'release-told');
    expect(existsSync(mark)).toBe(true);
    rmSync(mark);
    expect(await atTerminal(context, 'profiles')).toContain(told);
    rmSync(mark);
    writeFileSync(path.join(program.data, 'settings.json'), '{"releaseLooks":"never"}');
    expect(await atTerminal(context, 'profiles')).not.toContain('1.4.0');
    expect(program.tunnels).toHaveLength(length);
  });
});
