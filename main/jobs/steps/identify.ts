import type { BoardReport } from '../../../shared/board.ts';
import type { Profile } from '../../../shared/profile.ts';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import { chipOf, provesChip } from '../../devices/chips.ts';
import { guardsOf } from '../../devices/guards.ts';
import { isGeneric, matchProfiles, type Match } from '../../devices/match.ts';
import { quirksFor } from '../../devices/quirks.ts';
import type { Flow } from '../../base/flow.ts';
import { openTarget } from '../../targets/open.ts';
import type { Target } from '../../targets/target.ts';
import type { BoardFacts } from '../board-facts.ts';
import type { JobContext } from '../context.ts';
import type { BoardOptions } from '../request.ts';
import type { Services } from '../services.ts';
import type { Sighting } from '../survey.ts';
import { unsupported } from '../gate.ts';
import { readableRanges } from '../readable.ts';
import type { Entered } from './enter.ts';

/** Opened, in dfuIDLE, and understood. The caller disposes of the target. */
export interface Identified {
  readonly target: Target;
  readonly facts: BoardFacts;
  /** Boards that flash mode leaves. */
  readonly mayBe: readonly Profile[];
}

/** The board as the job has it so far. */
interface Found {
  readonly sighting: Sighting;
  readonly entered: Entered;
  readonly profile: Profile | undefined;
}

/** Enough to learn whether the chip lets itself be read: some refuse, and must be known to before planning. */
const probeBytes = 64;

/**
 * Opens the board and finds out what it is and can do.
 * @param probe read a few bytes, so that read protection is known before anything is planned
 * @throws FlashError `usb.*`, `dfu.*`, `dfuse.read-protected`, `device.*`; the board is unchanged
 */
export async function identifyBoard(
  context: JobContext,
  board: Found,
  options: BoardOptions,
  probe: boolean,
): Promise<Identified> {
  const { sighting, entered } = board;
  return await context.run('identify', undefined, async (flow) => {
    const { clock, log, pollMemory } = context.services;
    const target = await openTarget(
      sighting.bus,
      entered.facts,
      {
        clock,
        log,
        pollMemory,
        quirks: quirksFor(entered.facts),
        interfaceNumber: entered.entered ? undefined : options.selection.interfaceNumber,
        transferSize: options.transferSize,
        // A board that was caught was opened by nobody before.
        readSerial: !entered.entered && sighting.report.serial === '',
      },
      flow.wait,
    ).catch((error: unknown) => {
      throw afterEntering(error, entered);
    });
    try {
      if (probe) await probeReading(target, flow);
      return { target, ...factsOf(board, target, context.services) };
    } catch (error) {
      await target[Symbol.asyncDispose]();
      throw error;
    }
  });
}

/** A board that was detached and still answers as a running program did not start its bootloader. */
function afterEntering(error: unknown, entered: Entered): unknown {
  if (!entered.entered || !isFlashError(error, 'device.app-mode')) return error;
  return new FlashError('device.still-runtime', { portPath: entered.facts.portPath }, error);
}

async function probeReading(target: Target, flow: Flow): Promise<void> {
  if (!target.addressed || !target.abilities.read.possible) return;
  const region = target.regions.find((one) => one.kind === 'main-flash');
  const range = region === undefined ? undefined : readableRanges(region)[0];
  if (region === undefined || range === undefined) return;
  const quiet = { ...flow, progress: () => undefined };
  await target.read(
    region,
    { start: range.start, end: Math.min(range.end, range.start + probeBytes) },
    quiet,
  );
}

/** @throws FlashError `device.not-that-board` when flash mode shows that it is another */
function factsOf(
  { sighting, entered, profile }: Found,
  target: Target,
  { profiles, tracker }: Services,
): Omit<Identified, 'target'> {
  const chip = chipOf(target.regions);
  const { report, facts: before } = sighting;
  const ids = { vendorId: entered.facts.vendorId, productId: entered.facts.productId };
  const provenChip = provesChip(ids) ? chip?.slug : undefined;
  const runtimeIds = entered.entered ? { vendorId: before.vendorId, productId: before.productId } : undefined;
  const named = unsupported(profiles, ids, profile);
  const board = profile === undefined || isGeneric(profile) ? undefined : profile;
  const matches = matchesOf(report, entered, chip?.slug, profiles);
  if (board !== undefined && matches.every((one) => one.profile.id !== board.id)) {
    const { portPath } = entered.facts;
    const found = chip?.name ?? report.evidence;
    throw new FlashError('device.not-that-board', { portPath, said: board.name, found });
  }
  // A program knows the board's own name; a ROM knows only the chip.
  const name = board !== undefined || entered.entered || chip === undefined ? report.name : chip.name;
  const known: BoardFacts = {
    name,
    slug: board?.id ?? (entered.entered ? slugOf(report.name) : (chip?.slug ?? slugOf(report.name))),
    chip: provenChip,
    ...(board === undefined || report.known === undefined
      ? {}
      : { profile: { id: board.id, name: board.name, known: report.known } }),
    likely: board === undefined ? likelyNames(matches, report, entered) : [],
    portPath: entered.facts.portPath,
    virtual: report.virtual,
    serial: report.serial === '' ? target.serial : report.serial,
    ownNumber: tracker.numberOn({ bus: sighting.bus.name, portPath: entered.facts.portPath }),
    ...ids,
    runtimeIds,
    entered: entered.entered,
    protocol: target.protocol,
    addressed: target.addressed,
    regions: target.regions,
    abilities: target.abilities,
    ...(named === undefined ? {} : { unsupported: dangersOf(named) }),
    guards: guardsOf(profiles, { ...ids, chip: provenChip, runtimeIds, profile: board?.id }),
  };
  return { facts: known, mayBe: matches.map((one) => one.profile) };
}

/** The boards that flash mode leaves. Its texts are not read again: a loader's are not the program's. */
function matchesOf(
  { manufacturer, product }: BoardReport,
  { entered, facts }: Entered,
  chip: string | undefined,
  profiles: readonly Profile[],
): Match[] {
  const { vendorId, productId } = facts;
  const known = (text: string): string | undefined => (entered || text === '' ? undefined : text);
  return matchProfiles(
    { vendorId, productId, mode: 'dfu', chip, manufacturer: known(manufacturer), product: known(product) },
    profiles,
  );
}

/** Boards it may be; of one that came from its program, those that this program may be of. */
function likelyNames(matches: readonly Match[], { candidates }: BoardReport, { entered }: Entered): string[] {
  return matches
    .map((one) => one.profile)
    .filter((one) => !isGeneric(one) && (!entered || candidates.some(({ profile }) => profile === one.id)))
    .map((one) => one.name);
}

function dangersOf({ name: board, today = '', dangers }: Profile): BoardFacts['unsupported'] & object {
  return { board, today, dangers };
}

function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'board' : slug.slice(0, 40);
}
