// The longest task of a page's main thread, in thread time: what others do to the processor meanwhile is not in it.
import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Thread time, microseconds. */
  readonly tdur?: number;
  readonly args?: {
    readonly name?: string;
    readonly data?: { readonly frames?: readonly { processId?: number }[] };
  };
}

/** What a page's main thread did. */
export interface MainThread {
  readonly longestMs: number;
  /** All tasks together. */
  readonly busyMs: number;
}

/** Starts looking; the answer ends it. One at a time a browser. */
export async function watchMainThread(browser: Browser, page: Page): Promise<() => Promise<MainThread>> {
  await browser.startTracing(page, {
    categories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline'],
  });
  return async () => {
    const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] };
    return longestTask(trace.traceEvents);
  };
}

/** Tasks of the scheduler on the main thread of the busiest renderer, which is the page: nothing else is open. */
function longestTask(events: readonly TraceEvent[]): MainThread {
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const byThread = new Map<string, number[]>();
  for (const { name, pid, tid, tdur } of events) {
    const thread = `${pid} ${tid}`;
    if (name !== 'RunTask' && name !== 'ThreadControllerImpl::RunTask') continue;
    if (!mains.has(thread) || tdur === undefined) continue;
    const times = byThread.get(thread) ?? [];
    byThread.set(thread, times);
    times.push(tdur / 1000);
  }
  const busiest = [...byThread.values()]
    .map((times) => ({ longestMs: Math.max(...times), busyMs: times.reduce((sum, one) => sum + one, 0) }))
    .toSorted((a, b) => b.busyMs - a.busyMs)[0];
  if (busiest === undefined) throw new Error('the trace has no task of a page');
  return busiest;
}
