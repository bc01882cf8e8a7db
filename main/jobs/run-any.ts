// The one door to jobs: those on a board that is there, those that wait for one, and those that turn from one to the other.
import { waysByHand } from '../../shared/coach-way.ts';
import { limits } from '../../shared/limits.ts';
import type { Result } from '../../shared/result.ts';
import { waitAndFlash } from './arm/arm.ts';
import { expectedBoard } from './arm/expected-board.ts';
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
  control.emit({ type: 'result', result });
  return result;
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
  const { error, content, portPath } = result;
  // Said by the ways in (main/entry), of a board whose profile knows what a hand can do.
  const code: string | undefined = error?.code;
  if (code !== 'entry.by-hand-needed' || content.kind !== 'untouched' || flash.dryRun) return undefined;
  const { board } = (error?.params ?? {}) as { readonly board?: unknown };
  const profile = profiles.find(({ id, name }) => id === board || name === board);
  const way = profile === undefined ? undefined : waysByHand(profile)[0];
  if (profile === undefined || way === undefined || expectedBoard(profile, profiles) === undefined)
    return undefined;
  // The way is named, so that software does not try once more what has just failed.
  return {
    kind: 'arm',
    flash,
    backup: undefined,
    profile: profile.id,
    portPath,
    way: way.name,
    waitMs: limits.armedWaitMs,
  };
}
