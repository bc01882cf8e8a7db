// Loaded into the studio's server before anything else (`node --import`): says how its event loop and its memory do.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the loop is looked at, ms; a histogram of Node's counts this wait in, so it is taken off again. */
const everyMs = 10;

/** What the probe answers. */
export interface CoreFigures {
  /** Beyond what was asked for, ms. */
  readonly delayP99Ms: number;
  readonly delayMostMs: number;
  /** After a collection, bytes. */
  readonly heapBytes: number;
  readonly residentBytes: number;
}

const histogram = monitorEventLoopDelay({ resolution: everyMs });
histogram.enable();

process.on('message', (wish) => {
  if (wish === 'reset') {
    histogram.reset();
    return;
  }
  const delay = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - everyMs);
  const delayP99Ms = delay(histogram.percentile(99));
  const delayMostMs = delay(histogram.max);
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const figures: CoreFigures = {
    delayP99Ms,
    delayMostMs,
    heapBytes: heapUsed + external,
    residentBytes: rss,
  };
  process.send?.(figures);
});
process.channel?.unref();
