// Everything plugged in that might be a board, told in the same words everywhere.
import type { BoardReport } from '../../shared/board.ts';
import type { QuirkFlags } from '../../shared/quirks.ts';
import { checkWait, type Wait } from '../base/wait.ts';
import { FlashError, isFlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import type { Bus, Facts } from '../devices/bus.ts';
import { matchProfiles, runningAs } from '../devices/match.ts';
import { quirksFor } from '../devices/quirks.ts';
import { softwareWays } from '../devices/ways.ts';
import { nextHint } from '../devices/return.ts';
import { matchesIds, matchesSerial, parseIdFilter } from '../devices/selection.ts';
import { inspectDevice, type Inspection } from '../targets/inspect.ts';
import { recognise, type Recognised } from '../targets/recognise.ts';
import type { Profile } from '../../shared/profile.ts';
import { reportOf, seenOf } from './board-report.ts';
import type { Selection } from './request.ts';
import type { Services } from './services.ts';

/** A board as found: what it is, and where to open it. */
export interface Sighting {
  readonly bus: Bus;
  readonly facts: Facts;
  readonly recognised: Recognised;
  readonly report: BoardReport;
  /** Boards it may be while its program runs, by what it shows; none in flash mode. */
  readonly running: readonly Profile[];
}

/** What came of opening each device, by bus, port and arrival. What follows from it may change while it stays there. */
type Examinations = Map<string, Inspection>;

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
  checkProfile(services, selection.profile);
  const end = services.clock.now() + selection.waitMs;
  const seen: Examinations = new Map();
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

/**
 * Whether a job could start on it: it is in flash mode, or software can bring it there; it is no part of the computer itself,
 * and may be what it is said to be.
 */
export function isCandidate(sighting: Sighting, selection: Selection): boolean {
  const { recognised, running } = sighting;
  const isAsked = (one: Profile): boolean => selection.running === true || softwareWays(one).length > 0;
  if (recognised.mode === 'other' && !running.some(isAsked)) return false;
  if (!mayBe(sighting, selection.profile)) return false;
  return !sighting.report.internal || selection.device !== undefined || selection.ids !== undefined;
}

function checkProfile({ profiles }: Services, profile: string | undefined): void {
  if (profile === undefined || profiles.some((one) => one.id === profile)) return;
  throw new FlashError('usage', { detail: `There is no board "${profile}" among the profiles` });
}

/** Whether nothing it shows rules out that it is this board, or proves that it is another. */
export function mayBe({ report }: Sighting, profile: string | undefined): boolean {
  if (profile === undefined || report.profile === profile) return true;
  const proven = report.candidates.some((one) => one.sure && !one.generic);
  return !proven && report.candidates.some((one) => one.profile === profile);
}

async function lookOnce(
  services: Services,
  selection: Selection,
  wait: Wait,
  seen: Examinations,
): Promise<Sighting[]> {
  const found: Sighting[] = [];
  for (const bus of services.buses) {
    const listed = await listOrNothing(bus, wait);
    if (listed === undefined) continue;
    services.tracker.see(bus.name, listed, services.clock.now());
    for (const facts of listed) {
      const sighting = await sight(services, bus, facts, selection, wait, seen);
      if (sighting !== undefined) found.push(sighting);
    }
  }
  return found;
}

/** What a page's looks at the ports remember from one to the next. */
export interface SurveyMemory {
  /** Opened before and still there: not opened again, but for those that could not be. */
  readonly seen: Examinations;
  /** Everything the last look found, those with a problem included, by arrival. */
  last: ReadonlyMap<string, Sighting>;
}

/** How a page looks at the ports. */
export interface Look {
  /** What a job has, or waits for: it is not opened. */
  readonly busy: IsBusy;
  /** Whether those that could not be opened are tried again. */
  readonly retry: boolean;
}

/**
 * One look at every port, for a page that shows what is there. Boards are opened side by side: one that answers nonsense
 * slowly keeps no other from being shown.
 * @param partly told what is known while some are still being opened; those that were there before are in it as they were
 * @returns the boards, and why a bus could not be looked at
 * @throws FlashError `job.aborted`, `job.timeout`
 */
export async function surveyOnce(
  services: Services,
  memory: SurveyMemory,
  look: Look,
  wait: Wait,
  partly: (sightings: readonly Sighting[]) => void,
): Promise<{ sightings: readonly Sighting[]; problem: { code: string; params: object } | undefined }> {
  const arrivals: { key: string; bus: Bus; facts: Facts }[] = [];
  let problem: { code: string; params: object } | undefined;
  for (const bus of services.buses) {
    try {
      const listed = await bus.list(wait);
      services.tracker.see(bus.name, listed, services.clock.now());
      for (const facts of listed) arrivals.push({ key: keyOf(bus, facts), bus, facts });
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
      const before = memory.seen.get(key);
      const sighting = await sight(services, bus, facts, { waitMs: 0 }, wait, memory.seen, look);
      if (sighting === undefined) return;
      found.set(key, sighting);
      if (found.size < arrivals.length && memory.seen.get(key) !== before) partly(known());
    }),
  );
  memory.last = found;
  for (const key of memory.seen.keys()) if (!found.has(key)) memory.seen.delete(key);
  return { sightings: known(), problem };
}

function keyOf(bus: Bus, facts: Facts): string {
  return `${bus.name} ${facts.portPath} ${facts.generation}`;
}

/** Undefined where the ports could not be looked at, which says nothing of what is there. */
async function listOrNothing(bus: Bus, wait: Wait): Promise<readonly Facts[] | undefined> {
  try {
    return await bus.list(wait);
  } catch (error) {
    if (isFlashError(error, 'job.aborted', 'usb.library-missing')) throw error;
    return undefined;
  }
}

async function sight(
  services: Services,
  bus: Bus,
  facts: Facts,
  selection: Selection,
  wait: Wait,
  seen: Examinations,
  { busy, retry }: Look = { busy: nothingIsBusy, retry: true },
): Promise<Sighting | undefined> {
  const quirks = quirksFor(facts);
  const recognised = recognise(facts, quirks, selection.interfaceNumber);
  if (selection.ids !== undefined && !matchesIds(parseIdFilter(selection.ids), facts, recognised.mode))
    return undefined;
  const key = keyOf(bus, facts);
  let inspection = seen.get(key);
  if (inspection === undefined || (retry && inspection.problem !== undefined)) {
    const dfu = recognised.mode === 'other' ? undefined : recognised.dfu;
    const skip = busy(facts) || (dfu === undefined && !isWorthOpening(services, facts));
    inspection = skip
      ? notOpened
      : await inspectDevice(bus, facts, dfu, quirks, { clock: services.clock, wait });
    if (!busy(facts)) seen.set(key, inspection);
  }
  const sighting = understand(services, { bus, facts, recognised }, inspection, quirks, selection.profile);
  const { report } = sighting;
  if (selection.serial !== undefined && !matchesSerial(selection.serial, report.serial, report.mode))
    return undefined;
  if (selection.device !== undefined && !matchesText(selection.device, report)) return undefined;
  return sighting;
}

/** What a device is, from what it shows, what was said of it, and what it was before. */
function understand(
  { tracker, profiles, clock }: Services,
  device: Pick<Sighting, 'bus' | 'facts' | 'recognised'>,
  inspection: Inspection,
  quirks: QuirkFlags,
  told: string | undefined,
): Sighting {
  const { bus, facts, recognised } = device;
  const seen = seenOf(facts, recognised, inspection);
  const matches = matchProfiles(seen, profiles);
  const place = { bus: bus.name, portPath: facts.portPath, generation: facts.generation };
  const { serial } = inspection;
  tracker.learn(place, { serial, product: seen.product, matches }, clock.now());
  const unit = tracker.unitAt(place);
  const report = reportOf({ ...device, inspection, internal: quirks.internal === true, matches, unit }, told);
  return { ...device, report, running: runningAs(matches) };
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
 * @param told the profile of the board that it is waited for as
 */
export function unopenedSighting(
  services: Services,
  bus: Bus,
  facts: Facts,
  recognised: Recognised,
  told: string,
): Sighting {
  return understand(services, { bus, facts, recognised }, notOpened, quirksFor(facts), told);
}

/** What can be no board we do anything with is nobody's business: it is not opened. */
function isWorthOpening({ profiles }: Services, facts: Facts): boolean {
  const unread = { manufacturer: undefined, product: undefined, chip: undefined };
  const { vendorId, productId } = facts;
  return matchProfiles({ vendorId, productId, mode: 'other', ...unread }, profiles).some(
    ({ profile }) => profile.support !== 'named',
  );
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
