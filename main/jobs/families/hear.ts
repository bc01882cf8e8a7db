// Where a job listens: to the program before it ends, to the loader, and to the program again. What cannot be heard is done without.
import { limits } from '../../../shared/limits.ts';
import type { ProgramSays } from '../../../shared/families.ts';
import type { Profile } from '../../../shared/profile.ts';
import { FlashError, isFlashError, toFlashError } from '../../../shared/errors/flash-error.ts';
import { sizeOf } from '../../../shared/ranges.ts';
import { shrink } from '../../base/wait.ts';
import type {
  ExtraBackup,
  Family,
  FamilyId,
  FamilyTools,
  LoaderReader,
  LoaderSays,
} from '../../families/family.ts';
import { quirksFor } from '../../devices/quirks.ts';
import { familyOf } from '../../families/registry.ts';
import { inspectDevice } from '../../targets/inspect.ts';
import type { Target } from '../../targets/target.ts';
import type { JobContext } from '../context.ts';
import type { Services } from '../services.ts';
import type { Sighting } from '../survey.ts';
import { candidatesFor, sharedFamily } from './candidates.ts';
import type { Heard } from './heard.ts';
import { withLine, type BoardPort } from './serial.ts';

/** A program that runs has its port already; another program may hold it for a moment, ms. */
const portLimitMs = 2_000;
/** A program that has just started may take this long to show its port and answer, ms; ours, generous. */
const returnedLimitMs = 8_000;
/** All a program is asked for, ms: several slots of a few hundred lines each. */
const askLimitMs = 60_000;

/** Asks the program of a board that is about to leave it. @throws FlashError `device.unsafe-entry`, `job.*` */
export async function hearBefore(
  context: JobContext,
  sighting: Sighting,
  withExtra: boolean,
): Promise<Heard | undefined> {
  if (sighting.recognised.mode === 'dfu') return undefined;
  const { report, facts } = sighting;
  const family = programFamily(context.services, sighting);
  if (family === undefined) return undefined;
  const refusal = family.entryRefusal?.(report, report.name);
  if (refusal !== undefined) throw refusal;
  if (family.askProgram === undefined) return undefined;
  const tools = toolsOf(context);
  context.emit({ type: 'waiting', for: 'program' });
  const heard = await quietly(context, () =>
    askProgram(context.services, family, sighting, tools, portLimitMs, report),
  );
  if (heard === undefined || !withExtra || family.extraBackup === undefined) {
    return heard === undefined ? undefined : { says: heard, extra: undefined };
  }
  const { extraBackup } = family;
  const port: BoardPort = { bus: sighting.bus, facts };
  const failed: ExtraBackup = { files: [], facts: [{ code: 'calibration-not-read' }] };
  const extra = await quietly(context, () =>
    withLine(context.services, port, tools, portLimitMs, (line) => extraBackup(line, heard, tools)),
  );
  return { says: heard, extra: extra ?? failed };
}

/** The family whose program this may be; undefined where none has anything to ask. */
function programFamily(services: Services, { report, facts }: Sighting): Family | undefined {
  const shown = { ...report, chip: undefined };
  const id = sharedFamily(candidatesFor(services.profiles, facts, shown), facts);
  return id === undefined ? undefined : familyOf(id);
}

/** For `info`: what the program of one board says, if it can be asked. Never rejects but for `job.aborted`. */
export async function hearProgram(
  services: Services,
  sighting: Sighting,
  wait: FamilyTools['wait'],
): Promise<ProgramSays | undefined> {
  const family = sighting.recognised.mode === 'dfu' ? undefined : programFamily(services, sighting);
  if (family === undefined) return undefined;
  const { clock, log } = services;
  const tools: FamilyTools = { clock, log, wait: shrink(wait, clock, askLimitMs), stop: wait.signal };
  try {
    return await askProgram(services, family, sighting, tools, portLimitMs, sighting.report);
  } catch (error) {
    if (isFlashError(error, 'job.aborted')) throw error;
    log.write('info', 'families', `its program was not heard: ${toFlashError(error).message}`);
    return undefined;
  }
}

/** Asks a program that has just come back. Nothing here can undo what was written: it never rejects. */
export async function hearAfter(
  context: JobContext,
  family: Family,
  port: BoardPort,
): Promise<ProgramSays | undefined> {
  if (family.askProgram === undefined) return undefined;
  const { clock } = context.services;
  const tools = toolsOf(context);
  return await quietly(context, async () => {
    const { bus, facts } = port;
    const usb = await inspectDevice(bus, facts, undefined, quirksFor(facts), { clock, wait: tools.wait });
    const mayBe = candidatesFor(context.services.profiles, facts, { ...usb, chip: undefined });
    if (!mayBe.some((one) => one.family === family.id)) return undefined;
    return await askProgram(context.services, family, port, tools, returnedLimitMs, usb);
  }).catch(() => undefined);
}

async function askProgram(
  services: Services,
  family: Family,
  port: BoardPort,
  tools: FamilyTools,
  limitMs: number,
  usb: { manufacturer: string; product: string },
): Promise<ProgramSays | undefined> {
  const { askProgram: ask } = family;
  if (ask === undefined) return undefined;
  return await withLine(services, port, tools, limitMs, (line) => ask(line, usb, tools));
}

/** What the loader's memories say, by family. @throws FlashError `job.*`, `usb.gone` */
export async function hearLoader(
  context: JobContext,
  target: Target,
  candidates: readonly Profile[],
): Promise<Map<FamilyId, LoaderSays>> {
  const said = new Map<FamilyId, LoaderSays>();
  const tools = toolsOf(context);
  for (const id of new Set(candidates.flatMap((one) => one.family ?? []))) {
    const says = await familyOf(id).askLoader?.(readerOf(context, target, tools), tools);
    if (says !== undefined) said.set(id, says);
  }
  return said;
}

/** Bounded, and nothing but reading. */
function readerOf(context: JobContext, target: Target, tools: FamilyTools): LoaderReader {
  return {
    kinds: target.regions.map((region) => region.kind),
    async read(kind, range) {
      const region = target.regions.find((one) => one.kind === kind);
      if (region === undefined || sizeOf(range) > limits.loaderReadBytes)
        throw new FlashError('internal', { detail: `a family reads ${sizeOf(range)} bytes of ${kind}` });
      const flow = { wait: tools.wait, stop: context.control.stop, progress: () => undefined };
      return await target.read(region, range, flow);
    },
  };
}

export function toolsOf(context: JobContext): FamilyTools {
  const { clock, log } = context.services;
  const { stop } = context.control;
  return { clock, log, wait: shrink(context.wait, clock, askLimitMs), stop };
}

/** What is only nice to know fails no job; only the person's own word ends it. */
export async function quietly<T>(context: JobContext, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    context.checkStop();
    context.services.log.write('info', 'families', `not heard: ${toFlashError(error).message}`);
    return undefined;
  }
}
