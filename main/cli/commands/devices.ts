import type { AlternateReport, BoardReport } from '../../../shared/board.ts';
import type { ErrorCode, ErrorParams } from '../../../shared/errors/codes.ts';
import type { ProgramSays } from '../../../shared/families.ts';
import { formatAddress } from '../../../shared/hex.ts';
import { ExitCode } from '../../../shared/result.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { isFlashError } from '../../../shared/errors/flash-error.ts';
import {
  boardChoices,
  boardCondition,
  identityText,
  otherBoardsText,
  todayText,
} from '../../../shared/text/boards.ts';
import { errorText } from '../../../shared/text/errors.ts';
import { formatBytes } from '../../../shared/units.ts';
import { realClock, startWait, type Core } from '../../core.ts';
import { platform } from '../host.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { writeJson } from '../report-json.ts';
import { openShell, selectionOf, type CommonOptions } from '../shell.ts';

export interface DevicesOptions extends CommonOptions {
  readonly watch?: boolean;
  readonly all?: boolean;
}

/** For looking alone; what `--wait` gives comes on top. */
const listLimitMs = 30_000;
const watchLimitMs = 7 * 24 * 60 * 60 * 1000;

const nothingFound = `No board was found. A cable that only charges, a board that is off and a board that sleeps look the same from here:
nothing is on USB. Most likely first:
  1. The board is not in flash mode: hold its button while you plug it in, or use its menu or switch.
  2. The cable only charges: try one that is known to carry data.
  3. The board sleeps or is off: wake it, or switch it on.
  4. It is plugged into a hub or port that is off: plug it straight into the computer.
  5. The system has not let it in yet: see "lsusb" or your device manager for its id.
"rekindle devices --watch" shows what comes and goes; "--all" shows everything on USB;
"--bench nanovna-h" brings a virtual board to try things on.`;

export async function devices(options: DevicesOptions): Promise<ExitCode> {
  const { core } = await openShell(options);
  if (options.watch === true) return await watch(core, options);
  const boards = await look(core, options);
  if (options.json === true) writeJson('devices', { devices: boards });
  else print(boards.length === 0 ? nothingFound : boards.map(describe).join('\n\n'));
  return boards.length === 0 ? ExitCode.noDevice : ExitCode.done;
}

async function look(core: Core, options: DevicesOptions, signal?: AbortSignal): Promise<BoardReport[]> {
  const selection = selectionOf(options);
  const wait = startWait(realClock, listLimitMs + selection.waitMs, signal);
  const found = await core.survey(selection, wait);
  return found.filter((board) => options.all === true || (isShown(board) && !board.internal));
}

function isShown(board: BoardReport): boolean {
  return board.isBoard;
}

async function watch(core: Core, options: DevicesOptions): Promise<ExitCode> {
  using interrupt = listenForInterrupt('watch');
  const end = realClock.now() + watchLimitMs;
  let known = new Map<string, BoardReport>();
  if (options.json !== true) print('Watching. Ctrl-C ends it.');
  while (!interrupt.stop.aborted && realClock.now() < end) {
    const boards = await lookUntil(core, options, interrupt.stop);
    if (boards === undefined) break;
    const now = new Map(boards.map((board) => [`${board.portPath} ${board.ids} ${board.serial}`, board]));
    const came = [...now].filter(([key]) => !known.has(key)).map(([, board]) => board);
    const left = [...known].filter(([key]) => !now.has(key)).map(([, board]) => board);
    if (options.json === true && came.length + left.length > 0)
      writeJson('devices', { devices: [...now.values()] });
    if (options.json !== true) {
      for (const board of left) print(`- ${titleOf(board)} left`);
      for (const board of came) print(`+ ${describe(board)}`);
    }
    known = now;
    await hint(core, interrupt.stop);
  }
  return ExitCode.done;
}

/** One look, which does not wait for a board to come: watching does. Undefined when ended by Ctrl-C. */
async function lookUntil(
  core: Core,
  options: DevicesOptions,
  stop: AbortSignal,
): Promise<BoardReport[] | undefined> {
  try {
    return await look(core, { ...options, wait: 0 }, stop);
  } catch (error) {
    if (stop.aborted && isFlashError(error, 'job.aborted')) return undefined;
    throw error;
  }
}

/** Until something may have changed; the bus polls where it has no events. */
function hint(core: Core, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      watching[Symbol.dispose]();
      stop();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const watching = core.watch(finish);
    const stop = realClock.after(2_000, finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}

function titleOf(board: BoardReport): string {
  return `${board.portPath}  ${board.virtual ? 'Virtual ' : ''}${board.name}`;
}

/** One board in a few aligned lines. */
function describe(board: BoardReport): string {
  const serial = board.serial === '' ? '' : `, serial ${board.serial}`;
  const product = [board.manufacturer, board.product].filter((text) => text !== '').join(' ');
  const lines = [
    modeText(board),
    identityText(board),
    otherBoardsText(board),
    todayText(board),
    ...boardChoices(board).map(({ profile, words }) => `  --board ${profile}  ${words}`),
    board.evidence,
    product === '' ? '' : `calls itself: ${product.replace(/\s+/g, ' ')}${serial}`,
    ...problemLines(board),
  ].filter((line) => line !== '');
  return [titleOf(board), ...lines.map((line) => `     ${line}`)].join('\n');
}

/** What stands against using it is told below, with its remedy. */
function modeText(board: BoardReport): string {
  const { words } = boardCondition({ ...board, problem: undefined }, platform);
  const way = board.mode === 'runtime' ? '; Rekindle can take it to flash mode' : '';
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}${way}`;
}

function problemLines(board: BoardReport): string[] {
  if (board.problem === undefined) return [];
  const { title, advice } = errorText(
    board.problem.code,
    board.problem.params as ErrorParams[ErrorCode] as never,
    platform,
  );
  return [`! ${title}`, ...advice.split('\n')];
}

export async function info(options: CommonOptions): Promise<ExitCode> {
  const { core } = await openShell(options);
  const selection = selectionOf(options);
  const found = await core.ask(selection, startWait(realClock, listLimitMs + selection.waitMs));
  const boards = found.filter((board) => isShown(board) && !board.internal);
  if (options.json === true) writeJson('devices', { devices: boards });
  else print(boards.length === 0 ? nothingFound : boards.map(details).join('\n\n'));
  return boards.length === 0 ? ExitCode.noDevice : ExitCode.done;
}

function details(board: BoardReport & { readonly says?: ProgramSays }): string {
  const lines = [
    describe(board),
    ...(board.says?.lines ?? []).map((line) => `     its program says: ${line}`),
  ];
  for (const { profile, name, support, sure } of board.candidates)
    lines.push(`     ${sure ? 'is' : 'may be'} ${name}: profile ${profile}, support ${support}`);
  if (board.mode === 'other') return lines.join('\n');
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  lines.push(
    `     interface ${board.interfaceNumber ?? '-'}, device release ${board.bcdDevice}, transfer size ${board.transferSize ?? 0} bytes`,
    `     can be written: ${yes(board.canDownload)}, read: ${yes(board.canUpload)}; stays after writing: ${yes(board.manifestationTolerant)}; detaches by itself: ${yes(board.willDetach)}`,
  );
  for (const alternate of board.alternates) lines.push(...alternateLines(alternate));
  return lines.join('\n');
}

function alternateLines(alternate: AlternateReport): string[] {
  const name = alternate.name === '' ? 'unnamed' : alternate.name;
  const access = (run: AlternateReport['runs'][number]): string =>
    [run.readable ? 'read' : '', run.erasable ? 'erase' : '', run.writable ? 'write' : '']
      .filter((one) => one !== '')
      .join(', ');
  return [
    `     alternate ${alternate.alternate}: ${name}`,
    ...alternate.runs.map(
      (run) =>
        `       ${formatAddress(run.start)}  ${String(run.count).padStart(4)} x ${formatBytes(run.sectorSize).padEnd(7)} ${access(run)}`,
    ),
  ];
}

function print(text: string): void {
  process.stdout.write(`${text.split('\n').map(cleanText).join('\n')}\n`);
}
