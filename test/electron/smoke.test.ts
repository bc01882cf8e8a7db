// The real program, where there is one: REKINDLE_PROGRAM names a packaged one; otherwise Electron's own binary, if it was fetched.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { ExitCode } from '../../shared/result.ts';

const data = mkdtempSync(path.join(tmpdir(), 'rekindle-smoke-'));
afterAll(() => rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

const program = findProgram();
const env = { ...process.env, REKINDLE_DATA: data };

/** @returns what to start, and what stands before our own arguments; undefined where there is no binary */
function findProgram(): { file: string; before: string[] } | undefined {
  // Chromium does not run as root inside its sandbox.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const packaged = process.env['REKINDLE_PROGRAM'];
  if (packaged !== undefined && packaged !== '') return { file: path.resolve(packaged), before: asRoot };
  const pathFile = 'node_modules/electron/path.txt';
  if (!existsSync(pathFile)) return undefined;
  const file = path.resolve('node_modules/electron/dist', readFileSync(pathFile, 'utf8'));
  return existsSync(file) ? { file, before: ['.', ...asRoot] } : undefined;
}

const noProgram =
  program === undefined ? "Electron's binary is not here (npx install-electron fetches it)" : undefined;
const noDisplay =
  process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']
    ? 'there is no display'
    : undefined;
if (noProgram !== undefined) console.warn(`skipped: ${noProgram}`);
else if (noDisplay !== undefined) console.warn(`skipped: the window, as ${noDisplay}`);

function runCli(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { file, before } = program ?? { file: '', before: [] };
  // No display is needed, and none may be used.
  const { DISPLAY: _x11, WAYLAND_DISPLAY: _wayland, ...without } = env as NodeJS.ProcessEnv;
  return spawnSync(file, [...before, 'cli', ...args], { encoding: 'utf8', env: without, timeout: 60_000 });
}

describe.skipIf(noProgram !== undefined)('the command line of the real program', () => {
  it('answers without a window', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(runCli('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
    expect(runCli('nonsense').status).toBe(ExitCode.usage);
  });

  it('has libusb, whether there is a board or not', () => {
    const { status, stdout, stderr } = runCli('devices', '--json');
    expect(stdout + stderr).not.toContain('usb.library-missing');
    expect([ExitCode.done, ExitCode.noDevice], stdout).toContain(status);
  });

  it.skipIf(process.platform !== 'win32' || !process.env['REKINDLE_PROGRAM'])(
    'is waited for by its batch file',
    () => {
      const batch = path.join(path.dirname(program?.file ?? ''), 'bin', 'rekindle.cmd');
      const { status, stdout } = spawnSync('cmd.exe', ['/d', '/c', batch, '--version'], {
        encoding: 'utf8',
        env,
      });
      expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
      expect(status).toBe(0);
    },
  );

  it('flashes a virtual board', () => {
    const { status, stdout } = runCli('demo', '--json');
    expect(stdout).toContain('verified-and-running');
    expect(status).toBe(0);
  });
});

describe.skipIf(noProgram !== undefined || noDisplay !== undefined)('the window of the real program', () => {
  let child: ChildProcess | undefined;
  afterEach(() => {
    child?.kill('SIGKILL');
  });

  it('opens its page, gives it its port, and ends when asked to', async () => {
    const { file, before } = program ?? { file: '', before: [] };
    child = spawn(file, before, { env, stdio: 'inherit' });
    const ended = new Promise<void>((resolve) => child?.once('exit', () => resolve()));
    const log = path.join(data, 'logs', 'window.log');
    await vi.waitFor(
      () => {
        const text = readFileSync(log, 'utf8');
        expect(text).toContain('window: the page has its port');
        expect(text).toContain('window: open');
      },
      { timeout: 60_000, interval: 250 },
    );
    expect(readFileSync(log, 'utf8')).toMatch(/Electron \d+/);
    expect(readFileSync(log, 'utf8')).not.toMatch(/Z error /);
    child.kill('SIGTERM');
    await ended;
  }, 90_000);
});
