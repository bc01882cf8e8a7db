// Where the program runs from, and whether it can be replaced from within.
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { SelfUpdateObstacle } from '../../shared/app-update.ts';

/** Where a program runs from, as far as replacing it goes. */
export interface ProgramPlace {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly arch: string;
  readonly isPackaged: boolean;
  /** `process.resourcesPath`. */
  readonly resources: string;
  /** What an AppImage is told of itself. */
  readonly appImage: string | undefined;
}

/** What electron-updater asks of the program. */
export interface UpdatedProgram {
  readonly version: string;
  readonly name: string;
  readonly userDataPath: string;
  /** Where what was fetched lies until it is installed. */
  readonly cacheFolder: string;
  /** Lets a second instance start: the new one must not meet the old one's lock. */
  releaseSingleInstanceLock(): void;
  /** Starts this program again once it has ended. */
  relaunch(): void;
  quit(): void;
  /** Closes the studio, calls back, and ends the program. */
  leave(act: () => void): Promise<void>;
}

/** Why this program cannot be replaced from within; undefined where it can. */
export function obstacleTo(place: ProgramPlace): SelfUpdateObstacle | undefined {
  if (!place.isPackaged) return 'server';
  // Packages of the system are the system's to replace.
  if (place.platform === 'linux' && place.appImage === undefined) return 'package';
  // Packed without an address of releases, or unsigned for macOS, where an unsigned program cannot be replaced.
  if (!existsSync(configOf(place))) return 'not-signed';
  if (place.appImage !== undefined && !isWritable(path.dirname(place.appImage))) return 'not-writable';
  return undefined;
}

/** What electron-builder leaves in packages that can be replaced. */
export function configOf({ resources }: ProgramPlace): string {
  return path.join(resources, 'app-update.yml');
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
