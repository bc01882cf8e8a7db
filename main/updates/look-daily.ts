// The daily look of a program that stays open: at every source of every board that was looked for before.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Profile } from '../../shared/profile.ts';
import { startWait } from '../base/wait.ts';
import { lookDaily } from './daily.ts';
import { boardsLookedFor } from './kept-looks.ts';
import { lookForUpdates } from './look.ts';
import type { UpdateServices } from './updates.ts';

export interface DailyOptions {
  readonly profiles: readonly Profile[];
  /** What the setting `lookDaily` says now. */
  wanted(): boolean;
  /** What is kept may be another by now: `lookForUpdates` with `ask: 'kept'` tells it. */
  changed(): void;
}

/** How long all sources of one board may take, ms. */
const boardMs = 2 * 60_000;

/** Looks once a day while it is wanted, until it is disposed of. */
export function keepLookingDaily(services: UpdateServices, options: DailyOptions): Disposable {
  const { clock, log } = services;
  return lookDaily({
    clock,
    now: () => services.now(),
    wanted: () => options.wanted(),
    lastLook: () => newestLook(services.folder),
    async look(signal) {
      const before = await boardsLookedFor(services);
      for (const profile of options.profiles) {
        if (signal.aborted || !before.has(profile.id)) continue;
        const wait = startWait(clock, boardMs, signal);
        await lookForUpdates(services, profile, { wait, ask: 'sources' }).catch((error: unknown) => {
          log.write('warn', 'updates', `the daily look for ${profile.id} ended: ${String(error)}`);
        });
      }
      if (!signal.aborted) options.changed();
    },
  });
}

async function newestLook(folder: string): Promise<Date | undefined> {
  const looks = path.join(folder, 'looks');
  const names = await readdir(looks).catch(() => []);
  const times = await Promise.all(
    names.map(async (name) => (await stat(path.join(looks, name)).catch(() => undefined))?.mtimeMs ?? 0),
  );
  const newest = Math.max(0, ...times);
  return newest === 0 ? undefined : new Date(newest);
}
