import type { ErrorCode, ErrorParams } from '../errors/codes.ts';
import { formatAddress, formatRange } from '../hex.ts';
import {
  accessAdvice,
  differenceNames,
  limitNames,
  permissionConsequences,
  planReasons,
  whyNotPruned,
} from './error-reasons.ts';
import { turnedOutText } from './conditions.ts';
import { accessTexts } from './rights.ts';
import { routeAdvice } from './image-facts.ts';
import { deviceErrorTexts } from './device-errors.ts';
import { familyErrorTexts } from './family-errors.ts';
import { entryErrorTexts } from './entry-errors.ts';
import { fileErrorTexts } from './file-errors.ts';
import { releaseErrorTexts } from './app-update.ts';
import { storeErrorTexts } from './store-errors.ts';
import { updateErrorTexts } from './update-errors.ts';
import { usbErrorTexts, replug, report } from './usb-errors.ts';

/** What happened, and the next one thing to try. What state the board is in is the result's to say. */
export interface ErrorText {
  readonly title: string;
  readonly advice: string;
}

/** The system the core runs on; some remedies are its own. */
export type Platform = 'linux' | 'darwin' | 'win32';

/** One function a code: a code without words does not compile. */
export type ErrorTexts = {
  readonly [C in ErrorCode]: (params: ErrorParams[C], platform: Platform) => ErrorText;
};

const texts: ErrorTexts = {
  ...usbErrorTexts,
  ...deviceErrorTexts,
  ...entryErrorTexts((code, params, platform) => errorText(code, params as never, platform)),
  ...fileErrorTexts,
  ...storeErrorTexts,
  ...updateErrorTexts,
  ...releaseErrorTexts,
  ...familyErrorTexts,

  'plan.outside-memory': ({ ranges, memory }) => ({
    title: `Part of the image lies where this board has no memory: ${ranges.slice(0, 4).map(formatRange).join(', ')}`,
    advice:
      memory.length === 0
        ? 'The file is for another board, or the address is wrong: compare it with "rekindle info".'
        : `It has ${memory.slice(0, 6).map(formatRange).join(', ')}. The file is for another board, or the address is wrong.`,
  }),
  'plan.forbidden-range': ({ range, what }) => ({
    title: `${what} (${formatRange(range)}) must not be written`,
    advice: 'What is written there can never be undone.',
  }),
  'plan.not-writable': ({ range, what }) => ({
    title: `${formatRange(range)} in ${what} cannot be written on this board`,
    advice: 'A bootloader often keeps its own sectors; the program belongs behind them.',
  }),
  'plan.wrong-device': ({ file, device }) => ({
    title: `${file} is for another device; this board is ${device}`,
    advice: 'Choose the file for this board.',
  }),
  'plan.wrong-chip': ({ file, fileChip, fileEvidence, boardChip, boardEvidence }) => ({
    title: `${file} is for ${fileChip.toUpperCase()} (${fileEvidence}); this board has ${boardChip.toUpperCase()}${boardEvidence === '' ? '' : ` (${boardEvidence})`}`,
    advice: 'Choose the file for this board.',
  }),
  'plan.other-route': ({ file, what, route }) => ({
    title: `${file} is for ${what}, and goes there in another way`,
    advice: routeAdvice[route],
  }),
  'plan.digest-wrong': ({ file, what, expected, found }) => ({
    title: `${file} was changed or damaged after it was made: its ${what} is ${found.slice(0, 16)}, not ${expected.slice(0, 16)}`,
    advice: 'Download it again.',
  }),
  'plan.unaligned': ({ range, unit }) => ({
    title: `${formatRange(range)} does not begin and end at multiples of ${unit} bytes, which is how this chip is programmed`,
    advice: 'Fill it up to whole units, with the values that are on the board now.',
  }),
  'plan.no-such-alternate': ({ wanted, available }) => ({
    title: `This board has no alternate setting ${wanted}`,
    advice: available.length === 0 ? '"rekindle info" shows what it has.' : `It has ${available.join(', ')}.`,
  }),
  'plan.cannot-keep': ({ range }) => ({
    title: `What surrounds the image in ${formatRange(range)} cannot be read, so it cannot be kept`,
    advice: 'Without --keep-rest it is erased.',
  }),
  'plan.unsupported-image': ({ reason }) => ({
    title: 'These images do not fit this board',
    advice: planReasons[reason] ?? reason,
  }),
  'plan.needs-permission': ({ permission, consequence }) => ({
    title: 'This needs your permission',
    advice: `${permissionConsequences[consequence] ?? consequence} If that is what you want: --allow ${permission}`,
  }),
  'plan.locks-for-ever': ({ address }) => ({
    title: `These option bytes would lock the chip for ever (${formatAddress(address)})`,
    advice: 'No permission allows that here.',
  }),
  'plan.changed': () => ({
    title: 'The board changed after you confirmed',
    advice: 'Look at the plan again and confirm it anew.',
  }),
  'backup.failed': ({ reason }) => ({
    title: `The backup could not be made (${reason})`,
    advice: 'Nothing was erased. Try again, or flash without one: --no-backup',
  }),

  'backup.secret': ({ range, what }) => ({
    title: `${formatRange(range)} holds ${what}, which never go into a file`,
    advice: 'Name other addresses, or leave them out: everything else is backed up.',
  }),
  'backup.reads-differ': ({ address, count }) => ({
    title: `The board was read twice, and ${count === 1 ? 'a byte differs' : `${count} bytes differ`}, first at ${formatAddress(address)}`,
    advice:
      'Nothing was kept, for nobody can say which read is right. Use another cable or port and try again.',
  }),
  'backup.not-pruned': ({ reason }) => ({
    title: 'Old backups were not cleaned up this time',
    advice: `${whyNotPruned(reason)} The new backup is there, and nothing is missing. It is tried again after the next one.`,
  }),
  'backup.changed': ({ name, saved, found }) => ({
    title: `${name} is not what was saved: its digest is ${found.slice(0, 12)}, and it was ${saved.slice(0, 12)}`,
    advice: 'It was changed or damaged since, and is not put on a board. Use another backup.',
  }),

  'question.unanswered': ({ question, flag }) => ({
    title: `A question needs an answer, and nobody is there to give it (${question})`,
    advice: `Answer it with ${flag}.`,
  }),
  'question.declined': () => ({ title: 'You said no', advice: 'Run it again whenever you like.' }),
  'verify.mismatch': ({ address, expected, found }) => ({
    title: `Compared, and different: at ${formatAddress(address)} the board holds ${found < 0 ? 'nothing' : hex2(found)} instead of ${hex2(expected)}`,
    advice:
      'Write it again with --full. If it fails at the same place, that part of the flash is protected or worn.',
  }),
  'job.stopped': () => ({ title: 'Stopped, as you asked', advice: 'Run the same command again to go on.' }),
  'job.aborted': () => ({
    title: 'Aborted, as you asked',
    advice: 'Run the same command again to repair what was cut off.',
  }),
  'job.timeout': () => ({ title: 'It took too long', advice: replug }),

  'arm.no-access': ({ board, ids, why, platform }) => ({
    title: `Not waiting for ${board}: your account may not open its flash mode (${ids}). ${accessTexts[why].title}`,
    advice: accessAdvice[platform] ?? 'Let yourself in first, and wait for it then.',
  }),
  'arm.not-plannable': ({ board }) => ({
    title: `By which marks ${board} would come in flash mode is not known, so it cannot be waited for with everything settled`,
    advice: 'Put it into flash mode first; or let the command wait for any board with --wait alone.',
  }),
  'arm.left-alone': ({ question }) => ({
    title: `${turnedOutText(question)}; it is left as it is, as was said beforehand`,
    advice: `If it is to be gone on with, say so before you wait for it: ${question.flag}.`,
  }),
  'arm.plan-differs': ({ board, differences }) => ({
    title: `This is not the ${board} that was planned for: ${differences.map((one) => differenceNames[one]).join('; ')}`,
    advice: 'Unplug it and plug in the right one; or stop, and look at the plan for this one.',
  }),
  'arm.stopped': ({ board }) => ({
    title: `You stopped waiting for ${board}`,
    advice: 'Run it again whenever you like.',
  }),
  'arm.nothing-came': ({ board, waitedMs }) => ({
    title: `${board} did not come in flash mode within ${Math.round(waitedMs / 1000)} s`,
    advice:
      'Most likely first: the moment was missed, so try again; the cable only charges; its button was not held when the power came.',
  }),

  'api.limit': ({ what, limit }) => ({
    title: `That is more than one page may have at a time (${limitNames[what] ?? what}: at most ${limit})`,
    advice: 'Close what you no longer need, and try again.',
  }),
  'api.unknown': ({ what }) => ({
    title: `That ${what} is not there any more`,
    advice: 'Open it again.',
  }),
  'api.out-of-order': () => ({
    title: 'The file did not arrive whole',
    advice: 'Choose it again.',
  }),
  usage: ({ detail }) => ({ title: detail, advice: 'rekindle --help shows what can be said.' }),
  'trace.mismatch': ({ line, expected, asked }) => ({
    title: `The trace does not fit at line ${line}: it has ${expected}, asked was ${asked}`,
    advice: 'Replay it with the command it was recorded with.',
  }),
  internal: ({ detail }) => ({ title: `Something went wrong inside Rekindle: ${detail}`, advice: report }),
};

/** The words for an error, with the remedy for this system where remedies differ. */
export function errorText<C extends ErrorCode>(
  code: C,
  params: ErrorParams[C],
  platform: Platform,
): ErrorText {
  return texts[code](params, platform);
}

function hex2(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
