// Loaded into the studio's server before anything else (`node --import`): says how its event loop and its memory do.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { quantile } from './table.ts';

/** How often the loop is looked at, ms; a histogram of Node's counts this wait in, so it is taken off again. */
const everyMs = 10;

/** What the probe answers. */
export interface CoreFigures {
  /** Beyond what was asked for, ms. */
  readonly delayP99Ms: number;
  readonly delayMostMs: number;
  /** The same by the thread's own clock, which stands while other programs have the processor. */
  readonly ownDelayP99Ms: number;
  readonly ownDelayMostMs: number;
  /** After a collection, bytes. */
  readonly heapBytes: number;
  readonly residentBytes: number;
}

const histogram = monitorEventLoopDelay({ resolution: everyMs });
histogram.enable();

/** Thread time beyond `everyMs` between two looks: what the loop itself was late by. */
let ownDelays: number[] = [];
let before = { at: performance.now(), spent: spentMs() };
setInterval(() => {
  const now = { at: performance.now(), spent: spentMs() };
  ownDelays.push(Math.max(0, Math.min(now.at - before.at, now.spent - before.spent) - everyMs));
  before = now;
}, everyMs).unref();

function spentMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

process.on('message', (wish) => {
  if (wish === 'reset') {
    histogram.reset();
    ownDelays = [];
    return;
  }
  const delay = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - everyMs);
  const delayP99Ms = delay(histogram.percentile(99));
  const delayMostMs = delay(histogram.max);
  const ownDelayP99Ms = quantile(ownDelays, 0.99);
  const ownDelayMostMs = quantile(ownDelays, 1);
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const figures: CoreFigures = {
    delayP99Ms,
    delayMostMs,
    ownDelayP99Ms,
    ownDelayMostMs,
    heapBytes: heapUsed + external,
    residentBytes: rss,
  };
  process.send?.(figures);
});
process.channel?.unref();
