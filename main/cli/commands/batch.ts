// Many boards with one file, until enough are done.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import type { ExitCode } from '../../../shared/result.ts';
import { readImageArgument } from '../image-argument.ts';
import { runBatchInTerminal } from '../run-batch.ts';
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
  const request = {
    flash: flashRequestOf([image], options),
    backup: options.backup === false ? false : undefined,
    profile,
    way,
    count,
    runningAtOnce: atOnce,
  };
  return await runBatchInTerminal(shell, request, { json, yes, log });
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
