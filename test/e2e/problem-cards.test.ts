// Every problem card, as each of the three systems shows it: met on the bench, read, and photographed for people to judge
// (dist/problem-cards).
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../main/host.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import { connect, type StudioClient } from '../../renderer/client/connect.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { untilEnded } from '../contract/page.ts';
import { carriers } from '../contract/studio-rig.ts';
import { noBrowser, startBrowser } from '../page/gallery.ts';
import { copy } from '../page/looks.ts';
import { buildPage, card, chooseFirmware, openApp, type App } from './app.ts';
import { dfuFile, type PickedFile } from './firmware-files.ts';

if (noBrowser !== undefined) console.warn(`Skipped, problem cards: ${noBrowser}`);

const photographs = 'dist/problem-cards';
/** Nothing can be saved on a full disk; sysfs says of itself that it has no room, and only root gets so far as to ask. */
const canFillDisk = process.platform === 'linux' && process.geteuid?.() === 0;
if (!canFillDisk) console.warn('Skipped, the card for a full disk: it takes root on Linux');

type Platform = Host['platform'];

/** A bus that refuses to open some of its ports. */
function refusing(refusals: ReadonlyMap<string, () => FlashError>): (bus: UsbBus) => UsbBus {
  return (bus) => ({
    name: bus.name,
    virtual: bus.virtual,
    list: (wait) => bus.list(wait),
    watch: (changed) => bus.watch(changed),
    async open(facts, wait) {
      const refusal = refusals.get(facts.portPath);
      if (refusal !== undefined) throw refusal();
      return await bus.open(facts, wait);
    },
  });
}

/** Starts a flash as a page does; answers the job's id. */
async function startFlash(client: StudioClient, portPath: string, file: PickedFile): Promise<string> {
  const { id } = await client.images.begin({ name: file.name, bytes: file.buffer.length });
  await client.images.append({ id, offset: 0, chunk: new Blob([new Uint8Array(file.buffer)]) });
  const plan = await client.jobs.plan({ portPath, images: [id] });
  return (await client.jobs.flash({ portPath, images: [id], confirmed: plan.hash })).id;
}

/** A card says what happened, how the board is and what to try, and hands out a report; here is its photograph. */
async function judge(page: Page, title: RegExp, photograph: string): Promise<Locator> {
  const problem = page.getByRole('region', { name: title });
  await problem.waitFor();
  const answers = problem.locator('dl > dd');
  expect((await problem.locator('dl > dt').allTextContents())[0]).toBe('The board now');
  expect((await answers.first().textContent())?.trim()).not.toBe('');
  const next = (await answers.count()) + (await problem.locator('footer button').count());
  // The board's state, the next step in words or as a button, and Copy report.
  expect(next).toBeGreaterThanOrEqual(3);
  await page.screenshot({ path: `${photographs}/${photograph}.png` });
  await copy(problem, 'Copy report');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^### Rekindle: \S/);
  expect(await problem.textContent()).not.toMatch(/undefined|NaN|\[object|--[a-z]/);
  return problem;
}

/** Boards that cannot be opened, by what their page is to say. */
const closed: readonly {
  readonly name: string;
  readonly error: (portPath: string, platform: Platform) => FlashError;
  readonly title: RegExp;
  /** What stands beside its lamp, where that says more. */
  readonly condition?: string;
  readonly next: Readonly<Record<Platform, RegExp>>;
}[] = [
  {
    name: 'no-rights',
    error: (portPath, platform) =>
      new FlashError('usb.access-denied', { portPath, ids: '0483:df11', platform }),
    title: /your account may not open it|something keeps it closed/,
    next: { linux: /70-rekindle\.rules/, darwin: /choose Allow/, win32: /Zadig/ },
  },
  {
    name: 'no-driver',
    error: (portPath, platform) => new FlashError('usb.no-driver', { portPath, ids: '0483:df11', platform }),
    title: /^Found.*, but (Windows has no usable driver for this mode|the system offers no way to open it)$/,
    next: { linux: /Unplug the board/, darwin: /choose Allow/, win32: /compare all eight digits/ },
  },
  {
    name: 'held-known',
    error: (portPath) => new FlashError('usb.busy', { portPath, holder: 'VirtualBoxVM (4711)' }),
    title: /^VirtualBoxVM \(4711\) is using the board/,
    next: { linux: /Close it/, darwin: /Close it/, win32: /Close it/ },
  },
  {
    name: 'held-unknown',
    error: (portPath) => new FlashError('usb.busy', { portPath, holder: undefined }),
    title: /something else is using it/,
    next: { linux: /Close them/, darwin: /Close them/, win32: /Close them/ },
  },
  {
    name: 'asleep',
    error: () => new FlashError('usb.timeout', {}),
    title: /^The board did not answer in time$/,
    condition: 'Found, but it does not answer: it may be asleep, or its USB may hang',
    next: { linux: /Unplug/, darwin: /Unplug/, win32: /Unplug/ },
  },
];

describe.skipIf(noBrowser !== undefined).each(['linux', 'darwin', 'win32'] as const)('on %s', (platform) => {
  const refusals = new Map<string, () => FlashError>();
  let browser: Browser;
  let app: App;
  let client: StudioClient;
  let page: Page;
  let stubborn: ReturnType<App['plug']>;
  let stubbornBefore: Uint8Array;
  let stubbornJob: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    buildPage();
    mkdirSync(photographs, { recursive: true });
    browser = await startBrowser();
    app = await openApp(browser, { platform, wrap: refusing(refusals) });
    await using carrier = await carriers['an in-memory pair'](app.rig.studio);
    client = connect(await carrier.page());
    await client.settings.change({ welcomed: true });
    // Its job waits ten seconds, as the core counts them, for the board. Nothing else is plugged in meanwhile: that would be asked about.
    stubborn = app.plug('runtime-dfu', { faults: [{ kind: 'never-return' }] });
    stubbornBefore = stubborn.flash.slice();
    stubbornJob = (await client.jobs.backUp({ portPath: stubborn.portPath })).id;
    await untilEnded(client, stubbornJob);
    const opened = await app.open({ size: { width: 1024, height: 900 } });
    page = opened.page;
    close = async () => {
      await opened[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
      await browser.close();
    };
  });
  afterAll(async () => {
    await close();
  });

  async function showJob(id: string): Promise<void> {
    await page.goto(`${app.server.origin}/#/job/${id}`);
  }

  it('nothing plugged in: the checklist, and the card of a job that found no board', async () => {
    await page.getByRole('heading', { name: 'Plug in a board, or choose it' }).waitFor();
    expect(await page.getByRole('list', { name: 'If it does not show' }).getByRole('listitem').count()).toBe(
      4,
    );
    await page.screenshot({ path: `${photographs}/no-board-${platform}.png` });
    const { id } = await client.jobs.backUp({ portPath: 'virtual-99' });
    await showJob(id);
    const problem = await judge(page, /^No board in flash mode/, `not-found-${platform}`);
    await problem.getByText('flash mode (its button').waitFor();
    await client.jobs.dismiss({ id });
  });

  it.each(closed)('$name', async ({ name, error, title, condition, next }) => {
    const portPath = `virtual-${app.rig.bench.ports.length + 1}`;
    refusals.set(portPath, () => error(portPath, platform));
    const board = app.plug('nanovna-h');
    await page.goto(`${app.server.origin}/#/boards`);
    await card(page, portPath).click();
    const problem = await judge(page, title, `${name}-${platform}`);
    if (condition !== undefined) await page.getByText(condition, { exact: true }).waitFor();
    await problem.getByText(next[platform]).first().waitFor();
    await problem.getByText('Nothing was changed on the board.').waitFor();
    expect(board.statistics.download).toBe(0);
    // The way out, once what kept it closed is gone. Never "Let me in" itself: the test may be root.
    refusals.delete(portPath);
    await problem.getByRole('button', { name: /^(Check again|Try again)$/ }).click();
    await page.getByRole('button', { name: 'Choose firmware' }).waitFor();
    app.rig.bench.unplug(portPath);
  });

  it('lost while writing', async () => {
    const board = app.plug('nanovna-h', {
      faults: [{ kind: 'vanish', at: { what: 'byte', index: 40_000 } }],
    });
    await showJob(await startFlash(client, board.portPath, dfuFile()));
    const problem = await judge(page, /^The board is gone from USB$/, `lost-while-writing-${platform}`);
    await problem.getByText(/No working firmware right now\. Old firmware is backed up/).waitFor();
    await problem.getByRole('button', { name: 'Continue' }).waitFor();
    expect(board.flash.subarray(80_000, 82_000).every((byte) => byte === 0xff)).toBe(true);
  });

  it('compare failed', async () => {
    const board = app.plug('nanovna-h', { faults: [{ kind: 'drop-write', block: 20 }] });
    await showJob(await startFlash(client, board.portPath, dfuFile()));
    const problem = await judge(
      page,
      /^Compared, and different: at 0x0800A000 /i,
      `compare-failed-${platform}`,
    );
    await problem.getByText('What is on the board differs from the file').waitFor();
    await problem.getByRole('button', { name: 'Repair' }).click();
    await page.locator('[data-tick=returned].yes').waitFor();
  });

  it('wrong file', async () => {
    const board = app.plug('nanovna-h');
    const before = board.flash.slice();
    await page.goto(`${app.server.origin}/#/boards`);
    await chooseFirmware(page, board.portPath, dfuFile({ vendorId: 0x1209 }));
    const problem = await judge(page, /is for another device/, `wrong-file-${platform}`);
    await problem.getByRole('button', { name: 'Another file' }).waitFor();
    expect(board.flash).toEqual(before);
  });

  it('locked', async () => {
    const board = app.plug('nanovna-h', { faults: [{ kind: 'read-protected' }] });
    const before = board.flash.slice();
    const { id } = await client.jobs.backUp({ portPath: board.portPath });
    await showJob(id);
    const problem = await judge(page, /^This chip says it is locked/, `locked-${platform}`);
    await problem.getByText(/on some USB 3 ports it only seems locked/).waitFor();
    expect(board.flash).toEqual(before);
  });

  it.skipIf(!canFillDisk)('disk full', async () => {
    const board = app.plug('nanovna-h');
    const before = board.flash.slice();
    rmSync(app.rig.host.paths.backups, { recursive: true, force: true });
    symlinkSync('/sys', app.rig.host.paths.backups);
    await showJob(await startFlash(client, board.portPath, dfuFile()));
    const problem = await judge(page, /^There is no room to save /, `disk-full-${platform}`);
    await problem.getByText('Not started. The board is unchanged').waitFor();
    await problem.getByRole('button', { name: 'Try again' }).waitFor();
    rmSync(app.rig.host.paths.backups);
    await problem.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-tick=returned].yes').waitFor();
    expect(board.flash).not.toEqual(before);
  });

  it('cannot enter flash mode', async () => {
    await showJob(stubbornJob);
    const problem = await judge(
      page,
      /left port .* for flash mode and did not come back/,
      `cannot-enter-flash-mode-${platform}`,
    );
    await problem.getByText('Its program is still on it.').first().waitFor();
    expect(stubborn.flash).toEqual(stubbornBefore);
  });
});
