import type { Studio } from '../studio.ts';

/** Resolves when no job runs: at once, or when the last one has ended. */
export function untilIdle(studio: Pick<Studio, 'busy' | 'onBusyChange'>): Promise<void> {
  return new Promise((resolve) => {
    const watch = studio.onBusyChange(() => {
      if (studio.busy().length > 0) return;
      watch[Symbol.dispose]();
      resolve();
    });
  });
}
