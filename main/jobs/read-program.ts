// What a board in flash mode says of itself without a job: its loader's own records, and the version in its program. Reads only.
import { isFlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import type { NamedVersion } from '../../shared/families.ts';
import type { ImageFact } from '../../shared/image-facts.ts';
import { limits } from '../../shared/limits.ts';
import type { Profile } from '../../shared/profile.ts';
import { concatBytes } from '../base/bytes.ts';
import type { Flow } from '../base/flow.ts';
import { lockPort } from '../base/lock.ts';
import type { Wait } from '../base/wait.ts';
import { chipOf } from '../devices/chips.ts';
import { guardsOf } from '../devices/guards.ts';
import { quirksFor } from '../devices/quirks.ts';
import type { LoaderSays } from '../families/family.ts';
import { familyOf } from '../families/registry.ts';
import { findFacts } from '../images/findings/find.ts';
import { addressedPart } from '../images/image.ts';
import { openTarget } from '../targets/open.ts';
import type { Target } from '../targets/target.ts';
import { loaderReader } from './families/loader-reader.ts';
import { openRanges } from './readable.ts';
import type { Services } from './services.ts';
import type { Sighting } from './survey.ts';

/** What was read of a board in flash mode. */
export interface ProgramRead {
  readonly loader: LoaderSays | undefined;
  /** What its program says of its version, in its own bytes. */
  readonly version: NamedVersion | undefined;
}

const nothing: ProgramRead = { loader: undefined, version: undefined };

/**
 * Opens a board that stands in flash mode, looks, and leaves it there. What cannot be opened or read tells nothing; boards
 * whose flash mode ends by itself are left alone, since their time is for flashing.
 * @throws FlashError `job.aborted`
 */
export async function readProgram(services: Services, sighting: Sighting, wait: Wait): Promise<ProgramRead> {
  const candidates = services.profiles.filter((one) =>
    sighting.report.candidates.some(({ profile }) => profile === one.id),
  );
  const told = candidates.filter((one) => one.family !== undefined);
  if (told.length === 0 || candidates.some((one) => one.window !== undefined || one.watchdog !== undefined))
    return nothing;
  try {
    await using _lock = sighting.bus.virtual ? undefined : await lockOf(services, sighting);
    await using target = await openTarget(sighting.bus, sighting.facts, optionsFor(services, sighting), wait);
    return await lookInto(services, sighting, target, told, wait);
  } catch (error) {
    if (isFlashError(error, 'job.aborted')) throw error;
    services.log.write('info', 'updates', `its flash was not read: ${toFlashError(error).message}`);
    return nothing;
  }
}

function lockOf({ host }: Services, { facts }: Sighting): Promise<AsyncDisposable> {
  return lockPort(host.paths.locks, facts.portPath, host.shell);
}

function optionsFor(
  { clock, log, pollMemory }: Services,
  { facts }: Sighting,
): Parameters<typeof openTarget>[2] {
  return { clock, log, pollMemory, quirks: quirksFor(facts) };
}

async function lookInto(
  services: Services,
  sighting: Sighting,
  target: Target,
  candidates: readonly Profile[],
  wait: Wait,
): Promise<ProgramRead> {
  const flow: Flow = { wait, stop: wait.signal, progress: () => undefined };
  const { clock, log } = services;
  let loader: LoaderSays | undefined;
  for (const id of new Set(candidates.flatMap((one) => one.family ?? []))) {
    const tools = { clock, log, wait, stop: wait.signal };
    loader ??= await familyOf(id).askLoader?.(loaderReader(target, flow), tools);
  }
  return { loader, version: await versionIn(services, sighting, target, flow) };
}

/** Reads on until a version is found: the same finders that look at files know where their makers write it. */
async function versionIn(
  { profiles }: Services,
  { facts }: Sighting,
  target: Target,
  flow: Flow,
): Promise<NamedVersion | undefined> {
  const region = target.regions.find((one) => one.kind === 'main-flash');
  if (region === undefined || !target.addressed || !target.abilities.read.possible) return undefined;
  const chip = chipOf(target.regions)?.slug;
  const guards = guardsOf(profiles, { ...facts, chip, runtimeIds: undefined });
  const [range] = openRanges(region, { guards });
  if (range === undefined) return undefined;
  const end = Math.min(range.end, range.start + limits.versionReadBytes);
  const pieces: Uint8Array[] = [];
  for (let at = range.start; at < end; at += limits.versionReadPieceBytes) {
    const piece = { start: at, end: Math.min(end, at + limits.versionReadPieceBytes) };
    pieces.push(await target.read(region, piece, flow));
    const parts = [addressedPart(range.start, concatBytes(pieces))];
    const found = findFacts({ format: 'raw', name: '', parts, ids: undefined, facts: [] }).find(isVersion);
    if (found !== undefined) return { of: found.of, version: found.version };
  }
  return undefined;
}

function isVersion(fact: ImageFact): fact is Extract<ImageFact, { code: 'version' }> {
  return fact.code === 'version';
}
