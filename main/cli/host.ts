import { homedir } from 'node:os';
import path from 'node:path';
import type { Host } from '../host.ts';
import type { Log } from '../log/log.ts';

declare const REKINDLE_VERSION: string;
export const version: string = REKINDLE_VERSION;

/** The system we run on; what is neither Windows nor macOS is treated as Linux. */
export const platform: Host['platform'] =
  process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';

/** The terminal as a place for the core to run in. */
export function terminalHost(log: Log): Host {
  const data = dataFolder();
  return {
    platform,
    shell: 'command line',
    version,
    log,
    paths: {
      backups: path.join(data, 'backups'),
      locks: path.join(data, 'locks'),
      settings: path.join(data, 'settings.json'),
    },
    now: () => new Date(),
  };
}

/** Where each system keeps a program's data. */
function dataFolder(): string {
  const set = process.env['REKINDLE_DATA'];
  if (set !== undefined && set !== '') return path.resolve(set);
  const home = homedir();
  if (platform === 'win32')
    return path.join(process.env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'), 'Rekindle');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Rekindle');
  return path.join(process.env['XDG_DATA_HOME'] ?? path.join(home, '.local', 'share'), 'rekindle');
}
