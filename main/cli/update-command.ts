import type { Command } from 'commander';
import type { Does } from './backups-command.ts';
import { boardCommand } from './board-command.ts';
import { updateBoard, type UpdateOptions } from './commands/update.ts';
import { planOptions, waitOptions } from './flash-options.ts';

/** `update`: what `flash` does, with a file that nobody had to find. */
export function addUpdateCommand(program: Command, does: Does): void {
  const update = boardCommand(
    program,
    'update',
    'look for newer firmware, and install it: asks the network, then you',
  );
  waitOptions(planOptions(update))
    .option('--check', 'only tell what there is; nothing is fetched or changed')
    .option('--version <version>', 'this one instead of the newest, also an older one or a pre-release')
    .option('--kept', 'ask nobody: take what earlier looks found and fetched')
    .action(does((options: UpdateOptions) => updateBoard(options)));
}
