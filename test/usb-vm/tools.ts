import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A program of the system's that is missing or did not do its work; the message names it. */
export class ToolError extends Error {}

/** What the machine is made with, and the Debian package each comes in. */
const tools = [
  ['/usr/bin/qemu-system-x86_64', 'qemu-system-x86'],
  ['/bin/busybox', 'busybox-static'],
  ['/lib/systemd/systemd-udevd', 'udev'],
  ['/usr/sbin/modprobe', 'kmod'],
  ['/usr/bin/cpio', 'cpio'],
  ['/usr/bin/dfu-util', 'dfu-util'],
  ['/usr/bin/apt-get', 'apt'],
  ['/usr/bin/dpkg-deb', 'dpkg'],
  ['/usr/bin/setpriv', 'util-linux'],
] as const;

/** Debian packages without which there is no guest. */
export function missingTools(): string[] {
  return tools.filter(([path]) => !existsSync(path)).map(([, name]) => name);
}

const limitMs = 300_000;

/**
 * Runs a program to its end; resolves with what it printed.
 * @throws ToolError with its last words when it fails, or takes longer than five minutes
 */
export function runTool(file: string, args: readonly string[], cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs });
    let printed = '';
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on(
      'data',
      (chunk: Buffer) => (complaints = `${complaints}${chunk.toString()}`.slice(-2000)),
    );
    child.on('error', (error) => reject(new ToolError(`${file}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(printed);
      else
        reject(
          new ToolError(
            `${file} ${args.join(' ')}: ${signal ?? `status ${code ?? '?'}`}: ${complaints.trim()}`,
          ),
        );
    });
  });
}
