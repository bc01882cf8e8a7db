// Words for serial ports, and for ways into flash mode.
import type { Tried } from '../entry.ts';
import type { ErrorCode } from '../errors/codes.ts';
import type { WayByHand, WayIn } from '../profile.ts';
import type { ErrorText, ErrorTexts, Platform } from './errors.ts';

type EntryErrorCode = Extract<ErrorCode, `serial.${string}` | `entry.${string}`>;

/** What a way is called in the middle of a sentence. */
export const wayTexts: { readonly [K in WayIn['kind']]: string } = {
  'dfu-detach': 'the DFU request to leave its program',
  'serial-touch': 'opening its serial port at the agreed speed',
  'serial-command': 'a command on its serial port',
  'by-hand': 'a hand on the board',
};

/** Said while a job waits for a serial port that somebody else has. */
export function heldText(holder: string | undefined, modemManager: boolean): string {
  if (holder !== undefined) return `${holder} has the board's serial port. Waiting for it to let go.`;
  return modemManager
    ? "The board's serial port is taken, most likely by ModemManager, which looks at every new port for some seconds. Waiting for it to let go."
    : "Another program has the board's serial port. Waiting for it to let go.";
}

const keepModemManagerOff =
  'ModemManager takes new serial ports for modems and lets go after some seconds: try again then. ' +
  'To keep it off: "systemctl stop ModemManager", or a udev rule with ENV{ID_MM_DEVICE_IGNORE}="1".';

const accessAdvice: Readonly<Record<string, string>> = {
  linux:
    'Serial ports belong to a group, most often "dialout" ("uucp" on some systems): add yourself to it, log out and in again.',
  darwin: 'Close other programs that use the port and try again.',
  win32: 'Close other programs that use the port (terminals, serial monitors) and try again.',
};

const byHand = 'Put it into flash mode by hand, with its button, switch or menu, and try again.';

/** A part of the table in `errors.ts`, which gives its function for the words of what went wrong on the way. */
export function entryErrorTexts(
  wordsOf: (code: ErrorCode, params: object, platform: Platform) => ErrorText,
): Pick<ErrorTexts, EntryErrorCode> {
  return {
    'serial.library-missing': ({ detail }) => ({
      title: `Serial ports cannot be used on this computer: ${detail}`,
      advice: byHand,
    }),
    'serial.gone': ({ path }) => ({
      title: `The serial port ${path} is gone`,
      advice: 'Check the cable and plug the board in again.',
    }),
    'serial.busy': ({ path, holder, modemManager = false }) => ({
      title:
        holder === undefined
          ? `Another program has the serial port ${path}${modemManager ? ', most likely ModemManager' : ''}`
          : `${holder} has the serial port ${path}`,
      advice: modemManager
        ? keepModemManagerOff
        : 'Close it (terminals, serial monitors and the maker\u2019s own programs are usual) and try again.',
    }),
    'serial.access-denied': ({ path, platform }) => ({
      title: `Your account may not open the serial port ${path}`,
      advice: accessAdvice[platform] ?? 'Close other programs that use the port and try again.',
    }),
    'serial.failed': ({ path, detail }) => ({
      title: `The serial port ${path} failed (${detail})`,
      advice: 'Unplug the board, plug it in again and try again.',
    }),
    'serial.no-port': ({ portPath }) => ({
      title: `The system shows no serial port for the board at port ${portPath}`,
      advice: 'Unplug the board, plug it in again, wait some seconds and try again.',
    }),
    'serial.port-unknown': ({ portPath, paths }) => ({
      title: `Which of ${paths.join(', ')} is the board at port ${portPath} cannot be told, and Rekindle does not guess`,
      advice: 'Unplug the other boards of this kind, and try again.',
    }),
    'entry.no-prompt': ({ path, wanted, heard }) => ({
      title:
        heard === ''
          ? `Nothing answered on ${path}, where "${wanted.trim()}" was expected`
          : `What answers on ${path} is not this board's program: it says "${heard}", not "${wanted.trim()}"`,
      advice: `No command was sent. ${byHand}`,
    }),
    'entry.stayed': ({ portPath, waitedMs, answer }) => ({
      title:
        `The board at port ${portPath} was told to go into flash mode and is still there after ${Math.round(waitedMs / 1000)} s` +
        (answer === undefined || answer === '' ? '' : ` (it says "${answer}")`),
      advice: byHand,
    }),
    'entry.other-device': ({ portPath, ids, expected }) => ({
      title: `Something else came back on port ${portPath}: ${ids}, where ${expected.join(' or ')} was expected`,
      advice: `Nothing was written. ${byHand}`,
    }),
    'entry.which-board': ({ portPath, boards }) => ({
      title: `The board at port ${portPath} may be ${boards.join(' or ')}, and they go into flash mode in different ways`,
      advice: byHand,
    }),
    'entry.by-hand-needed': ({ board, portPath, tried, ways }, platform) => ({
      title: `${board} at port ${portPath} did not go into flash mode by itself`,
      advice: [
        ...tried.map((one) => triedText(one, platform, wordsOf)),
        ways.length === 0 ? byHand : `By hand it goes this way: ${waysText(ways)}. Then try again.`,
      ].join('\n'),
    }),
  };
}

/** One line for one way that was tried. */
export function triedText(
  { kind, outcome, code, params }: Tried,
  platform: Platform,
  wordsOf: (code: ErrorCode, params: object, platform: Platform) => ErrorText,
): string {
  const way = `${wayTexts[kind].charAt(0).toUpperCase()}${wayTexts[kind].slice(1)}`;
  if (outcome === 'worked') return `${way} worked.`;
  const verb = outcome === 'failed' ? 'was tried' : 'was not possible';
  if (code === undefined) return `${way} ${verb}.`;
  const { title, advice } = wordsOf(code, params ?? {}, platform);
  // What a person can mend without touching the board is worth saying; "by hand" comes at the end, once.
  return `${way} ${verb}: ${title}.${outcome === 'not-possible' && advice !== byHand ? ` ${advice}` : ''}`;
}

function waysText(ways: readonly WayByHand[]): string {
  const names = ways.map(({ name }) => name);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
