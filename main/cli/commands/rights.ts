import { FlashError } from '../../../shared/errors/flash-error.ts';
import { ExitCode } from '../../../shared/result.ts';
import type { RightsResult, RightsStatus, RuleRights } from '../../../shared/rights.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { driverGuide, idsAsWindowsPrints, type DriverGuide } from '../../../shared/text/driver-guide.ts';
import {
  accountTexts,
  rightsResultText,
  ruleStateTexts,
  whatRunsAsRoot,
} from '../../../shared/text/rights.ts';
import { openRights, realClock, type Rights } from '../../core.ts';
import { platform } from '../host.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { writeJson } from '../report-json.ts';
import { openTerminalLog } from '../terminal-log.ts';

export interface RightsCommandOptions {
  readonly install?: boolean;
  readonly remove?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** Shows what lets this account open boards, installs it, or removes it. */
export async function rights(options: RightsCommandOptions): Promise<ExitCode> {
  if (options.install === true && options.remove === true)
    throw new FlashError('usage', { detail: '--install and --remove exclude each other' });
  const opened = openRights({
    platform,
    clock: realClock,
    log: (await openTerminalLog(options.verbose === true)).log,
    terminal: options.json !== true && process.stdin.isTTY,
  });
  if (options.install !== true && options.remove !== true) return await show(opened, options);
  using interrupt = listenForInterrupt('watch');
  const result = await (options.install === true
    ? opened.install(interrupt.stop)
    : opened.remove(interrupt.stop));
  const status = await opened.status();
  const words = rightsResultText(result, status.system === 'linux' ? status.account : 'seat');
  const exitCode = exitCodeOfRights(result);
  if (options.json === true) {
    writeJson('rights-result', { exitCode, ...words, result, status });
    return exitCode;
  }
  print([`${words.title}.`, ...(words.advice === '' ? [] : [words.advice])]);
  if (status.system !== 'linux') printGuide(driverGuide(status.system));
  else if (!isDone(result)) printCommand(status, options.install === true ? 'install' : 'remove');
  return exitCode;
}

async function show(opened: Rights, options: RightsCommandOptions): Promise<ExitCode> {
  const status = await opened.status();
  if (options.json === true) writeJson('rights', { status });
  else printStatus(status);
  return status.system !== 'linux' || status.state === 'current' ? ExitCode.done : ExitCode.noPermission;
}

function printStatus(status: RightsStatus): void {
  if (status.system !== 'linux') {
    printGuide(driverGuide(status.system));
    return;
  }
  const words = ruleStateTexts[status.state];
  const at = status.foundAt === undefined ? '' : ` (${status.foundAt})`;
  print([`${words.title}${at}.`, ...(words.advice === '' ? [] : [words.advice])]);
  if (status.foundText !== undefined && status.state !== 'current')
    print(['', 'It says now:', ...indent(status.foundText)]);
  print(['', `The rule, for ${status.rule.path}:`, ...indent(status.rule.text)]);
  print(['', '"rekindle rights --install" installs it, "--remove" takes it away:']);
  print(whatRunsAsRoot(status).map((line) => `  ${line}`));
  print(['', ...indent(status.script.text)]);
  printCommand(status, 'install');
  const lacking = accountTexts[status.account];
  if (lacking !== '') print(['', lacking]);
}

function printCommand(status: RuleRights, verb: 'install' | 'remove'): void {
  print(['', `By hand, to ${verb}:`, status.commands[verb]]);
}

function printGuide(guide: DriverGuide): void {
  print([guide.title, '', ...guide.steps.map((step, index) => `${index + 1}. ${step}`), '', guide.warning]);
  for (const row of guide.rows) {
    const names = row.names.length === 0 ? '' : ` ${row.names.map((name) => `"${name}"`).join(' or ')}`;
    const what = row.driver === 'winusb' ? 'WinUSB' : 'leave as it is';
    print([
      '',
      `${row.face === 'flash' ? 'Flash mode' : 'Program   '}  ${idsAsWindowsPrints(row.ids)}${names}: ${what}`,
      `  ${row.boards}. ${row.why}`,
    ]);
  }
  if (guide.notes.length > 0) print(['', ...guide.notes]);
  if (guide.undo.length > 0)
    print(['', 'To go back:', ...guide.undo.map((step, index) => `${index + 1}. ${step}`)]);
}

function isDone(result: RightsResult): boolean {
  return result.kind === 'installed' || result.kind === 'removed' || result.kind === 'cancelled';
}

function exitCodeOfRights(result: RightsResult): ExitCode {
  switch (result.kind) {
    case 'installed':
    case 'removed':
    case 'wrong-system':
      return ExitCode.done;
    case 'cancelled':
      return ExitCode.cancelled;
    case 'not-authorised':
    case 'no-polkit':
      return ExitCode.noPermission;
    case 'failed':
      if (result.why === 'not-ours' || result.why === 'of-a-package') return ExitCode.refused;
      return result.why === 'stopped' ? ExitCode.cancelled : ExitCode.cannotCreate;
  }
}

function indent(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);
}

function print(lines: readonly string[]): void {
  const clean = lines.flatMap((line) => line.split('\n')).map(cleanText);
  process.stdout.write(`${clean.join('\n')}\n`);
}
