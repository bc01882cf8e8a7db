// "Let me in": what keeps the account out, and how that is changed and undone.
import type {
  Elevation,
  FlashModeAccess,
  RightsResult,
  RightsStatus,
  RightsVerb,
  RuleRights,
} from '../../shared/rights.ts';
import type { Clock } from '../base/clock.ts';
import { startWait } from '../base/wait.ts';
import type { Log } from '../log/log.ts';
import { accountReach } from './account.ts';
import { findPkexec, runScript, type Starter } from './elevate.ts';
import { handCommands } from './hand-commands.ts';
import { rulesCover } from './coverage.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { digestOf, findRule, ruleFolder, ruleName, ruleText } from './rule.ts';
import { rightsScript } from './script.ts';

/** Long enough to find a password; the desktop's own limits are shorter. */
const askLimitMs = 5 * 60_000;

export interface RightsOptions {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a terminal is ours to ask in: the command line's, never a window's. */
  readonly terminal: boolean;
}

/** What the page and the command line drive. */
export interface Rights {
  /** How things stand now; looked up afresh each time. Never rejects. */
  status(): Promise<RightsStatus>;
  /**
   * Whether this account will be let into flash mode with these ids (`0483:df11`), looked up afresh before the board is
   * there. Never rejects.
   * @param dfuInterface whether it has a DFU interface there
   */
  flashModeAccess(ids: string, dfuInterface: boolean): Promise<FlashModeAccess>;
  /** Installs the rule, asking for a password where needed. Never rejects. */
  install(signal?: AbortSignal): Promise<RightsResult>;
  /** Takes it away again. Never rejects. */
  remove(signal?: AbortSignal): Promise<RightsResult>;
}

/** Opens the rights of this system. */
export function openRights(options: RightsOptions): Rights {
  const change = oneAtATime((verb: RightsVerb, signal) => carryOut(verb, options, signal));
  return {
    status: () => statusOf(options.platform),
    flashModeAccess: (ids, dfuInterface) => accessOn(options.platform, ids, dfuInterface),
    install: (signal) => change('install', signal),
    remove: (signal) => change('remove', signal),
  };
}

async function statusOf(platform: RightsOptions['platform']): Promise<RightsStatus> {
  return platform === 'linux' ? await ruleStatus() : { system: platform };
}

async function accessOn(
  platform: RightsOptions['platform'],
  ids: string,
  dfuInterface: boolean,
): Promise<FlashModeAccess> {
  switch (platform) {
    case 'linux':
      return await rulesCover(ids, dfuInterface);
    case 'darwin':
      // No kernel driver takes DFU interfaces there (dfu.md 7.2; devices.md 3.9).
      return { answer: 'yes', why: 'nothing-needed' };
    case 'win32':
      return { answer: 'unknown', why: 'driver-unknown' };
  }
}

async function ruleStatus(): Promise<RuleRights> {
  const found = await findRule();
  return {
    system: 'linux',
    state: found.state,
    foundAt: found.file,
    foundText: found.text,
    rule: { path: `${ruleFolder}/${ruleName}`, text: ruleText },
    account: await accountReach(),
    elevation: await elevation(),
    script: { text: rightsScript, sha256: digestOf(rightsScript) },
    commands: handCommands,
  };
}

async function elevation(): Promise<Elevation> {
  if (process.geteuid?.() === 0) return 'root';
  return (await findPkexec()) === undefined ? 'none' : 'pkexec';
}

async function carryOut(
  verb: RightsVerb,
  options: RightsOptions,
  signal: AbortSignal | undefined,
): Promise<RightsResult> {
  if (options.platform !== 'linux') return { kind: 'wrong-system' };
  const { clock, log } = options;
  const starter = await starterFor(options.terminal);
  if (starter === undefined) return { kind: 'no-polkit', why: 'no-pkexec' };
  log.write('info', 'rights', `${verb} by ${starter.kind}, script ${digestOf(rightsScript)}`);
  const told = await runScript(verb, starter, clock, startWait(clock, askLimitMs, signal));
  const result = await compareWithDisk(told);
  const detail = 'detail' in result ? `: ${result.why} ${result.detail}` : '';
  log.write(result.kind === 'failed' ? 'warn' : 'info', 'rights', `${result.kind}${detail}`);
  return result;
}

async function starterFor(terminal: boolean): Promise<Starter | undefined> {
  if (process.geteuid?.() === 0) return { kind: 'root' };
  const file = await findPkexec();
  return file === undefined ? undefined : { kind: 'pkexec', file, terminal };
}

/** What was told is believed once it can be seen. */
async function compareWithDisk(told: RightsResult): Promise<RightsResult> {
  if (told.kind !== 'installed' && told.kind !== 'removed') return told;
  const { state, file } = await findRule();
  if (told.kind === 'installed') {
    return state === 'current' ? told : { kind: 'failed', why: 'unexpected', detail: state };
  }
  return file === undefined ? told : { kind: 'failed', why: 'of-a-package', detail: file };
}
