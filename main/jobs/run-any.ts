// The one door to jobs: those on a board that is there, those that wait for one, and those that turn from one to the other.
import { canBeAwaited } from '../../shared/awaited.ts';
import { isCode, toFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import type { Result } from '../../shared/result.ts';
import { waitAndFlash } from './arm/arm.ts';
import type { ArmRequest, FlashRequest, JobControl, JobRequest } from './request.ts';
import { runJob } from './run.ts';
import type { Services } from './services.ts';

/** Runs one job to its end. Never rejects: everything that can go wrong is in the result, which is told last. */
export async function runAnyJob(
  request: JobRequest,
  services: Services,
  control: JobControl,
): Promise<Result> {
  const result = await resultOf(request, services, control);
  if (result.backup !== undefined) await tidyBackups(services, control);
  control.emit({ type: 'result', result });
  return result;
}

/** Old backups that stay where they should go are a nuisance, and no job's failure: it is said with the job. */
async function tidyBackups({ tidyBackups: tidy, log }: Services, { emit }: JobControl): Promise<void> {
  try {
    await tidy?.();
  } catch (error) {
    const { code, params } = toFlashError(error);
    log.write('warn', 'backups', `old ones were not removed: ${code} ${JSON.stringify(params)}`);
    emit({ type: 'warning', code: 'backup.not-pruned', params: { reason: code } });
  }
}

async function resultOf(request: JobRequest, services: Services, control: JobControl): Promise<Result> {
  if (request.kind === 'arm') return await waitAndFlash(request, services, control);
  const result = await runJob(request, services, {
    ...control,
    emit: (event) => {
      if (event.type !== 'result') control.emit(event);
    },
  });
  const byHand = request.kind === 'flash' ? waitingFor(request, result, services) : undefined;
  return byHand === undefined ? result : await waitAndFlash(byHand, services, control);
}

/**
 * No way that software has led into flash mode: the same job goes on with a hand, on the same port. Undefined where the
 * job is over, or the board one that cannot be waited for.
 */
function waitingFor(flash: FlashRequest, result: Result, { profiles }: Services): ArmRequest | undefined {
  const { error, content } = result;
  if (!isCode(error, 'entry.by-hand-needed') || content.kind !== 'untouched' || flash.dryRun)
    return undefined;
  const { params } = error;
  const [way] = params.ways;
  const profile = profiles.find(({ id }) => id === params.profile);
  if (profile === undefined || way === undefined || !canBeAwaited(profile)) return undefined;
  // The way is named, so that software does not try once more what has just failed.
  return {
    kind: 'arm',
    flash,
    backup: undefined,
    profile: profile.id,
    portPath: params.portPath,
    way: way.name,
    waitMs: limits.armedWaitMs,
  };
}
