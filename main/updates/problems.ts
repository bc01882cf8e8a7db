import { isFlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import { updateExitCodes, type UpdateErrorCode } from '../../shared/errors/update-codes.ts';
import type { FirmwareProblem } from '../../shared/firmware.ts';
import { limits } from '../../shared/limits.ts';

/** What went wrong with a source, as data. What is not of the updates' own codes is told as trouble with where they are kept. */
export function updateProblem(error: unknown, place: string): FirmwareProblem {
  const { code, params } = toFlashError(error);
  if (isUpdateCode(code)) return { code, params } as FirmwareProblem;
  if (isFlashError(error, 'job.timeout'))
    return { code: 'update.timeout', params: { host: place, waitedMs: limits.lookMs } };
  const { path: folder = place, reason = code } = params as { path?: string; reason?: string };
  return { code: 'update.folder', params: { folder, reason } };
}

function isUpdateCode(code: string): code is UpdateErrorCode {
  return Object.hasOwn(updateExitCodes, code);
}
