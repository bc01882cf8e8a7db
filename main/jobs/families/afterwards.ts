// Once it is written: the program is asked again, what is left is told, and done where the person agrees.
import type { AfterStep, NamedVersion, ProgramSays, SaysReport } from '../../../shared/families.ts';
import type { Plan } from '../../../shared/plan.ts';
import type { Result } from '../../../shared/result.ts';
import type { Family } from '../../families/family.ts';
import { familyOf } from '../../families/registry.ts';
import type { FamilyKnowledge } from '../board-facts.ts';
import { gateInput } from '../checks/family.ts';
import type { JobContext } from '../context.ts';
import type { KnownRun } from '../known.ts';
import type { Placed } from '../placement.ts';
import type { FlashRequest } from '../request.ts';
import type { Ending } from '../run.ts';
import type { Identified } from '../steps/identify.ts';
import { hearAfter, quietly, toolsOf } from './hear.ts';
import { withLine, type BoardPort } from './serial.ts';

/** What was written, and what had been read before. */
export interface Written {
  readonly request: FlashRequest;
  readonly plan: Plan;
  readonly placed: readonly Placed[];
  readonly known: readonly KnownRun[];
}

/** What the result gains. */
export type Aftermath = Pick<Result, 'says' | 'afterSteps'>;

/** Never rejects: nothing here can undo what was written, not even an end that is asked for now. */
export async function listenAgain(
  context: JobContext,
  written: Written,
  identified: Identified,
  ending: Ending,
  port: BoardPort | undefined,
): Promise<Aftermath> {
  const { request } = written;
  const { families = [] } = identified.facts;
  const settled = families.find((one) => one.settled);
  // A board that was found in flash mode is known by its program at last.
  const asked = settled === undefined ? families : [settled];
  const heardNow =
    port === undefined || ending.app !== 'running' ? undefined : await firstToAnswer(context, asked, port);
  const knowledge = settled ?? heardNow?.knowledge;
  if (knowledge === undefined) return {};
  const family = familyOf(knowledge.id);
  const after = heardNow?.says;
  // A switch that was set by hand is set until it is set back, also where the program was started from here.
  const byHand = identified.facts.entered ? [] : (knowledge.profile?.after ?? []);
  const steps: AfterStep[] = byHand.map((step) => ({ code: 'by-hand', step }));
  steps.push(...(await settle(context, family, knowledge, { written, identified, ending }, after, port)));
  const file = request.images.flatMap((image) =>
    image.facts.flatMap((fact) => (fact.code === 'version' ? [{ of: fact.of, version: fact.version }] : [])),
  );
  const before = knowledge.says;
  const heard = before !== undefined || after !== undefined;
  return {
    ...(heard ? { says: { before, after, file, verdict: compare(after, file) } } : {}),
    ...(steps.length === 0 ? {} : { afterSteps: steps }),
  };
}

async function firstToAnswer(
  context: JobContext,
  families: readonly FamilyKnowledge[],
  port: BoardPort,
): Promise<{ knowledge: FamilyKnowledge; says: ProgramSays } | undefined> {
  for (const knowledge of families) {
    const says = await hearAfter(context, familyOf(knowledge.id), port);
    if (says !== undefined) return { knowledge, says };
  }
  return undefined;
}

/** What the family leaves to do; done here where it can be and the person says yes. */
async function settle(
  context: JobContext,
  family: Family,
  knowledge: FamilyKnowledge,
  { written, identified, ending }: { written: Written; identified: Identified; ending: Ending },
  after: ProgramSays | undefined,
  port: BoardPort | undefined,
): Promise<readonly AfterStep[]> {
  const { request, plan, placed, known } = written;
  const { images } = request;
  const input = gateInput(knowledge, { board: identified.facts, request, images, placed, known });
  const left = family.afterwards?.({ ...input, after, app: ending.app }) ?? { steps: [] };
  const { offer } = left;
  if (offer === undefined) return left.steps;
  const otherwise = [...left.steps, offer.otherwise, { code: 'calibrate' } as const];
  const { carryOut } = family;
  if (carryOut === undefined || port === undefined) return otherwise;
  const agreed =
    request.accept?.has('clear-settings') === true ||
    (await context.control.ask(offer.question, plan).catch(() => false));
  if (!agreed) return otherwise;
  const tools = toolsOf(context);
  const done = await quietly(context, () =>
    withLine(context.services, port, tools, context.control.emit, (line) => carryOut(line, tools)),
  ).catch(() => undefined);
  return done === undefined ? otherwise : [...left.steps, ...done];
}

function compare(after: ProgramSays | undefined, file: readonly NamedVersion[]): SaysReport['verdict'] {
  const pairs = (after?.versions ?? []).flatMap((one) =>
    file.filter(({ of }) => of === one.of).map(({ version }) => version === one.version),
  );
  if (pairs.length === 0) return 'unknown';
  return pairs.every(Boolean) ? 'as-the-file-says' : 'differs-from-file';
}
