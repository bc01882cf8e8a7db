// From a verb to a finished script: through pkexec, or straight where we are root already.
import { stat } from 'node:fs/promises';
import type { RightsResult, RightsVerb } from '../../shared/rights.ts';
import type { Clock } from '../base/clock.ts';
import type { Wait } from '../base/wait.ts';
import { runBounded, type BoundedRun } from './run-bounded.ts';
import { rightsScript, scriptExit, scriptGreeting } from './script.ts';

/** Where pkexec is; never looked up in PATH, which is the user's. The second is NixOS's. */
const pkexecPlaces: readonly string[] = ['/usr/bin/pkexec', '/run/wrappers/bin/pkexec'];

/** What the script is started by. */
export type Starter =
  | { readonly kind: 'root' }
  | {
      readonly kind: 'pkexec';
      readonly file: string;
      /** Whether pkexec may ask in the terminal where no desktop does. */
      readonly terminal: boolean;
    };

/** The pkexec that belongs to root and has its rights; undefined where there is none. */
export async function findPkexec(places: readonly string[] = pkexecPlaces): Promise<string | undefined> {
  for (const file of places) {
    try {
      const found = await stat(file);
      if (found.isFile() && found.uid === 0 && (found.mode & 0o4000) !== 0) return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/**
 * Runs the fixed script. `pkexec` gets an environment of our making: it refuses, with a note to the administrator,
 * callers whose SHELL or language variables it does not like.
 */
export async function runScript(
  verb: RightsVerb,
  starter: Starter,
  clock: Clock,
  wait: Wait,
  script: string = rightsScript,
): Promise<RightsResult> {
  const shell = ['/bin/sh', '-c', script, 'rekindle-rights', verb] as const;
  if (starter.kind === 'root') return judge(verb, await runBounded(shell, cleanEnvironment(), clock, wait));
  const flags = starter.terminal ? [] : ['--disable-internal-agent'];
  return judge(verb, await runBounded([starter.file, ...flags, ...shell], cleanEnvironment(), clock, wait));
}

/** Only what chooses the language of the password dialogue. */
export function cleanEnvironment(own: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept: Record<string, string> = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  for (const name of ['LANG', 'LANGUAGE', 'LC_ALL', 'LC_MESSAGES']) {
    const value = own[name];
    if (value !== undefined && /^[A-Za-z0-9_.@:-]{1,64}$/.test(value)) kept[name] = value;
  }
  return kept;
}

function judge(verb: RightsVerb, run: BoundedRun): RightsResult {
  switch (run.kind) {
    case 'cannot-start':
      return run.reason === 'ENOENT'
        ? { kind: 'no-polkit', why: 'no-pkexec' }
        : { kind: 'failed', why: 'unexpected', detail: run.reason };
    case 'timed-out':
    case 'stopped':
      return { kind: 'failed', why: run.kind, detail: '' };
    case 'ended':
      return run.stdout.startsWith(`${scriptGreeting}\n`)
        ? judgeScript(verb, run.exitCode, lastLine(run.stderr))
        : judgePkexec(run.exitCode, run.stderr);
  }
}

function judgeScript(verb: RightsVerb, exitCode: number | undefined, detail: string): RightsResult {
  const kind = verb === 'install' ? 'installed' : 'removed';
  switch (exitCode) {
    case scriptExit.done:
      return { kind, applied: true };
    case scriptExit.notApplied:
      return { kind, applied: false };
    case scriptExit.notOurs:
      return { kind: 'failed', why: 'not-ours', detail };
    case scriptExit.cannotWrite:
      return { kind: 'failed', why: 'cannot-write', detail };
    case scriptExit.noUdev:
      return { kind: 'failed', why: 'no-udev', detail };
    default:
      return { kind: 'failed', why: 'unexpected', detail };
  }
}

/** pkexec(1): 126 for a dismissed dialogue, 127 for all else; only its words tell the rest apart (polkit 122). */
function judgePkexec(exitCode: number | undefined, stderr: string): RightsResult {
  // A signal from outside, as Ctrl-C at the password prompt.
  if (exitCode === undefined || exitCode === 126) return { kind: 'cancelled' };
  if (/No authentication agent found|textual authentication agent/.test(stderr))
    return { kind: 'no-polkit', why: 'no-agent' };
  if (/Error getting authority|Error checking for authorization/.test(stderr))
    return { kind: 'no-polkit', why: 'no-daemon' };
  if (/Not authorized/.test(stderr)) return { kind: 'not-authorised' };
  return { kind: 'failed', why: 'unexpected', detail: lastLine(stderr) };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 255) ?? '';
}
