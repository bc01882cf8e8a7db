// Serial ports on real terminals: open, read, write, speeds, and everything that ends a line early.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { startWait, type Wait } from '../../main/base/wait.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import type { SerialLine, SerialPortFacts } from '../../main/transports/serial/serial-line.ts';
import { openSerialPorts, type PortLibrary } from '../../main/transports/serial/serial-port.ts';
import type { OpenPort } from '../../main/transports/serial/serial-port-line.ts';
import { limits } from '../../shared/limits.ts';
import { openPseudoTerminal } from '../support/pseudo-terminal.ts';

const log = { write: () => undefined };
const system = {
  clock: realClock,
  log,
  platform: process.platform === 'darwin' ? 'darwin' : 'linux',
} as const;

function factsOf(port: string): SerialPortFacts {
  return { bus: 'serial', path: port, vendorId: undefined, productId: undefined, portPath: undefined };
}

function within(milliseconds: number, signal?: AbortSignal): Wait {
  return startWait(realClock, milliseconds, signal);
}

async function openAt(port: string, baud = 115_200): Promise<SerialLine> {
  return await openSerialPorts(system).open(factsOf(port), { baud }, within(10_000));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** As an account that is not root, whom no right stops. */
function openAsSomebody(context: TestContext, port: string, proc?: string): Record<string, unknown> {
  const root = process.getuid?.() === 0;
  const run = spawnSync(
    process.execPath,
    ['test/transports/programs/open-port.ts', port, ...(proc === undefined ? [] : [proc])],
    { encoding: 'utf8', timeout: 60_000, ...(root ? { uid: 65_534, gid: 65_534 } : {}) },
  );
  if (run.stdout === '') {
    console.warn(`skipped: nobody else can run it here: ${(run.error?.message ?? run.stderr).slice(0, 200)}`);
    context.skip();
  }
  return JSON.parse(run.stdout) as Record<string, unknown>;
}

describe('a serial port', () => {
  it('carries bytes both ways, unchanged', async (context) => {
    await using terminal = await openPseudoTerminal(context);
    await using line = await openAt(terminal.path);
    await line.write(
      Uint8Array.from('reset dfu\r', (one) => one.charCodeAt(0)),
      within(10_000),
    );
    await terminal.until('reset dfu\r');
    // Neither line ends nor control characters are touched.
    await terminal.tell('send 0d0a0300ff11136368');
    const sent = '\r\n\x03\0\xff\x11\x13ch';
    let read = '';
    while (read.length < sent.length) read += text(await line.read(within(10_000)));
    expect(read).toBe(sent);
  });

  it('reads no more at a time than the limit, and loses nothing', async (context) => {
    await using terminal = await openPseudoTerminal(context);
    await using line = await openAt(terminal.path);
    const sent = 'x'.repeat(limits.serialReadBytes - 500);
    await terminal.tell(`send ${Buffer.from(sent).toString('hex')}`);
    let read = '';
    while (read.length < sent.length) {
      const bytes = await line.read(within(10_000));
      expect(bytes.length).toBeLessThanOrEqual(limits.serialReadBytes);
      read += text(bytes);
    }
    expect(read).toBe(sent);
  });

  it('opens at a speed and changes it', async (context) => {
    if (process.platform !== 'linux') context.skip();
    await using terminal = await openPseudoTerminal(context);
    await using line = await openAt(terminal.path, 1_200);
    // B1200 and B9600 as Linux numbers them.
    expect(await terminal.tell('speed')).toBe('speed 9');
    await line.setBaud(9_600, within(10_000));
    expect(await terminal.tell('speed')).toBe('speed 13');
  });

  it('ends a read by its deadline and by its signal; what comes later is the next read\u2019s', async (context) => {
    await using terminal = await openPseudoTerminal(context);
    await using line = await openAt(terminal.path);
    await expect(line.read(within(50))).rejects.toMatchObject({ code: 'job.timeout' });
    const abort = new AbortController();
    const reading = line.read(within(10_000, abort.signal));
    abort.abort();
    await expect(reading).rejects.toMatchObject({ code: 'job.aborted' });
    await terminal.tell('send 414243');
    expect(text(await line.read(within(10_000)))).toBe('ABC');
  });

  it('says that the port is gone, to whoever reads, writes or comes later', async (context) => {
    await using terminal = await openPseudoTerminal(context);
    await using line = await openAt(terminal.path);
    const reading = line.read(within(10_000));
    const told = expect(reading).rejects.toMatchObject({
      code: 'serial.gone',
      params: { path: terminal.path },
    });
    await terminal.tell('vanish');
    await told;
    await expect(line.read(within(10_000))).rejects.toMatchObject({ code: 'serial.gone' });
    await expect(line.write(Uint8Array.of(1), within(10_000))).rejects.toMatchObject({ code: 'serial.gone' });
    await expect(openAt(terminal.path)).rejects.toMatchObject({ code: 'serial.gone' });
  });

  it('notices by itself that its port went while nobody reads', async (context) => {
    await using terminal = await openPseudoTerminal(context);
    await using line = await openAt(terminal.path);
    await terminal.tell('vanish');
    await new Promise((resolve) => void realClock.after(1_000, () => resolve(undefined)));
    await expect(line.write(Uint8Array.of(1), within(10_000))).rejects.toMatchObject({ code: 'serial.gone' });
  });

  it('is for one at a time, and free again after closing', async (context) => {
    await using terminal = await openPseudoTerminal(context);
    const line = await openAt(terminal.path);
    await expect(openAt(terminal.path)).rejects.toMatchObject({ code: 'serial.busy' });
    await line[Symbol.asyncDispose]();
    await line[Symbol.asyncDispose]();
    await expect(line.read(within(10_000))).rejects.toMatchObject({ code: 'serial.gone' });
    await using again = await openAt(terminal.path);
    expect(again.facts.path).toBe(terminal.path);
  });

  it('names the program that has locked it', async (context) => {
    if (process.platform !== 'linux') context.skip();
    await using terminal = await openPseudoTerminal(context);
    await terminal.tell('lock');
    await expect(openAt(terminal.path)).rejects.toMatchObject({
      code: 'serial.busy',
      params: { path: terminal.path, holder: expect.stringMatching(/^python3?.* \(\d+\)$/) as string },
    });
  });

  it('tells no rights from nobody there', async (context) => {
    if (process.platform !== 'linux') context.skip();
    await using terminal = await openPseudoTerminal(context);
    chmodSync(terminal.path, 0o000);
    expect(openAsSomebody(context, terminal.path)).toEqual({
      code: 'serial.access-denied',
      params: { path: terminal.path, platform: 'linux' },
    });
    expect(openAsSomebody(context, '/dev/pts/no-such')).toMatchObject({ code: 'serial.gone' });
  });

  it('knows ModemManager by what runs, where it cannot see who has the port', async (context) => {
    if (process.platform !== 'linux') context.skip();
    await using terminal = await openPseudoTerminal(context);
    chmodSync(terminal.path, 0o666);
    expect(openAsSomebody(context, terminal.path)).toEqual({ code: 'opened' });
    await terminal.tell('exclusive');
    const proc = mkdtempSync(path.join(tmpdir(), 'rekindle-proc-'));
    mkdirSync(path.join(proc, '812'));
    writeFileSync(path.join(proc, '812', 'comm'), 'bluetoothd\n');
    chmodSync(proc, 0o755);
    expect(openAsSomebody(context, terminal.path, proc)).toEqual({
      code: 'serial.busy',
      params: { path: terminal.path },
    });
    writeFileSync(path.join(proc, '812', 'comm'), 'ModemManager\n');
    expect(openAsSomebody(context, terminal.path, proc)).toEqual({
      code: 'serial.busy',
      params: { path: terminal.path, modemManager: true },
    });
    mkdirSync(path.join(proc, '812', 'fd'));
    symlinkSync(terminal.path, path.join(proc, '812', 'fd', '9'));
    expect(openAsSomebody(context, terminal.path, proc)).toEqual({
      code: 'serial.busy',
      params: { path: terminal.path, holder: 'ModemManager (812)', modemManager: true },
    });
  });
});

describe('a system that does not answer', () => {
  const clock = new SimulatedClock();
  const never = new Promise<never>(() => undefined);

  function portsOver(library: Partial<PortLibrary>) {
    const whole = { list: () => never, open: () => never, ...library };
    return openSerialPorts({ ...system, clock, load: () => Promise.resolve(whole) });
  }

  function stuckPort(closed: () => void): OpenPort {
    return {
      read: () => never,
      write: () => never,
      drain: () => never,
      update: () => never,
      set: () => never,
      close: () => {
        closed();
        return never;
      },
    };
  }

  it('keeps nobody longer than allowed at opening, and what opens too late is closed', async () => {
    let settle: (port: OpenPort) => void = () => undefined;
    const opening = new Promise<OpenPort>((resolve) => (settle = resolve));
    let closed = 0;
    const ports = portsOver({ open: () => opening });
    await expect(
      ports.open(factsOf('/dev/tty'), { baud: 9_600 }, startWait(clock, 3_000)),
    ).rejects.toMatchObject({ code: 'job.timeout' });
    settle(stuckPort(() => closed++));
    await opening;
    await Promise.resolve();
    expect(closed).toBe(1);
  });

  it('keeps nobody longer than allowed at writing and closing, and sends nothing into half a write', async () => {
    let closed = 0;
    let writes = 0;
    const port = {
      ...stuckPort(() => closed++),
      write: () => {
        writes++;
        return never;
      },
    };
    const ports = portsOver({ open: () => Promise.resolve(port) });
    const line = await ports.open(factsOf('/dev/tty'), { baud: 9_600 }, startWait(clock, 3_000));
    await expect(line.write(Uint8Array.of(1), startWait(clock, 1_000))).rejects.toMatchObject({
      code: 'job.timeout',
    });
    await expect(line.write(Uint8Array.of(2), startWait(clock, 1_000))).rejects.toMatchObject({
      code: 'serial.failed',
    });
    expect(writes).toBe(1);
    await line[Symbol.asyncDispose]();
    expect(closed).toBe(1);
  });

  it('says what is missing where the library cannot be loaded, and only when it is needed', async () => {
    const ports = openSerialPorts({
      ...system,
      load: () => Promise.reject(new Error('no native build for this system')),
    });
    await expect(ports.open(factsOf('/dev/tty'), { baud: 9_600 }, within(1_000))).rejects.toMatchObject({
      code: 'serial.library-missing',
      params: { detail: 'no native build for this system' },
    });
  });
});
