// A disk of a few megabytes that can be filled, and be given room again.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface SmallDisk extends Disposable {
  readonly root: string;
  fill(): void;
  /** Gives back what `fill` took. */
  free(): void;
}

/** Undefined where none can be made: that takes root on Linux; says so. */
export function makeSmallDisk(size: string): SmallDisk | undefined {
  const root = path.join(mkdtempSync(path.join(tmpdir(), 'rekindle-small-')), 'disk');
  mkdirSync(root);
  const mounted =
    process.platform === 'linux' &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', root]).status === 0;
  if (!mounted) {
    console.warn('skipped: a small disk can only be made as root on Linux');
    return undefined;
  }
  const filler = path.join(root, 'filler');
  return {
    root,
    fill: () => void spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k'], { stdio: 'ignore' }),
    free: () => rmSync(filler, { force: true }),
    [Symbol.dispose]: () => void spawnSync('umount', ['-l', root]),
  };
}
