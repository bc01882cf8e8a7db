import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import type { Machine } from './machine.ts';

/** A running QEMU. */
export interface Qemu {
  /** Resolves when it is gone, with the reason in words. */
  readonly ended: Promise<string>;
  kill(): void;
  /** SIGKILL at once: it writes nothing more, and says goodbye to nobody. */
  cut(): void;
}

export interface QemuOptions {
  readonly machine: Machine;
  readonly memoryMiB: number;
  readonly limitSeconds: number;
  /** Appended to the kernel's command line. */
  readonly words: readonly string[];
  /** NBD port of 127.0.0.1 that becomes /dev/vda. */
  readonly diskPort: number | undefined;
  /** Gets the guest's console. */
  readonly logPath: string;
}

/** QEMU ends within a few hundredths of a second when told to. */
const graceMs = 2_000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Boots the machine: software emulation on one thread (under several, Node was seen to crash), the host's root
 * read-only over 9p, user-mode networking in which the guest sees the host's loopback as 10.0.2.2.
 *
 * It dies with us: by `kill`, by our exit, by the limit even when nobody is left to kill it (`timeout`), and by
 * our own violent death (`setpriv --pdeathsig`, once for `timeout` and once for QEMU).
 */
export function bootQemu(options: QemuOptions): Qemu {
  const { machine } = options;
  const console = openSync(options.logPath, 'w');
  const dieWithParent = ['setpriv', '--pdeathsig', 'KILL'];
  const argv = [
    ...dieWithParent,
    ...['timeout', '--signal=KILL', String(options.limitSeconds)],
    ...dieWithParent,
    'qemu-system-x86_64',
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-accel', 'tcg,thread=single', '-cpu', 'max', '-smp', '1', '-m', String(options.memoryMiB)],
    ...['-kernel', machine.kernel, '-initrd', machine.initrd, '-append', kernelWords(options.words)],
    ...['-serial', 'stdio'],
    ...['-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile='],
    ...diskOf(options.diskPort),
    '-virtfs',
    'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap',
  ];
  const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', console, console] });
  closeSync(console);
  running.add(child);
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => {
      running.delete(child);
      resolve(`QEMU ended with ${signal ?? `status ${code ?? '?'}`}`);
    });
  });
  return {
    ended,
    kill() {
      // `timeout` passes it on and takes QEMU's end; killed itself, it would leave QEMU for others to bury.
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
    },
    // `timeout` dies first, and QEMU of its death.
    cut: () => void child.kill('SIGKILL'),
  };
}

/** QEMU holds nothing back itself, and hands the guest's flushes on; what is lost without one, the disk decides. */
function diskOf(port: number | undefined): string[] {
  if (port === undefined) return [];
  return ['-drive', `file=nbd:127.0.0.1:${port},format=raw,if=virtio,cache=writeback`];
}

function kernelWords(more: readonly string[]): string {
  return [
    'console=ttyS0',
    'quiet',
    'loglevel=1',
    'mitigations=off',
    'panic=-1',
    'tsc=unstable',
    ...more,
  ].join(' ');
}
