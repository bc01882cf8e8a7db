// Advice that names a flag on the command line names what the page has instead.
import type { ErrorCode, ErrorParams } from '../errors/codes.ts';
import type { PlanWarning } from '../plan.ts';
import { boardChoiceText } from './board-names.ts';
import { dfuStateText, dfuStatusText } from './dfu-status.ts';
import { permissionConsequences } from './error-reasons.ts';
import { errorText, type ErrorText, type Platform } from './errors.ts';
import { warningText } from './plan.ts';

type Advice<C extends ErrorCode> = string | ((params: ErrorParams[C], platform: Platform) => string);

const report = 'This is a mistake in Rekindle. Copy the report and send it to its makers.';
const otherBoard =
  'The file is for another board, or the address is wrong. "About this board" shows what it has.';

/** Why images do not fit a board, in the page's words. */
const unsupportedImages: Readonly<Record<string, string>> = {
  'addresses-on-plain-dfu':
    'This board takes plain images without addresses, and this file carries some. Choose the file made for this board.',
  'raw-over-gaps':
    'Plain bytes cannot say where they belong, and this board has several memories. Choose a .dfu file.',
  'several-images-on-plain-dfu': 'This board takes one image at a time: install one file after the other.',
  'hex-without-addresses': 'This board has no addresses, and Intel HEX is made of them.',
  'hex-of-several-memories': 'Intel HEX holds one memory of a board.',
  'one-address-for-several-files': 'One address cannot place several files: install one after the other.',
};

/** What to do about a status of the standard where the command line has a flag for it. */
const statusAdvice: Readonly<Record<number, string>> = {
  0x06: 'Try again with "Write everything" under Options.',
  0x0b: 'Often the chip is locked: its maker did that, or it was done with a debug probe.',
};

const ownAdvice: { readonly [C in ErrorCode]?: Advice<C> } = {
  'usb.gone': 'Check the cable, plug the board in again and put it into flash mode.',
  'usb.access-denied': (params, platform) =>
    params.platform === 'linux'
      ? 'Let yourself in, once: the page of the board does it for you.'
      : errorText('usb.access-denied', params, platform).advice,
  'arm.no-access': (params, platform) =>
    params.platform === 'linux'
      ? '"Let me in" does it for you, once. Then get ready again.'
      : errorText('arm.no-access', params, platform).advice,
  'arm.left-alone':
    'If you want it all the same, get ready once more and switch that on under "Settled beforehand".',
  'arm.not-plannable': 'Put it into flash mode first: then its plan can be made.',
  'usb.too-long': report,
  'usb.stale-handle': 'Try again.',
  'resume.not-possible': ({ backup }) =>
    backup === undefined ? 'Take it off the list.' : 'Put its backup back: it is among the backups.',
  'resume.unknown': 'It was finished or put away meanwhile.',
  'usb.library-missing': 'Virtual boards still work: try everything on one.',
  'image.several': ({ choices }) => `Choose one of them: ${choices.join(', ')}.`,
  'image.cannot-convert': 'Save it as it is: that holds all of it.',
  'device.none':
    'Put it into flash mode (its button, jumper or switch) and plug it in, straight into the computer, with a cable that carries data.',
  'device.several': 'Unplug all but the one you mean.',
  'device.not-that-board': 'Look again at what is printed on it, and choose that.',
  'device.which-board': ({ choices }) =>
    `Read the name printed on it, and choose it on the page of the board: ${choices.map(boardChoiceText).join(', ')}.`,
  'device.elsewhere':
    'Its program is still on it. Open it in the list, on the port where it stands now; or plug it into its port again, and try again.',
  'device.locked': 'Wait until that is done, or end it there.',
  'device.not-dfu': 'Put it into flash mode by hand, with its button, jumper or menu.',
  'device.app-mode': 'Put it into flash mode by hand, with its button, switch or menu.',
  'device.unsupported': ({ today }) => today,
  'dfu.status': ({ status, state }) =>
    `${statusAdvice[status] ?? dfuStatusText(status).advice} (status ${status}, ${dfuStateText(state)})`,
  'dfu.cannot-download': 'Its bootloader offers reading only. Look in its documentation for another way in.',
  'dfu.cannot-upload':
    'No backup is possible. To install without one, switch "Back up first" off under Options.',
  'dfu.no-transfer-size': 'Its bootloader leaves that out, and Rekindle does not guess. Please report it.',
  'dfu.endless-upload': 'It cannot be backed up this way. Please report it.',
  'dfuse.read-protected':
    'The chip answers nothing while it is locked: its maker did that, or it was done with a debug probe. On an STM32F0, try a USB 2 port or hub first: on some USB 3 ports it only seems locked. Unlocking erases everything on it; the page does not do that, the command line does.',
  'dfuse.address-refused': otherBoard,
  'dfuse.unsupported': 'Its bootloader is an old or a small one. Please report it.',
  'file.cannot-create': 'See that your account may write there, and that the disk is there.',
  'file.disk-full': 'Free some space on that disk and try again. Nothing is erased without its backup.',
  'file.exists': 'Nothing is ever written over. Try again in a moment.',
  'image.address-missing': 'Say where it goes under Options, if you know it.',
  'plan.outside-memory': (params, platform) =>
    params.memory.length === 0 ? otherBoard : errorText('plan.outside-memory', params, platform).advice,
  'plan.no-such-alternate': (params, platform) =>
    params.available.length === 0 ? otherBoard : errorText('plan.no-such-alternate', params, platform).advice,
  'plan.cannot-keep': 'Switch "Keep what surrounds it" off, and it is erased.',
  'plan.unsupported-image': ({ reason }) => unsupportedImages[reason] ?? reason,
  'plan.needs-permission': ({ consequence }) =>
    `${permissionConsequences[consequence] ?? consequence} The page does not do this; the command line does.`,
  'backup.secret': 'The page backs up everything else.',
  'backup.failed': 'Nothing was erased. Try again, or switch the backup off under Options.',
  'question.unanswered': 'Try again, and answer when you are asked.',
  'question.declined': 'Nothing was changed. Start again whenever you like.',
  'verify.mismatch':
    'Repair it: it is written once more. If it fails at the same place again, that part of the flash is protected or worn.',
  'update.which-board': 'Say which one it is on its page, or start its program so that it can tell.',
  'update.undecided': 'Choose one of its versions yourself, or a file.',
  'job.stopped': '',
  'job.aborted': '',
  usage: 'Try again.',
  'trace.mismatch': report,
  internal: report,
};

/** Titles that name a place in a program, or what was typed on a command line, where the page shows the board itself. */
const ownTitle: { readonly [C in ErrorCode]?: string } = {
  'device.none': 'No board in flash mode was found on this port',
  'dfuse.read-protected': 'This chip says it is locked',
};

/** The words for an error, as the page says them. */
export function pageErrorText<C extends ErrorCode>(
  code: C,
  params: ErrorParams[C],
  platform: Platform,
): ErrorText {
  const { title, advice } = errorText(code, params, platform);
  const own: Advice<C> | undefined = ownAdvice[code];
  return {
    title: ownTitle[code] ?? title,
    advice: typeof own === 'function' ? own(params, platform) : (own ?? advice),
  };
}

/** A warning, as the page says it. */
export function pageWarningText(warning: PlanWarning): string {
  return warningText(warning, 'Switch "Keep what surrounds it" on under Options to keep them.');
}
