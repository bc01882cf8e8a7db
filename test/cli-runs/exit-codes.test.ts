// What goes wrong has its exit code and its words.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bench, bin, container, dfu, file, folder, rekindle } from './program.ts';

describe('exit codes', () => {
  it.each<[string, string[], number, string]>([
    ['no such option', ['flash', dfu, '--frobnicate'], 64, 'unknown option'],
    ['a number that is none', ['flash', bin, '--address', '0x80g'], 64, 'Not a number'],
    ['no such virtual board', ['devices', '--bench', 'toaster'], 64, 'no virtual board'],
    ['a danger that is none', ['flash', dfu, ...bench, '--allow', 'everything'], 64, '--allow takes'],
    ['no such file', ['flash', 'nowhere.dfu', ...bench], 66, 'There is no file'],
    ['a folder', ['flash', folder, ...bench], 66, 'it is a folder'],
    ['a file cut short', ['flash', file('cut.dfu', container.subarray(0, 9_000)), ...bench], 65, 'cut short'],
    [
      'a damaged file',
      [
        'flash',
        file(
          'bad.dfu',
          container.map((byte, at) => (at === 5_000 ? byte ^ 1 : byte)),
        ),
        ...bench,
      ],
      65,
      'damaged',
    ],
  ])('%s is %s', async (_name, args, code, words) => {
    const run = await rekindle(args);
    expect(run.stderr).toContain(words);
    expect(run.code).toBe(code);
  });

  it.each<[string, string[], number, string]>([
    ['nobody to confirm', ['flash', dfu, ...bench], 78, '--yes'],
    ['raw bytes without an address', ['flash', bin, ...bench, '--yes'], 78, '--address 0x08000000'],
    [
      'another format under a raw name, for a place the board does not have',
      [
        'flash',
        file('hex.bin', ':10010000214601360121470136007EFE09D2190140\n:00000001FF\n'),
        ...bench,
        '--yes',
      ],
      78,
      'no memory: 0x00000100-0x0000010F',
    ],
    [
      'no backup possible, and --yes is no answer to that',
      ['flash', bin, '--bench', 'plain-dfu', '--faults', file('none.json', '[]'), '--address', '0'],
      78,
      'without addresses',
    ],
    ['mass erase without permission', ['mass-erase', ...bench], 78, '--allow mass-erase'],
    ['a backup that would replace a file', ['backup', dfu, ...bench], 73, 'exists already'],
    [
      'a place that cannot be written',
      ['backup', path.join(dfu, 'x.dfu'), ...bench],
      73,
      'cannot be written',
    ],
    ['several boards', ['flash', dfu, '--bench', 'nanovna-h,nanovna-h', '--yes'], 69, '--device'],
    ['no board that fits', ['flash', dfu, ...bench, '--serial', 'XYZ', '--yes'], 69, 'serial XYZ'],
  ])('%s is %s', async (_name, args, code, words) => {
    const run = await rekindle(args);
    expect(run.stdout).toContain(words);
    expect(run.code).toBe(code);
  });
});
