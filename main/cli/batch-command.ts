import type { Command } from 'commander';
import type { ExitCode } from '../../shared/result.ts';
import { batch, type BatchOptions } from './commands/batch.ts';
import { parseNumber } from './numbers.ts';

/** What only a batch takes, behind what every flash takes. */
export function addBatchOptions(
  command: Command,
  does: (
    action: (file: string, options: BatchOptions) => Promise<ExitCode>,
  ) => (file: string, options: BatchOptions) => Promise<void>,
): void {
  command
    .requiredOption('--count <number>', 'so many boards', parseNumber)
    .option('--log <file>', 'a table with a row for each board; goes on with one that is there')
    .option('--at-once <number>', 'so many at a time; 16 otherwise', parseNumber)
    .option('--way <name>', 'with --board: which way into flash mode by hand')
    .argument('<file>', 'firmware file')
    .action(does(batch));
}
