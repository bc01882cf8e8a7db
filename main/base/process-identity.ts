// Which process this is, so that a later one can tell whether it still runs.
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Marks of a process; a number alone is given to another one soon. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the kernel counts; empty on systems that do not tell. */
  readonly started: string;
  /** How long the computer had been up then, s. A wall clock may be set back, this is not. */
  readonly uptimeSeconds: number;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid), uptimeSeconds: uptime() };
}

/**
 * Whether that process still runs. Where the system does not tell when processes start, one that got the number of
 * another since the computer started is taken for it: better to leave a job alone than to take it from a live process.
 */
export function isRunning({ pid, started, uptimeSeconds }: ProcessIdentity): boolean {
  // The computer was started since.
  if (uptime() < uptimeSeconds) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return started === '' || started === startOf(pid);
}

/** The boot and the kernel's start time of a process; empty on systems that do not tell. */
export function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return ticks === '' ? '' : `${bootId()} ${ticks}`;
  } catch {
    return '';
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
