// The file a program runs from, held by a second name while another takes its place: no moment, and no full disk, leaves none.
import { copyFileSync, constants, linkSync, renameSync, rmSync } from 'node:fs';

export interface HeldProgram {
  /** The new one is in place. */
  drop(): void;
  /** Puts the old one back. */
  restore(): void;
}

/** @throws the system's error where it cannot be held; nothing was changed then */
export function holdProgram(file: string): HeldProgram {
  const held = `${file}.before`;
  // Of a time when this was interrupted.
  rmSync(held, { force: true });
  try {
    linkSync(file, held);
  } catch {
    // File systems without hard links.
    copyFileSync(file, held, constants.COPYFILE_FICLONE);
  }
  return {
    drop: () => rmSync(held, { force: true }),
    restore: () => renameSync(held, file),
  };
}
