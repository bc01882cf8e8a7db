// Advice that names a flag on the command line names what the page has instead.
import type { ErrorCode, ErrorParams } from '../errors/codes.ts';
import { permissionConsequences } from './error-reasons.ts';
import { errorText, type ErrorText, type Platform } from './errors.ts';

const ownAdvice: { readonly [code in ErrorCode]?: string } = {
  'device.several': 'Unplug all but the one you mean.',
  'device.locked': 'Wait until that is done, or end it there.',
  'file.cannot-create': 'Free the place, or see that your account may write there.',
  'file.exists': 'Nothing is ever written over. Try again in a moment.',
  'image.address-missing': 'Say where it goes under Options, if you know it.',
  'backup.failed': 'Nothing was erased. Try again, or switch the backup off under Options.',
  'plan.cannot-keep': 'Switch "Keep what surrounds it" off, and it is erased.',
  'question.unanswered': 'Try again, and answer when you are asked.',
  'question.declined': 'Nothing was changed. Start again whenever you like.',
  'verify.mismatch':
    'Write it again with "Write everything". If it fails at the same place, that part of the flash is protected or worn.',
  'job.stopped': '',
  'job.aborted': '',
};

/** The words for an error, as the page says them. */
export function pageErrorText<C extends ErrorCode>(
  code: C,
  params: ErrorParams[C],
  platform: Platform,
): ErrorText {
  const text = errorText(code, params, platform);
  if (code === 'plan.needs-permission') {
    const { consequence } = params as ErrorParams['plan.needs-permission'];
    return {
      title: text.title,
      advice: `${permissionConsequences[consequence] ?? consequence} The page does not do this; the command line does.`,
    };
  }
  return { title: text.title, advice: ownAdvice[code] ?? text.advice };
}
