// What a person is told when a job cannot be recorded: why, and what that means for the board.
import type { ErrorCode, ErrorParams } from '../errors/codes.ts';
import { errorText, type ErrorText, type Platform } from './errors.ts';

/** Never a reason to stop: the board's own state does not depend on it. @param ended the job is over by now */
export function jobWarningText<C extends ErrorCode>(
  code: C,
  params: ErrorParams[C],
  platform: Platform,
  ended = false,
): ErrorText {
  const { title, advice } = errorText(code, params, platform);
  // The new one is kept as usual.
  if (code === 'store.damaged' && 'aside' in params && params.aside !== undefined) return { title, advice };
  return {
    title,
    advice: ended
      ? `In the history this job is missing, or not whole. ${advice}`
      : `The job goes on, but is not recorded: should the computer fail meanwhile, Rekindle will not know how far it got. ${advice}`,
  };
}
