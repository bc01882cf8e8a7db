// Where a job listens: to the program before it ends, to the loader, and to the program again. What cannot be heard is done without.
import type { ProgramSays } from '../../../shared/families.ts';
import type { JobEvent } from '../../../shared/job-events.ts';
import type { Profile } from '../../../shared/profile.ts';
import { isFlashError, toFlashError } from '../../../shared/errors/flash-error.ts';
import { shrink } from '../../base/wait.ts';
import type { ExtraBackup, Family, FamilyId, FamilyTools, LoaderSays } from '../../families/family.ts';
import { matchProfiles, runningAs } from '../../devices/match.ts';
import { quirksFor } from '../../devices/quirks.ts';
import { familyOf } from '../../families/registry.ts';
import { inspectDevice } from '../../targets/inspect.ts';
import { recognise } from '../../targets/recognise.ts';
import type { Target } from '../../targets/target.ts';
import { seenOf } from '../board-report.ts';
import type { JobContext } from '../context.ts';
import type { Services } from '../services.ts';
import type { Sighting } from '../survey.ts';
import type { Heard } from './heard.ts';
import { loaderReader } from './loader-reader.ts';
import { withLine, type BoardPort } from './serial.ts';

/** All a program is asked for, ms: several slots of a few hundred lines each. */
const askLimitMs = 60_000;

/**
 * Before a board is taken out of its program: is that safe for it?
 * @throws FlashError `device.unsafe-entry`
 */
export function refuseUnsafeEntry(sighting: Sighting): void {
  for (const family of programFamilies(sighting)) {
    const refusal = family.entryRefusal?.(sighting.report, sighting.report.name);
    if (refusal !== undefined) throw refusal;
  }
}

/** Asks the program of a board that is about to leave it. @throws FlashError `job.*` */
export async function hearBefore(
  context: JobContext,
  sighting: Sighting,
  withExtra: boolean,
): Promise<Heard | undefined> {
  const families = programFamilies(sighting).filter((one) => one.askProgram !== undefined);
  if (families.length === 0) return undefined;
  const tools = toolsOf(context);
  context.emit({ type: 'waiting', for: 'program' });
  for (const family of families) {
    const says = await quietly(context, () =>
      askProgram(context.services, family, sighting, tools, sighting.report, context.control.emit),
    );
    if (says === undefined) continue;
    return { says, extra: withExtra ? await readExtra(context, family, sighting, says) : undefined };
  }
  return undefined;
}

async function readExtra(
  context: JobContext,
  { extraBackup }: Family,
  port: BoardPort,
  says: ProgramSays,
): Promise<ExtraBackup | undefined> {
  if (extraBackup === undefined) return undefined;
  const tools = toolsOf(context);
  const read = await quietly(context, () =>
    withLine(context.services, port, tools, context.control.emit, (line) => extraBackup(line, says, tools)),
  );
  return read ?? { files: [], facts: [{ code: 'calibration-not-read' }] };
}

/** The families whose programs this may run. */
function programFamilies({ running }: Sighting): Family[] {
  return [...new Set(running.flatMap((one) => one.family ?? []))].map(familyOf);
}

/** For `info`: what the program of one board says, if it can be asked. @throws FlashError `job.aborted` */
export async function hearProgram(
  services: Services,
  sighting: Sighting,
  wait: FamilyTools['wait'],
): Promise<ProgramSays | undefined> {
  const { clock, log } = services;
  const tools: FamilyTools = { clock, log, wait: shrink(wait, clock, askLimitMs), stop: wait.signal };
  for (const family of programFamilies(sighting)) {
    try {
      const says = await askProgram(services, family, sighting, tools, sighting.report, () => undefined);
      if (says !== undefined) return says;
    } catch (error) {
      if (isFlashError(error, 'job.aborted')) throw error;
      log.write('info', 'families', `its program was not heard: ${toFlashError(error).message}`);
    }
  }
  return undefined;
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
    const quirks = quirksFor(facts);
    const usb = await inspectDevice(bus, facts, undefined, quirks, { clock, wait: tools.wait });
    const seen = seenOf(facts, recognise(facts, quirks), usb);
    const mayBe = runningAs(matchProfiles(seen, context.services.profiles));
    if (!mayBe.some((one) => one.family === family.id)) return undefined;
    return await askProgram(context.services, family, port, tools, usb, context.control.emit);
  }).catch(() => undefined);
}

async function askProgram(
  services: Services,
  family: Family,
  port: BoardPort,
  tools: FamilyTools,
  usb: { manufacturer: string; product: string },
  emit: (event: JobEvent) => void,
): Promise<ProgramSays | undefined> {
  const { askProgram: ask } = family;
  if (ask === undefined) return undefined;
  return await withLine(services, port, tools, emit, (line) => ask(line, usb, tools));
}

/** What the loader's memories say, by family. @throws FlashError `job.*`, `usb.gone` */
export async function hearLoader(
  context: JobContext,
  target: Target,
  candidates: readonly Profile[],
): Promise<Map<FamilyId, LoaderSays>> {
  const said = new Map<FamilyId, LoaderSays>();
  const tools = toolsOf(context);
  const flow = { wait: tools.wait, stop: context.control.stop, progress: () => undefined };
  for (const id of new Set(candidates.flatMap((one) => one.family ?? []))) {
    const says = await familyOf(id).askLoader?.(loaderReader(target, flow), tools);
    if (says !== undefined) said.set(id, says);
  }
  return said;
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
