// What a person is told when a job cannot be recorded: why, and what that means for the board.
import type { ErrorCode, ErrorParams } from '../errors/codes.ts';
import { errorText, type ErrorText, type Platform } from './errors.ts';

/** With these, what happens is kept in a file beside the history; where that fails as well, that is said by another code. */
const keptBeside: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'store.locked',
  'store.read-only',
  'store.newer',
  'store.failed',
]);

const words = {
  goesOn: 'The job goes on, and what it does is kept beside the history until it can be added.',
  later: 'This job is kept beside the history, and added to it as soon as that can be.',
};

/** Never a reason to stop: the board's own state does not depend on it. @param ended the job is over by now */
export function jobWarningText<C extends ErrorCode>(
  code: C,
  params: ErrorParams[C],
  platform: Platform,
  ended = false,
): ErrorText {
  const { title, advice } = errorText(code, params, platform);
  if (code === 'backup.not-pruned') return { title, advice };
  // The new one is kept as usual.
  if (code === 'store.damaged' && 'aside' in params && params.aside !== undefined) return { title, advice };
  if (keptBeside.has(code)) return { title, advice: `${ended ? words.later : words.goesOn} ${advice}` };
  return {
    title,
    advice: ended
      ? `In the history this job is missing, or not whole. ${advice}`
      : `The job goes on, but is not recorded: should the computer fail meanwhile, Rekindle will not know how far it got. ${advice}`,
  };
}
