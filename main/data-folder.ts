import { homedir } from 'node:os';
import path from 'node:path';
import type { Host } from './host.ts';

/** Where each system keeps a program's data: one folder for all shells, so that they share backups and locks. */
export function dataFolder(platform: Host['platform']): string {
  const set = process.env['REKINDLE_DATA'];
  if (set !== undefined && set !== '') return path.resolve(set);
  const home = homedir();
  if (platform === 'win32')
    return path.join(process.env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'), 'Rekindle');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Rekindle');
  return path.join(process.env['XDG_DATA_HOME'] ?? path.join(home, '.local', 'share'), 'rekindle');
}

/** Where a person's files are; every shell uses the same. */
export function pathsIn(data: string): Host['paths'] {
  return {
    backups: path.join(data, 'backups'),
    database: path.join(data, 'rekindle.db'),
    locks: path.join(data, 'locks'),
    logs: path.join(data, 'logs'),
    profiles: path.join(data, 'profiles'),
    settings: path.join(data, 'settings.json'),
    updates: path.join(data, 'updates'),
  };
}
