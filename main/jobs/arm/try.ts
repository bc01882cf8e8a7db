// One try of an armed job: the board as its list entry tells of it, straight into lock, open and job.
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { PlanQuestion } from '../../../shared/plan.ts';
import type { Profile } from '../../../shared/profile.ts';
import type { Result } from '../../../shared/result.ts';
import { quirksFor } from '../../devices/quirks.ts';
import { recognise } from '../../targets/recognise.ts';
import type { FlashRequest, JobControl } from '../request.ts';
import { runJob } from '../run.ts';
import type { Services } from '../services.ts';
import { unopenedSighting, type Sighting } from '../survey.ts';
import type { PortSight } from './look.ts';
import { planDifferences } from './same-plan.ts';
import type { Settled } from './settle.ts';

/** Flashes the board. Nothing is asked: what was not confirmed beforehand refuses. Never rejects; tells no result. */
export async function tryOn(
  sight: PortSight,
  settled: Settled,
  services: Services,
  control: JobControl,
): Promise<Result> {
  const flash: FlashRequest = {
    ...settled.flash,
    selection: { profile: settled.profile.id, waitMs: 0 },
  };
  return await runJob(
    flash,
    services,
    {
      ...control,
      emit: (event) => {
        if (event.type !== 'result') control.emit(event);
      },
      ask: confirmedOnly(settled, control.ask),
    },
    caughtSighting(sight, services, settled.profile),
  );
}

/** Says yes to what was confirmed, and refuses what was not. Only what is left once all is written is for the person again. */
function confirmedOnly({ profile, plan: expected }: Settled, ask: JobControl['ask']): JobControl['ask'] {
  const { conditions = [] } = expected;
  const agreed = expected.questions.map(({ id }): PlanQuestion['id'] => id);
  let compared = false;
  return async (question, real) => {
    if (question.id === 'clear-settings') return await ask(question, real);
    // Reading takes work away; what it may not do is bring new questions.
    const differences = compared ? [] : planDifferences(expected, real);
    compared = true;
    if (differences.length === 0 && agreed.includes(question.id)) return true;
    if (differences.length === 0 && conditions.some((one) => one.kind === 'ask' && one.id === question.id))
      throw new FlashError('arm.left-alone', { board: profile.name, question });
    throw new FlashError('arm.plan-differs', {
      board: profile.name,
      differences: differences.length === 0 ? ['questions'] : differences,
    });
  };
}

/** A loader that calls itself a running program is in flash mode all the same: its ids say so (devices.md 2.2). */
function caughtSighting({ bus, facts, as }: PortSight, services: Services, profile: Profile): Sighting {
  const shown = recognise(facts, quirksFor(facts));
  const recognised = as === 'flash' && shown.mode === 'runtime' ? { ...shown, mode: 'dfu' as const } : shown;
  const running = recognised.mode === 'dfu' ? [] : [profile];
  return { ...unopenedSighting(services, bus, facts, recognised, profile.id), running };
}

/** Whether there is a way into flash mode that needs no hand. */
export function waysOfSoftware({ ways }: Profile): boolean {
  return ways.some(({ kind }) => kind !== 'by-hand');
}

/** Our own troubles, and the person's no: another try would meet them again. */
const enders: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'internal',
  'usage',
  'question.declined',
  'arm.left-alone',
  'backup.failed',
  'verify.mismatch',
  'trace.mismatch',
]);

/** Whether the job is over with this result. */
export function endsTheWait({ outcome, error, next }: Result): boolean {
  if (outcome === 'done' || outcome === 'cancelled' || error === undefined || next === 'restore') return true;
  return enders.has(error.code) || error.code.startsWith('file.') || error.code.startsWith('image.');
}

/** Whether the same board, as it stands there, is worth another try: what broke was the wire, or somebody else had it. */
export function isWorthAnotherTry({ content, error }: Result): boolean {
  if (content.kind !== 'untouched' || error === undefined) return true;
  if (error.code === 'usb.no-driver') return false;
  return error.code.startsWith('usb.') || error.code.startsWith('dfu.') || error.code === 'device.locked';
}
