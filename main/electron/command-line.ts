/**
 * Whether this start is a command and not a window: `rekindle cli flash ...`. Switches for Electron itself may stand
 * before the word, as `--no-sandbox` must for root on Linux.
 * @param argv as Node has it; outside of packages its second entry is the program's folder
 * @returns the arguments as the command line's parser wants them, or undefined for a window
 */
export function commandLineOf(argv: readonly string[], packaged: boolean): string[] | undefined {
  const head = argv.slice(0, packaged ? 1 : 2);
  const rest = argv.slice(head.length);
  const first = rest.findIndex((argument) => !argument.startsWith('-'));
  return rest[first] === 'cli' ? [...head, ...rest.slice(first + 1)] : undefined;
}
