// From what happened to what is told: the one place where outcome and next step are decided.
import type { ErrorCode } from '../../shared/errors/codes.ts';
import { isFlashError, type FlashError } from '../../shared/errors/flash-error.ts';
import type { Content, NextStep, Outcome } from '../../shared/result.ts';

/** Errors that mean "not on this board, not like this" rather than "it broke". */
const refusalCodes: readonly ErrorCode[] = [
  'usb.access-denied',
  'usb.busy',
  'usb.no-driver',
  'usb.library-missing',
  'serial.access-denied',
  'serial.busy',
  'serial.library-missing',
  'dfu.cannot-download',
  'dfu.cannot-upload',
  'dfu.no-transfer-size',
  'dfuse.bad-map',
  'dfuse.read-protected',
  'dfuse.unsupported',
  'backup.failed',
  'backup.secret',
  'backup.changed',
  'question.unanswered',
  'usage',
  'trace.mismatch',
];
const refusalGroups = ['device.', 'entry.', 'image.', 'file.', 'plan.', 'resume.', 'store.', 'arm.'];
/** The cable, the person or the power ended it; the board did nothing wrong. */
const interruptions: readonly ErrorCode[] = [
  'job.stopped',
  'job.aborted',
  'job.timeout',
  'usb.gone',
  'usb.transfer-error',
  'usb.timeout',
];

/** How a job that ended with this error ended. */
export function outcomeOf(error: FlashError, content: Content): Outcome {
  if (content.kind !== 'untouched') return interruptions.includes(error.code) ? 'interrupted' : 'failed';
  if (isFlashError(error, 'job.stopped', 'job.aborted', 'question.declined', 'arm.left-alone', 'arm.stopped'))
    return 'cancelled';
  if (refusalCodes.includes(error.code) || refusalGroups.some((group) => error.code.startsWith(group)))
    return 'refused';
  return 'failed';
}

/** DFU status codes by which a board says that this image is not for it (dfu.md 1.6: errTARGET, errFILE, errFIRMWARE). */
const imageRefused = [0x01, 0x02, 0x0a];

/**
 * The next one thing to do. A board that can be read goes on from what it holds; another must be written
 * from the start; one that refused the image itself gets its backup back.
 */
export function nextStepOf(
  error: FlashError,
  content: Content,
  board: { resumable: boolean; backedUp: boolean },
): NextStep {
  if (content.kind === 'untouched') return 'nothing';
  const refused = isFlashError(error, 'dfu.status') && imageRefused.includes(error.params.status);
  if (refused && board.backedUp) return 'restore';
  return board.resumable && !isFlashError(error, 'verify.mismatch') ? 'continue' : 'rewrite';
}
