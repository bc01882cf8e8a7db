// Whether the board that came is the one that was planned for. Who it is (port, serial, name) makes no difference here;
// everything that would be done to it, and everything one should know before, does.
import type {
  Plan,
  PlanDifference,
  PlanQuestion,
  PlanWarning,
  SkipReason,
  StepName,
} from '../../../shared/plan.ts';

/** Steps that differ with how the board came and what is on it, not with what it is; they only look. */
const ofArrival: ReadonlySet<StepName> = new Set(['detect', 'enter', 'compare']);
/** Warnings about what is not known of a board; the profile that was chosen says it. */
const ofIdentity: ReadonlySet<string> = new Set(['identity-unproven', 'access-unknown']);

/** Only a board that is there can be known to be half-written; its backup is the one from before. */
const ofEarlier: ReadonlySet<SkipReason> = new Set(['earlier-backup-kept', 'half-written']);

/** Steps that a board which cannot be read leaves out, and what is told of it then. */
const ofReading: ReadonlySet<StepName> = new Set(['back-up', 'compare', 'verify']);

/** In what the real plan is not the one that was confirmed; empty when it is. What was settled beforehand is no difference. */
export function planDifferences(expected: Plan, real: Plan): PlanDifference[] {
  const { open, conditions = [] } = expected;
  const later = new Set<string>(conditions.flatMap((one) => (one.kind === 'ask' ? [one.id] : [])));
  const told = new Set<string>(conditions.flatMap((one) => (one.kind === 'tell' ? [one.code] : [])));
  const unreadable = later.has('go-without-backup') && real.warnings.some(isUnreadable);
  const asked = (plan: Plan): PlanQuestion[] => plan.questions.filter(({ id }) => !later.has(id));
  const known = new Set<string>([...codesOf(expected), ...told]);
  const news = codesOf({
    ...real,
    warnings: unreadable ? real.warnings.filter((one) => !isUnreadable(one)) : real.warnings,
  }).filter((code) => !known.has(code) && !(open !== undefined && code === 'erases-more'));
  const differs: Record<PlanDifference, boolean> = {
    protocol: expected.protocol !== real.protocol,
    memory: open === undefined && !sameMemory(expected, real),
    files: different(filesOf(expected), filesOf(real)),
    ranges: open === undefined && different(rangesOf(expected), rangesOf(real)),
    steps: different(stepsOf(expected, unreadable), stepsOf(real, unreadable)),
    'start-address': open === undefined && expected.leaveAddress !== real.leaveAddress,
    warnings: news.length > 0,
    questions:
      open === undefined
        ? different(asked(expected), asked(real))
        : asked(real).some(({ id }) => expected.questions.every((one) => one.id !== id)),
  };
  return (Object.keys(differs) as PlanDifference[]).filter((one) => differs[one]);
}

function isUnreadable(warning: PlanWarning): boolean {
  return (warning.code === 'no-backup' || warning.code === 'no-verify') && warning.why === 'cannot-be-read';
}

/** Each memory that was expected is there and as large; what the board has besides (option bytes) is not touched. */
function sameMemory(expected: Plan, real: Plan): boolean {
  return expected.memories.every(({ start, end }) =>
    real.memories.some((memory) => memory.start === start && memory.end === end),
  );
}

function filesOf({ images }: Plan): unknown {
  return images.map(({ sha256, bytes }) => [sha256, bytes]);
}

function rangesOf({ regions }: Plan): unknown {
  return regions.map(({ alternate, image, erase, write, kept, lost }) => [
    alternate,
    image,
    erase,
    write,
    kept,
    lost,
  ]);
}

/** Which steps are left out; why is for people, but for what an earlier job left: that is no backup. */
function stepsOf({ steps }: Plan, unreadable: boolean): unknown {
  const some = steps.filter(({ step }) => !ofArrival.has(step) && !(unreadable && ofReading.has(step)));
  return some.map(({ step, skip }) => [step, skip === undefined || ofEarlier.has(skip)]);
}

function codesOf({ warnings }: Plan): string[] {
  const some = warnings.filter((warning) => warning.code !== 'no-backup' || warning.why !== 'half-written');
  return some.map(({ code }) => code).filter((code) => !ofIdentity.has(code));
}

function different(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}
