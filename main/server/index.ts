// The studio in a browser: for development, and where Electron cannot be had. Never part of the packages.
import '../base/thread-pool.ts';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { realClock } from '../base/clock.ts';
import { dataFolder } from '../data-folder.ts';
import { openRealStudio } from '../open-studio.ts';
import { serverText } from '../../shared/text/server.ts';
import { findBrowser, noWindowBecause, openAppWindow } from './browser.ts';
import { serverHost } from './host.ts';
import { untilIdle } from './idle.ts';
import { startServer } from './http.ts';
import { readPage } from './page-files.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'no-window': { type: 'boolean', default: false },
    'only-virtual': { type: 'boolean', default: false },
    'time-scale': { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
});

const { host, logs } = serverHost(values.verbose);
const here = import.meta.dirname;
const studio = await openRealStudio(host, logs, {
  actions: {},
  licencesFile: path.join(here, 'licences.json'),
  onlyVirtual: values['only-virtual'],
  timeScale: Number(values['time-scale']),
});
const newer = studio.newerRelease();
if (newer !== undefined) console.log(serverText.newer(newer.version, newer.page));
const server = await startServer({
  studio,
  files: readPage(path.join(here, 'renderer')),
  clock: realClock,
  log: host.log,
  port: Number(values.port),
});

let ending = false;
async function end(): Promise<void> {
  // The second time, at once: what is being written then is in doubt, and the next start repairs it.
  if (ending) process.exit(130);
  ending = true;
  const busy = studio.busy();
  for (const job of busy) console.log(serverText.finishing(job.boardName));
  await studio.close();
  await server[Symbol.asyncDispose]();
  process.exit(0);
}
/** A closed window or terminal is no wish to stop: a board half-written for it would help nobody. */
async function endAfterJobs(): Promise<void> {
  for (const job of studio.busy()) console.log(serverText.stillWriting(job.boardName));
  await untilIdle(studio);
  if (!ending) await end();
}
process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());
process.on('SIGHUP', () => void endAfterJobs());
// A terminal that is gone cannot be written to, and a mistake of ours must end no job half-way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
process.on('uncaughtException', (error: unknown) => {
  host.log.write('error', 'server', error instanceof Error ? (error.stack ?? error.message) : String(error));
});

const browser = findBrowser();
const obstacle = values['no-window']
  ? serverText.asAsked
  : (noWindowBecause() ?? (browser === undefined ? serverText.noBrowser : undefined));
if (browser !== undefined && obstacle === undefined) {
  console.log(serverText.opened);
  await openAppWindow(browser, server.newAddress(), path.join(dataFolder(host.platform), 'browser'));
  await endAfterJobs();
} else {
  console.log(serverText.address(obstacle ?? '', server.newAddress(), process.stdin.isTTY));
  if (process.stdin.isTTY) {
    // The address works once and for half a minute: a late reader asks for another.
    for await (const _ of createInterface(process.stdin)) console.log(server.newAddress());
  }
}
