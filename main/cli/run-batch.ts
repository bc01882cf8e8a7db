// A batch on the terminal: its questions, a line and a row for each board, Ctrl-C, and the exit code.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { ExitCode, exitCodeOfError } from '../../shared/result.ts';
import { batchLine, batchText, loweredText, unitLine } from '../../shared/text/batch.ts';
import { cleanText } from '../../shared/text/clean.ts';
import { errorText } from '../../shared/text/errors.ts';
import { planLines } from '../../shared/text/plan.ts';
import { UnitLog, type BatchControl, type BatchRequest } from '../core.ts';
import { terminalAsk } from './ask.ts';
import { platform } from './host.ts';
import { listenForInterrupt } from './interrupt.ts';
import { keepRunningWithoutReader } from './output.ts';
import { writeJson } from './report-json.ts';
import type { Shell } from './shell.ts';

export interface BatchTold {
  readonly json: boolean;
  readonly yes: boolean;
  /** A table that gets a row for each board. */
  readonly log?: string | undefined;
}

/** Runs it to its end. @throws FlashError for what stands against it before its first board */
export async function runBatchInTerminal(
  shell: Shell,
  request: BatchRequest,
  { json, yes, log }: BatchTold,
): Promise<ExitCode> {
  const { count } = request;
  const hashes = request.flash.images.map(({ sha256 }) => sha256);
  await using table = log === undefined ? undefined : await UnitLog.open(log);
  using interrupt = listenForInterrupt('batch');
  using _output = keepRunningWithoutReader();
  const rows: Promise<void>[] = [];
  let lost: FlashError | undefined;
  const tell = told(json);
  const snapshot = await shell.core.batch(request, {
    stop: interrupt.stop,
    abort: interrupt.abort,
    end: interrupt.end,
    openLog: (id) => shell.logs.openJob(`batch-${process.pid}-${id}`),
    ask: terminalAsk({ yes, json, signal: interrupt.stop }),
    tell: {
      ...tell,
      unit(unit, number) {
        tell.unit(unit, number);
        if (table === undefined) return;
        const row = table.add(unit, hashes).catch((error: unknown) => {
          // Boards are flashed all the same; the exit code says that their rows are not there.
          if (error instanceof FlashError) lost ??= error;
        });
        rows.push(row);
      },
    },
  });
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
    unit: (unit, number) => line(unitLine(unit, number, platform)),
    lowered: (lowered) => line(loweredText(lowered)),
  };
}
