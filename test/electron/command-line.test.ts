import { describe, expect, it } from 'vitest';
import { commandLineOf } from '../../main/electron/command-line.ts';

describe('the word cli', () => {
  it.each([
    [
      ['rekindle', 'cli', 'flash', 'a.dfu', '--yes'],
      ['rekindle', 'flash', 'a.dfu', '--yes'],
    ],
    [['rekindle', 'cli'], ['rekindle']],
    [
      ['rekindle', 'cli', 'cli'],
      ['rekindle', 'cli'],
    ],
    [
      ['rekindle', '--no-sandbox', 'cli', 'devices'],
      ['rekindle', 'devices'],
    ],
    [
      ['rekindle', 'cli', '--help'],
      ['rekindle', '--help'],
    ],
  ])('in %j starts the command line', (argv, wanted) => {
    expect(commandLineOf(argv, true)).toEqual(wanted);
    const development = [argv[0] ?? '', '.', ...argv.slice(1)];
    expect(commandLineOf(development, false)).toEqual([wanted[0], '.', ...wanted.slice(1)]);
  });

  it.each([
    [['rekindle']],
    [['rekindle', 'flash', 'cli']],
    [['rekindle', '--cli']],
    [['cli']],
    [['rekindle', 'CLI']],
  ])('is not in %j', (argv) => {
    expect(commandLineOf(argv, true)).toBeUndefined();
  });
});
