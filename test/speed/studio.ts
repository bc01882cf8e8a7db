// Figures of the studio: the built server, its page in Chromium, virtual boards of data-sheet timing in the core.
import type { Browser } from 'playwright-core';
import { limits } from '../../shared/limits.ts';
import { startBrowser } from '../page/gallery.ts';
import { watchMainThread } from './main-thread.ts';
import { flashAll } from './studio-jobs.ts';
import { openPage, startServer, usable, type StudioPage, type StudioServer } from './studio-rig.ts';
import { median, quantile, type TargetRow } from './table.ts';

const boards = 16;
const plugs = 20;
const starts = 5;
const memoryMinutes = Number(process.env['REKINDLE_SPEED_MINUTES'] ?? 1);
const mebi = 1024 * 1024;

/** All figures of the studio, in one run. */
export async function studioFigures(): Promise<TargetRow[]> {
  const rows = await startFigures();
  const browser = await startBrowser();
  await using server = await startServer({ probed: true });
  await using studio = await openPage(browser, server.address);
  rows.push(...(await plugFigures(studio)));
  rows.push(...(await jobFigures(browser, server, studio)));
  rows.push(...(await memoryFigures(server, studio)));
  await studio.page.close();
  await browser.close();
  return rows;
}

/** From starting the server to a page whose first button can be pressed. */
async function startFigures(): Promise<TargetRow[]> {
  const [whole, warm]: [number[], number[]] = [[], []];
  for (let round = 0; round < starts; round++) {
    const began = performance.now();
    await using server = await startServer({ probed: false });
    const listening = performance.now();
    const browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    const launched = performance.now();
    await page.goto(server.address);
    await usable(page);
    const done = performance.now();
    whole.push(done - began);
    warm.push(listening - began + (done - launched));
    await browser.close();
  }
  return [
    row('start', 'server and Chromium to usable page', median(whole), 'ms', 2000),
    row('start', 'the same, Chromium running already', median(warm), 'ms', 2000),
  ];
}

/** From the plug to the frame that shows the card. */
async function plugFigures({ page, client }: StudioPage): Promise<TargetRow[]> {
  await page.evaluate(`
    globalThis.cards = new Map();
    new MutationObserver(() => {
      for (const card of document.querySelectorAll('[data-port]')) {
        const { port } = card.dataset;
        // The frame after the one that paints it.
        if (!cards.has(port)) requestAnimationFrame(() => requestAnimationFrame(() =>
          cards.has(port) || cards.set(port, performance.timeOrigin + performance.now())));
      }
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
  `);
  const took: number[] = [];
  for (let round = 0; round < plugs; round++) {
    const began = performance.timeOrigin + performance.now();
    const { portPath } = await client.boards.plugVirtual({ board: 'nanovna-h' });
    const shownAt = await page.evaluate(`(async () => {
      const port = ${JSON.stringify(portPath)};
      while (!cards.has(port)) await new Promise(requestAnimationFrame);
      return cards.get(port);
    })()`);
    took.push(Number(shownAt) - began);
    await client.boards.unplugVirtual({ portPath });
    await page.locator(`[data-port="${portPath}"]`).waitFor({ state: 'detached' });
    await page.evaluate('cards.clear()');
  }
  return [
    row('plug', `to card on screen, p95 of ${plugs}`, quantile(took, 0.95), 'ms', 300),
    row('plug', 'to card on screen, median', median(took), 'ms'),
  ];
}

/** One board alone, then sixteen at once, with the boards page open. */
async function jobFigures(
  browser: Browser,
  server: StudioServer,
  { page, client }: StudioPage,
): Promise<TargetRow[]> {
  const ports: string[] = [];
  while (ports.length < boards)
    ports.push((await client.boards.plugVirtual({ board: 'nanovna-h' })).portPath);
  await page
    .locator(`[data-port]`)
    .nth(boards - 1)
    .waitFor();
  const alone = await flashAll(client, ports.slice(0, 1));
  const seen = await watchMainThread(browser, page);
  server.reset();
  const all = await flashAll(client, ports);
  const core = await server.figures();
  const { longestMs, busyMs } = await seen();
  const [aloneMs = Number.NaN] = alone.tookMs;
  const where = `${boards} boards`;
  const loss = (took: number): number => (took / aloneMs - 1) * 100;
  return [
    row(where, 'longest task of the page, thread time', longestMs, 'ms', 50),
    row(where, 'the page at work, of all time', (busyMs / Math.max(...all.tookMs)) * 100, '%'),
    row(where, 'event-loop delay of the core, p99', core.delayP99Ms, 'ms', 20),
    row(where, 'event-loop delay of the core, most', core.delayMostMs, 'ms'),
    row(where, 'the same in thread time, p99', core.ownDelayP99Ms, 'ms', 20),
    row(where, 'the same in thread time, most', core.ownDelayMostMs, 'ms'),
    row(where, 'reports of one job in any second, most', all.mostReportsPerSecond, '', 10),
    row(where, 'bytes of jobs to a page', all.bytesOfMessages / 1024, 'KiB'),
    row(where, 'in so many messages', all.messages, ''),
    row('1 board', 'backup, write and verify', aloneMs, 'ms'),
    row(where, 'the same, median', median(all.tookMs), 'ms'),
    row(where, 'loss against one alone, median', loss(median(all.tookMs)), '%'),
    row(where, 'loss against one alone, most', loss(Math.max(...all.tookMs)), '%'),
  ];
}

/** The sixteen over and over: what is held at the end beyond what was held once the list of ended jobs was full. */
async function memoryFigures(server: StudioServer, { client, session }: StudioPage): Promise<TargetRow[]> {
  const { boards: there } = await client.boards.list({});
  const ports = there.map(({ portPath }) => portPath);
  const end = performance.now() + memoryMinutes * 60_000;
  // Until the list of ended jobs is full, there is more to hold each time.
  const full = Math.ceil(limits.endedJobs / ports.length) + 1;
  const samples: { core: number; resident: number; page: number }[] = [];
  let jobs = 0;
  do {
    await flashAll(client, ports);
    jobs += ports.length;
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number };
    const core = await server.figures();
    samples.push({ core: core.heapBytes, resident: core.residentBytes, page: usedSize });
  } while (performance.now() < end || samples.length <= full + 2);
  const grown = (of: (sample: (typeof samples)[number]) => number): number => {
    const [first, last] = [samples[full], samples.at(-1)];
    return first === undefined || last === undefined ? Number.NaN : (of(last) - of(first)) / mebi;
  };
  const now = samples.at(-1);
  const where = `${memoryMinutes} min`;
  return [
    row(where, 'jobs run one after another, 16 at a time', jobs, ''),
    row(where, 'memory of the core, after collection', (now?.core ?? Number.NaN) / mebi, 'MiB'),
    row(
      where,
      'the same, grown since all lists were full',
      grown(({ core }) => core),
      'MiB',
    ),
    row(
      where,
      'resident memory of the core, grown',
      grown(({ resident }) => resident),
      'MiB',
    ),
    row(where, 'memory of the page, after collection', (now?.page ?? Number.NaN) / mebi, 'MiB'),
    row(
      where,
      'the same, grown since all lists were full',
      grown(({ page }) => page),
      'MiB',
    ),
  ];
}

function row(where: string, what: string, figure: number, unit: string, target?: number): TargetRow {
  return { where, what, figure, unit, target };
}
