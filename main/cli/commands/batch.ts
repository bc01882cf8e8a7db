// Many boards with one file, until enough are done.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { ExitCode, exitCodeOfError } from '../../../shared/result.ts';
import { batchLine, batchText, loweredText, unitLine } from '../../../shared/text/batch.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { errorText } from '../../../shared/text/errors.ts';
import { planLines } from '../../../shared/text/plan.ts';
import { UnitLog, type BatchControl } from '../../core.ts';
import { terminalAsk } from '../ask.ts';
import { platform } from '../host.ts';
import { readImageArgument } from '../image-argument.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { keepRunningWithoutReader } from '../output.ts';
import { writeJson } from '../report-json.ts';
import { openShell } from '../shell.ts';
import { checkBoardOptions, flashRequestOf, type FlashOptions } from './jobs.ts';

export interface BatchOptions extends FlashOptions {
  readonly count: number;
  readonly log?: string;
  readonly atOnce?: number;
}

/** The exit code tells whether any board is not what it should be. */
export async function batch(file: string, options: BatchOptions): Promise<ExitCode> {
  const { count, log, atOnce, json = false, yes = false, board: profile, way } = options;
  checkNumbers(options);
  const image = await readImageArgument(file, options);
  const shell = await openShell(options);
  checkBoardOptions(options, shell);
  await using table = log === undefined ? undefined : await UnitLog.open(log);
  using interrupt = listenForInterrupt('batch');
  using _output = keepRunningWithoutReader();
  const rows: Promise<void>[] = [];
  let lost: FlashError | undefined;
  const tell = told(json);
  const snapshot = await shell.core.batch(
    {
      flash: flashRequestOf([image], options),
      backup: options.backup === false ? false : undefined,
      profile,
      way,
      count,
      runningAtOnce: atOnce,
    },
    {
      stop: interrupt.stop,
      abort: interrupt.abort,
      openLog: (id) => shell.logs.openJob(`batch-${process.pid}-${id}`),
      ask: terminalAsk({ yes, json, signal: interrupt.stop }),
      tell: {
        ...tell,
        unit(unit, number) {
          tell.unit(unit, number);
          if (table === undefined) return;
          const row = table.add(unit, [image.sha256]).catch((error: unknown) => {
            // Boards are flashed all the same; the exit code says that their rows are not there.
            if (error instanceof FlashError) lost ??= error;
          });
          rows.push(row);
        },
      },
    },
  );
  await Promise.all(rows);
  const { counts, problem } = snapshot;
  if (json) writeJson('batch', { batch: snapshot });
  else process.stdout.write(`\n${batchLine(snapshot)}.\n`);
  if (lost !== undefined)
    process.stderr.write(`${cleanText(errorText(lost.code, lost.params as never, platform).title)}.\n`);
  if (problem !== undefined && !json)
    process.stderr.write(`${cleanText(errorText(problem.code, problem.params as never, platform).title)}.\n`);
  if (counts.failed > 0) return ExitCode.transferFailed;
  if (counts.left > 0) return ExitCode.refused;
  if (problem !== undefined) return exitCodeOfError(problem.code);
  if (counts.done < count) return ExitCode.cancelled;
  return lost === undefined ? ExitCode.done : ExitCode.cannotCreate;
}

/** @throws FlashError `usage` */
function checkNumbers({ count, atOnce, device, vidPid, serial }: BatchOptions): void {
  const usage = (detail: string): FlashError => new FlashError('usage', { detail });
  if (count < 1 || count > limits.batchBoards) throw usage(`--count takes 1 to ${limits.batchBoards}`);
  if (atOnce !== undefined && (atOnce < 1 || atOnce > limits.runningJobs))
    throw usage(`--at-once takes 1 to ${limits.runningJobs}`);
  if (device !== undefined || vidPid !== undefined || serial !== undefined)
    throw usage('A batch is for all ports; leave out --device, --vid-pid and --serial');
}

function told(json: boolean): BatchControl['tell'] {
  const line = (text: string): void => void process.stdout.write(`${cleanText(text)}\n`);
  if (json)
    return {
      waitingForFirst: () => writeJson('waiting', { for: 'board' }),
      plan: (plan) => writeJson('plan', { plan }),
      waiting: () => writeJson('waiting', { for: 'next' }),
      unit: (unit, number) => writeJson('unit', { number, unit }),
      lowered: (lowered) => writeJson('lowered', { lowered }),
    };
  return {
    waitingForFirst: () => line(batchText.waitingForFirst),
    plan: (plan) => planLines(plan).forEach((text) => line(`  ${text}`)),
    waiting: () => line(batchText.waiting),
    unit: (unit, number) => line(unitLine(unit, number)),
    lowered: (lowered) => line(loweredText(lowered)),
  };
}
