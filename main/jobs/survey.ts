// Everything plugged in that might be a board, told in the same words everywhere.
import type { BoardReport } from '../../shared/board.ts';
import { formatId, formatIds } from '../../shared/hex.ts';
import { formatBytes } from '../../shared/units.ts';
import { checkWait, type Wait } from '../base/wait.ts';
import { isFlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import type { Bus, Facts } from '../devices/bus.ts';
import { bootloaderName, chipOf } from '../devices/chips.ts';
import { quirksFor } from '../devices/quirks.ts';
import { mayHaveWayIn, runningProfiles, softwareWays } from '../devices/running.ts';
import { nextHint } from '../devices/return.ts';
import { matchesIds, matchesSerial, parseIdFilter } from '../devices/selection.ts';
import { inspectDevice, type Inspection } from '../targets/inspect.ts';
import { recognise, type Recognised } from '../targets/recognise.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Selection } from './request.ts';
import type { Services } from './services.ts';

/** A board as found: what it is, and where to open it. */
export interface Sighting {
  readonly bus: Bus;
  readonly facts: Facts;
  readonly recognised: Recognised;
  readonly report: BoardReport;
  /** Boards it may be while it runs its program, by what it shows. */
  readonly running: readonly Profile[];
}

/** How often the bus is looked at while waiting for a board, ms, besides every hint from it. */
const lookEveryMs = 100;

/** All boards that pass the selection, as reports. Waits for one when told to. */
export async function surveyBoards(
  services: Services,
  selection: Selection,
  wait: Wait,
): Promise<BoardReport[]> {
  return (await findBoards(services, selection, wait)).map((sighting) => sighting.report);
}

/**
 * All boards that pass the selection. With `waitMs`, comes back as soon as one does, or empty when the time is over.
 * @throws FlashError `usage` on a selection that cannot be read, `job.aborted`
 */
export async function findBoards(services: Services, selection: Selection, wait: Wait): Promise<Sighting[]> {
  const end = services.clock.now() + selection.waitMs;
  const seen = new Map<string, Sighting>();
  for (;;) {
    checkWait(wait, services.clock);
    const found = await lookOnce(services, selection, wait, seen);
    if (found.some((sighting) => isCandidate(sighting, selection)) || services.clock.now() >= end)
      return found;
    const first = services.buses[0];
    if (first === undefined) return [];
    await nextHint(first, services.clock, Math.min(lookEveryMs, end - services.clock.now()), wait);
  }
}

/** Whether a job could start on it: it is in flash mode, or software can bring it there; and no part of the computer itself. */
export function isCandidate(sighting: Sighting, selection: Selection): boolean {
  const { recognised, running } = sighting;
  if (recognised.mode === 'other' && !running.some((one) => softwareWays(one).length > 0)) return false;
  return !sighting.report.internal || selection.device !== undefined || selection.ids !== undefined;
}

async function lookOnce(
  services: Services,
  selection: Selection,
  wait: Wait,
  seen: Map<string, Sighting>,
): Promise<Sighting[]> {
  const found: Sighting[] = [];
  for (const bus of services.buses) {
    for (const facts of await listOrNothing(bus, wait)) {
      const sighting = await sight(services, bus, facts, selection, wait, seen);
      if (sighting !== undefined) found.push(sighting);
    }
  }
  return found;
}

/** What a page's looks at the ports remember from one to the next. */
export interface SurveyMemory {
  /** Opened before and still there: not opened again. */
  readonly seen: Map<string, Sighting>;
  /** Everything the last look found, those with a problem included, by arrival. */
  last: ReadonlyMap<string, Sighting>;
}

/**
 * One look at every port, for a page that shows what is there. Boards are opened side by side: one that answers nonsense
 * slowly keeps no other from being shown.
 * @param busy what a job has, or waits for: it is not opened
 * @param partly told what is known while some are still being opened; those that were there before are in it as they were
 * @returns the boards, and why a bus could not be looked at
 * @throws FlashError `job.aborted`, `job.timeout`
 */
export async function surveyOnce(
  services: Services,
  memory: SurveyMemory,
  busy: IsBusy,
  wait: Wait,
  partly: (sightings: readonly Sighting[]) => void,
): Promise<{ sightings: readonly Sighting[]; problem: { code: string; params: object } | undefined }> {
  const arrivals: { key: string; bus: Bus; facts: Facts }[] = [];
  let problem: { code: string; params: object } | undefined;
  for (const bus of services.buses) {
    try {
      for (const facts of await bus.list(wait)) arrivals.push({ key: keyOf(bus, facts), bus, facts });
    } catch (error) {
      if (isFlashError(error, 'job.aborted', 'job.timeout')) throw error;
      const { code, params } = toFlashError(error);
      problem ??= { code, params };
    }
  }
  const found = new Map<string, Sighting>();
  const known = (): Sighting[] => arrivals.flatMap(({ key }) => found.get(key) ?? memory.last.get(key) ?? []);
  await Promise.all(
    arrivals.map(async ({ key, bus, facts }) => {
      const sighting = await sight(services, bus, facts, { waitMs: 0 }, wait, memory.seen, busy);
      if (sighting === undefined) return;
      found.set(key, sighting);
      if (found.size < arrivals.length && sighting !== memory.last.get(key)) partly(known());
    }),
  );
  memory.last = found;
  for (const key of memory.seen.keys()) if (!found.has(key)) memory.seen.delete(key);
  return { sightings: known(), problem };
}

function keyOf(bus: Bus, facts: Facts): string {
  return `${bus.name} ${facts.portPath} ${facts.generation}`;
}

async function listOrNothing(bus: Bus, wait: Wait): Promise<readonly Facts[]> {
  try {
    return await bus.list(wait);
  } catch (error) {
    if (isFlashError(error, 'job.aborted', 'usb.library-missing')) throw error;
    return [];
  }
}

async function sight(
  services: Services,
  bus: Bus,
  facts: Facts,
  selection: Selection,
  wait: Wait,
  seen: Map<string, Sighting>,
  busy: IsBusy = nothingIsBusy,
): Promise<Sighting | undefined> {
  const quirks = quirksFor(facts);
  const recognised = recognise(facts, quirks, selection.interfaceNumber);
  if (selection.ids !== undefined && !matchesIds(parseIdFilter(selection.ids), facts, recognised.mode))
    return undefined;
  const key = keyOf(bus, facts);
  let sighting = seen.get(key);
  if (sighting === undefined) {
    const dfu = recognised.mode === 'other' ? undefined : recognised.dfu;
    const known = mayHaveWayIn(services.profiles, facts);
    // A device that is no board of ours is nobody's business: it is not opened.
    const inspection =
      busy(facts) || (dfu === undefined && !known)
        ? notOpened
        : await inspectDevice(bus, facts, dfu, quirks, { clock: services.clock, wait });
    sighting = {
      bus,
      facts,
      recognised,
      report: reportOf(bus, facts, recognised, inspection, { internal: quirks.internal === true, known }),
      running:
        recognised.mode === 'dfu'
          ? []
          : runningProfiles(services.profiles, facts, inspection, recognised.mode),
    };
    if (inspection.problem === undefined && !busy(facts)) seen.set(key, sighting);
  }
  const { report } = sighting;
  if (selection.serial !== undefined && !matchesSerial(selection.serial, report.serial, report.mode))
    return undefined;
  if (selection.device !== undefined && !matchesText(selection.device, report)) return undefined;
  return sighting;
}

/** Whether a job has this board, or is about to. */
export type IsBusy = (facts: Facts) => boolean;
const nothingIsBusy: IsBusy = () => false;

const notOpened: Inspection = {
  manufacturer: '',
  product: '',
  serial: '',
  alternates: [],
  problem: undefined,
};

/**
 * A board as its list entry tells of it: for a job that has no time to open it twice.
 * @param running what it is while it runs its program, where it does
 */
export function unopenedSighting(
  bus: Bus,
  facts: Facts,
  recognised: Recognised,
  name: string,
  running: readonly Profile[],
): Sighting {
  const marks = { internal: quirksFor(facts).internal === true, known: true };
  const report = { ...reportOf(bus, facts, recognised, notOpened, marks), name };
  return { bus, facts, recognised, report, running };
}

/** The exact port path, or any part of what is shown. */
function matchesText(wanted: string, report: BoardReport): boolean {
  if (report.portPath === wanted) return true;
  // "1-1" must not also mean "1-10": text that looks like a port path is only ever a port path.
  if (/^\d+-\d+(\.\d+)*$/.test(wanted)) return false;
  const shown = [
    report.name,
    report.ids,
    report.product,
    report.manufacturer,
    report.serial,
    report.evidence,
  ];
  return shown.join('\n').toLowerCase().includes(wanted.toLowerCase());
}

function reportOf(
  bus: Bus,
  facts: Facts,
  recognised: Recognised,
  inspection: Inspection,
  { internal, known }: { readonly internal: boolean; readonly known: boolean },
): BoardReport {
  const dfu = recognised.mode === 'other' ? undefined : recognised.dfu;
  const standard = recognised.mode === 'other' ? '' : recognised.standard;
  const chip = recognised.mode === 'dfu' ? chipOf(inspection.alternates) : undefined;
  const ids = formatIds(facts.vendorId, facts.productId);
  const called = inspection.product.replace(/\s+/g, ' ');
  const name = chip?.name ?? (called === '' ? (bootloaderName(ids) ?? ids) : called);
  return {
    portPath: facts.portPath,
    bus: bus.name,
    virtual: bus.virtual,
    ids,
    mode: recognised.mode,
    isBoard: recognised.mode !== 'other' || known,
    standard,
    name,
    slug: chip?.slug ?? '',
    likely: chip?.boards ?? [],
    manufacturer: inspection.manufacturer,
    product: inspection.product,
    serial: inspection.serial,
    bcdDevice: formatId(facts.bcdDevice),
    internal,
    transferSize: dfu?.reportedTransferSize,
    canDownload: dfu?.canDownload ?? false,
    canUpload: dfu?.canUpload ?? false,
    manifestationTolerant: dfu?.manifestationTolerant ?? false,
    willDetach: dfu?.willDetach ?? false,
    interfaceNumber: dfu?.interfaceNumber,
    alternates: inspection.alternates,
    problem:
      inspection.problem === undefined
        ? undefined
        : { code: inspection.problem.code, params: inspection.problem.params },
    evidence: evidenceOf(ids, standard, inspection),
  };
}

function evidenceOf(ids: string, standard: string, inspection: Inspection): string {
  const parts = [`USB ${ids}`];
  if (standard !== '') parts.push(standard);
  const flash = inspection.alternates.find((one) => one.kind === 'main-flash' && one.runs.length > 0);
  for (const run of flash?.runs.slice(0, 4) ?? []) {
    parts.push(`${run.count} ${run.count === 1 ? 'sector' : 'sectors'} of ${formatBytes(run.sectorSize)}`);
  }
  return parts.join(', ');
}
