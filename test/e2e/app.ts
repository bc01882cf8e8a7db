// The studio as people meet it: the built page in Chromium, on the server shell, with virtual boards plugged in.
import { spawnSync } from 'node:child_process';
import type { Browser, Locator, Page } from 'playwright-core';
import { realClock } from '../../main/base/clock.ts';
import { createBoard, type BoardName, type BoardOptions } from '../../main/bench/boards/registry.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { startServer, type StudioServer } from '../../main/server/http.ts';
import { readPage } from '../../main/server/page-files.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import { haltedBus } from '../support/halted-bus.ts';
import { hastyClock } from '../support/hasty-clock.ts';
import { makeStudio, type StudioRig, type StudioRigOptions } from '../contract/studio-rig.ts';
import type { PickedFile } from './firmware-files.ts';

/** Builds the page where it is older than its sources. @throws Error where that fails */
export function buildPage(): void {
  const built = spawnSync('node', ['scripts/build.mjs', '--page', '--quiet'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`The page was not built:\n${built.stdout}${built.stderr}`);
}

/** Against hanging; what a page waits for may be a whole job, on a busy computer. */
const pageLimitMs = 45_000;

/** How a page is opened. */
export interface PageOptions {
  readonly theme?: 'light' | 'dark';
  /** Lets scripts of the test into the page, which its policy forbids. */
  readonly trusted?: boolean;
  readonly size?: { readonly width: number; readonly height: number };
  /** Whether its person asked the system for less motion. */
  readonly stillness?: 'reduce' | 'no-preference';
}

/** One page of the studio, in a context of its own. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** What was thrown or printed as an error so far. */
  readonly troubles: readonly string[];
}

/** A studio with its server. */
export interface App extends AsyncDisposable {
  readonly rig: StudioRig;
  readonly server: StudioServer;
  /** Opens a page, let in by a fresh start code. */
  open(options?: PageOptions): Promise<OpenPage>;
  /** Plugs a board in; its port and memory are judged by the test. */
  plug(name: BoardName, options?: Omit<BoardOptions, 'clock'>): PlacedBoard;
  /** Lays a board beside a port, its cable not in yet. */
  lay(name: BoardName, options?: Omit<BoardOptions, 'clock'>): PlacedBoard;
  /** From now on boards of whose port this holds stand still, before the next data they would send or be sent. */
  halt(stands: (portPath: string) => boolean): void;
  /** Ends that. */
  goOn(): void;
}

/** A board and where it is. */
export type PlacedBoard = VirtualBoard & { readonly portPath: string };

/**
 * A studio with its server. Where the test wishes neither a clock nor how long boards take, boards and jobs wait a third
 * of their time: what is clicked meanwhile follows on a busy machine as well.
 */
export async function openApp(browser: Browser, options: StudioRigOptions = {}): Promise<App> {
  const { timeScale = 0, faults = [], wrap = (bus: UsbBus) => bus } = options;
  let stands = (_portPath: string): boolean => false;
  const halted = haltedBus((portPath) => stands(portPath));
  const { clock = options.timeScale === undefined ? hastyClock(3) : realClock } = options;
  const rig = await makeStudio({ ...options, clock, wrap: (bus) => wrap(halted(bus)) });
  const server = await serve(rig);
  const lay: App['lay'] = (name, boardOptions = {}) => {
    const board = createBoard(name, { clock, timeScale, faults, ...boardOptions });
    const { portPath } = rig.bench.lay(board, `virtual-${rig.bench.ports.length + 1}`);
    return Object.assign(board, { portPath });
  };
  return {
    rig,
    server,
    open: (pageOptions) => openPage(browser, server.newAddress(), pageOptions),
    lay,
    plug(name, boardOptions) {
      const board = lay(name, boardOptions);
      rig.bench.act(board.portPath, { act: 'plug' });
      return board;
    },
    halt: (which) => void (stands = which),
    goOn: () => void (stands = () => false),
    async [Symbol.asyncDispose]() {
      stands = () => false;
      await server[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    },
  };
}

/** The server shell around a studio. */
export function serve(rig: Pick<StudioRig, 'studio' | 'host'>, port = 0): Promise<StudioServer> {
  return startServer({
    studio: rig.studio,
    files: readPage('dist/renderer'),
    clock: realClock,
    log: rig.host.log,
    port,
  });
}

export async function openPage(
  browser: Browser,
  address: string,
  options: PageOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: options.size ?? { width: 1024, height: 640 },
    colorScheme: options.theme ?? 'light',
    reducedMotion: options.stillness ?? 'no-preference',
    bypassCSP: options.trusted ?? false,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(pageLimitMs);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.goto(address);
  return { page, troubles, [Symbol.asyncDispose]: () => context.close() };
}

/** The card of a board on the list. */
export function card(page: Page, portPath: string): Locator {
  return page.locator(`[data-port="${portPath}"]`);
}

/** Opens a board's page from the list, and backs it up. */
export async function backUp(page: Page, portPath: string): Promise<void> {
  await card(page, portPath).click();
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByRole('heading', { name: 'Backed up. The board is unchanged' }).waitFor();
}

/** Opens a board's page from the list, and gives it a file. */
export async function chooseFirmware(page: Page, portPath: string, file: PickedFile): Promise<void> {
  await card(page, portPath).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose firmware' }).click();
  await (await chooser).setFiles(file);
}

/** From the list of all boards to where one is got ready for, as people go there. */
export async function chooseBoard(page: Page, profile: string): Promise<void> {
  await page
    .getByRole('link', { name: 'Choose my board' })
    .or(page.getByRole('button', { name: 'Choose my board' }))
    .first()
    .click();
  await page.locator(`[data-profile="${profile}"] a`).click();
}

/** The main button of a plan; its words read the choice back. */
export function mainButton(page: Page): Locator {
  return page.getByRole('button', { name: /^(Back up, then )?(install|restore) .* on this /i });
}

/** What the three ticks say, `yes`, `no` or `open` each: written, compared, came back. */
export async function ticks(page: Page): Promise<string[]> {
  await page.locator('[data-tick]').first().waitFor();
  return await page
    .locator('[data-tick]')
    .evaluateAll((rows) =>
      rows.map((row) => ['yes', 'no', 'open'].find((state) => row.classList.contains(state)) ?? ''),
    );
}
