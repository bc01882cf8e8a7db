import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AgentLink } from './agent-link.ts';
import { bundleForGuest } from './bundle.ts';
import { prepareMachine, type GuestUnavailable } from './machine.ts';
import type { AgentCommands, PresentDevice } from './messages.ts';
import { startProgram, type GuestProgram, type RunOptions, type RunResult } from './program.ts';
import { bootQemu, type Qemu } from './qemu.ts';

export interface GuestOptions {
  /** Over this the guest is killed, whatever goes on; 360 s when not given. */
  readonly limitSeconds?: number;
  readonly memoryMiB?: number;
  /** A disk (disk.ts) that becomes /dev/vda. */
  readonly diskPort?: number;
}

/** A booted Linux with a USB stack of its own. Programs see the host's files, and change only their own copy. */
export interface Guest extends AsyncDisposable {
  readonly available: true;
  readonly kernelVersion: string;
  /** From starting QEMU to the agent's first answer, on the host's clock. */
  readonly bootMs: number;
  /** Path of Node and of the repository, the same inside as outside. */
  readonly node: string;
  readonly repository: string;
  /** Runs a program to its end. Rejects only when it cannot be started or the guest is gone. */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts a program and goes on. */
  start(argv: readonly string[], options?: RunOptions): GuestProgram;
  /** Plugs a USB/IP device of the host into a port of high speed, as vhci_hcd counts them; `linkBench` does it for a whole bench. */
  attach(device: AgentCommands['attach']['takes']): Promise<void>;
  /** Pulls it on the guest's side. */
  detach(vhciPort: number): Promise<void>;
  /** Waits until the port's last device is forgotten. */
  waitFree(vhciPort: number, limitMs?: number): Promise<void>;
  /** Waits until the port's device is configured and udev's rules have run for it. */
  waitPresent(vhciPort: number, limitMs?: number): Promise<PresentDevice>;
  /** Waits until udev has worked off its queue. */
  settle(): Promise<void>;
  readFile(path: string): Promise<Uint8Array>;
  /** Makes folders as needed; mode 0644 when not given. */
  writeFile(path: string, bytes: Uint8Array | string, mode?: number): Promise<void>;
  /**
   * Puts a file into /run/udev/rules.d and applies it to what is plugged in; without text takes it away, which
   * holds for boards plugged in from then on (udev leaves a group as it is when no rule names one).
   */
  setUdevRules(name: string, text: string | undefined): Promise<void>;
  time(): Promise<AgentCommands['time']['gives']>;
  /** The guest's console so far: kernel, start scripts, the agent's complaints. */
  console(): string;
  /** The power fails: nothing more leaves the guest. Resolves when it is gone. Close it afterwards. */
  cutPower(): Promise<void>;
  /** Ends the guest; never rejects, and may be called twice. */
  close(): Promise<void>;
}

const bootLimitMs = 90_000;
const repository = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/**
 * Boots a guest. Where that cannot be, the answer says why (`available: false`).
 * @throws Error with the guest's last words when it does not come up
 */
export async function startGuest(options: GuestOptions = {}): Promise<Guest | GuestUnavailable> {
  const machine = await prepareMachine();
  if (!machine.available) return machine;
  // Under the host's root, which the guest sees; closed to other users for the token's sake.
  const folder = mkdtempSync(join(tmpdir(), 'rekindle-usb-vm-'));
  const link = new AgentLink();
  let qemu: Qemu | undefined;
  try {
    const node = realpathSync(join(repository, 'node_modules', '.bin', 'node'));
    const agent = join(folder, 'agent.cjs');
    writeFileSync(agent, await bundleForGuest(fileURLToPath(new URL('agent/main.ts', import.meta.url))));
    const configuration = join(folder, 'agent.json');
    writeFileSync(configuration, JSON.stringify(await link.listen()), { mode: 0o600 });
    const logPath = join(folder, 'console.log');
    const started = performance.now();
    qemu = bootQemu({
      machine,
      memoryMiB: options.memoryMiB ?? 2048,
      limitSeconds: options.limitSeconds ?? 360,
      words: [`rekindle.node=${node}`, `rekindle.agent=${agent}`, `rekindle.config=${configuration}`],
      diskPort: options.diskPort,
      logPath,
    });
    void qemu.ended.then((reason) => link.close(reason));
    await cameUp(link, qemu);
    const { kernel } = await link.ask('hello', { repository }).answer;
    const facts = { kernelVersion: kernel, bootMs: performance.now() - started, node, repository };
    return describeGuest(facts, link, qemu, folder);
  } catch (error) {
    const words = lastWords(join(folder, 'console.log'));
    link.close('the guest did not come up');
    qemu?.kill();
    await qemu?.ended;
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`the guest did not come up: ${String(error)}\n${words}`, { cause: error });
  }
}

/**
 * A fresh udevd rather than `udevadm control --reload`: after that, about one boot in thirty handled the next
 * events by the old rules. `--settle` waits for these very events; the queue alone may look empty before they
 * have reached it.
 */
const applyRules = `
  udevadm control --exit
  while busybox pidof systemd-udevd >/dev/null; do busybox sleep 0.05; done
  /lib/systemd/systemd-udevd --daemon
  udevadm trigger --settle --subsystem-match=usb --action=add`;

function describeGuest(
  facts: Pick<Guest, 'kernelVersion' | 'bootMs' | 'node' | 'repository'>,
  link: AgentLink,
  qemu: Qemu,
  folder: string,
): Guest {
  const logPath = join(folder, 'console.log');
  const run = (argv: readonly string[], options?: RunOptions): Promise<RunResult> =>
    startProgram(link, argv, options).ended;
  const settle = (): Promise<void> => link.ask('settle', null).answer;
  const writeFile: Guest['writeFile'] = async (path, bytes, mode = 0o644) => {
    await link.ask('writeFile', { path, base64: Buffer.from(bytes).toString('base64'), mode }).answer;
  };
  const close = async (): Promise<void> => {
    link.close('the guest was closed');
    qemu.kill();
    await qemu.ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    available: true,
    ...facts,
    run,
    start: (argv, options) => startProgram(link, argv, options),
    attach: (device) => link.ask('attach', device).answer,
    detach: (vhciPort) => link.ask('detach', { vhciPort }).answer,
    waitFree: (vhciPort, limitMs = 15_000) => link.ask('waitFree', { vhciPort, limitMs }).answer,
    waitPresent: (vhciPort, limitMs = 15_000) => link.ask('waitPresent', { vhciPort, limitMs }).answer,
    settle,
    readFile: async (path) => Buffer.from((await link.ask('readFile', { path }).answer).base64, 'base64'),
    writeFile,
    async setUdevRules(name, text) {
      const path = `/run/udev/rules.d/${name}`;
      if (text === undefined) await run(['rm', '-f', path]);
      else await writeFile(path, text);
      await run(['sh', '-c', applyRules]);
    },
    time: () => link.ask('time', null).answer,
    console: () => readFileSync(logPath, 'utf8'),
    cutPower: async () => {
      qemu.cut();
      await qemu.ended;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function cameUp(link: AgentLink, qemu: Qemu): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no agent after ${bootLimitMs} ms`)), bootLimitMs);
  });
  const died = qemu.ended.then((reason) => {
    throw new Error(reason);
  });
  died.catch(() => undefined);
  try {
    await Promise.race([link.connected, died, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

function lastWords(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(-30).join('\n');
  } catch {
    return '';
  }
}
