// Words for the reasons and names that errors carry.
import type { PlanDifference } from '../plan.ts';
import { remoteSessionText } from './rights.ts';
import { formatBytes } from '../units.ts';

/** What lets an account open a board, by system. */
export const accessAdvice: Readonly<Record<string, string>> = {
  linux:
    'Let yourself in, once: "rekindle rights --install" puts the rule 70-rekindle.rules in place ("rekindle rights" shows it first).\n' +
    remoteSessionText,
  darwin: 'Close other programs that use the board (virtual machines, browsers, ST tools) and try again.',
  win32: 'Close other programs that use the board and try again.',
};

/** WinUSB's reset reaches no board, so one that waits for it times out (dfu.md 1.7 step 5). */
export const notReturnedOnWindows =
  'Windows cannot reset the USB port for this kind of board, so it may have gone back to its program. Put it into flash mode by hand, with its button.';

/** In what a board differs from what was planned for it. */
export const differenceNames: { readonly [difference in PlanDifference]: string } = {
  protocol: 'its flash mode speaks another protocol',
  memory: 'its memory is another',
  files: 'the files are others',
  ranges: 'other sectors would be erased or written',
  steps: 'other steps would be left out',
  'start-address': 'its program would be started elsewhere',
  warnings: 'there is something more to know about it',
  questions: 'it asks something that was not answered',
};

/** Why images do not fit a board. */
export const planReasons: Readonly<Record<string, string>> = {
  'addresses-on-plain-dfu':
    'This board takes plain DFU images without addresses, and the file or the command gives one.',
  'raw-over-gaps':
    'Plain bytes cannot say where they belong, and this board has several memories. Leave out --raw, or name one with --alt or --address.',
  'several-images-on-plain-dfu': 'This board takes one image at a time; flash the files one after the other.',
  'hex-without-addresses':
    'This board has no addresses, and Intel HEX is made of them. Choose a name that ends in .dfu.',
  'hex-of-several-memories': 'Intel HEX holds one memory of a board. Choose a name that ends in .dfu.',
  'one-address-for-several-files': 'One --address cannot place several files; flash raw files one at a time.',
};

/** Why a file cannot be read. */
export const malformedReasons: Readonly<Record<string, string>> = {
  'no-suffix': 'it has no DFU suffix at its end: it was cut short, or is no .dfu file',
  'dfuse-without-prefix': 'its suffix says DfuSe and its beginning does not: it was damaged',
  'no-end-record': 'it ends without its closing record: it was cut short',
  'not-a-record': 'this is no record of the format its other lines have',
  'not-hex': 'there is something else where hex digits belong',
  'record-cut': 'a record ends before its length says',
  'record-length': 'a record has a length its kind does not allow',
  'record-type': 'a record is of an unknown kind',
  'record-count': 'it counts more or fewer records than it has: lines are missing',
  'no-elf-magic': 'it does not begin as an ELF file does',
  'segments-share-bytes': 'its segments load the same bytes of the file more than once',
  'no-tlv-area': 'there is no area of signatures where its header says',
  'no-particle-prefix': 'it has no prefix of a Particle module',
  'longer-than-its-prefix-says': 'it is longer than its prefix says',
  'archive-damaged': 'it cannot be unpacked: it was damaged or cut short',
  'archive-end-missing': 'its directory is missing: it was cut short',
  'archive-encrypted': 'it is locked with a password',
  'archive-method': 'it is packed in a way nobody uses for firmware',
  'archive-zip64': 'it is made for files far larger than any firmware',
  'archive-path': 'it holds a file whose name leads out of the archive, or is not one',
  'archive-name-twice': 'it holds two files of the same name',
  'archive-overlap': 'its files share the same packed bytes',
  'archive-names-differ': 'its directory calls a file by another name than the file itself',
  'modem-segment-missing': 'a segment of the modem firmware is missing',
  'bad-manifest': 'its manifest cannot be understood',
  'no-uf2-block': 'it is not made of UF2 blocks here: it was damaged',
  'beyond-32-bits': 'something in it lies beyond the 32-bit address space',
};

/** The system's reasons for refusing a file, by its error name. */
export const fileReasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not access it',
  EPERM: 'you may not access it',
  EROFS: 'the disk is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'part of its path is not a folder',
  EISDIR: 'it is a folder',
  ENOTFILE: 'it is not an ordinary file',
  CHANGED: 'it changed while it was read',
};

/** Limits of a page, by name. */
export const limitNames: Readonly<Record<string, string>> = {
  'open-images': 'open files',
  'open-images-bytes': 'bytes in open files',
  jobs: 'jobs at a time',
  'held-images': 'bytes of images kept for open jobs',
};

/** What a danger does. */
/** Why old backups stayed. @param code of what stood against it */
export function whyNotPruned(code: string): string {
  return code.startsWith('store.')
    ? 'The history could not be asked which of them an unfinished job needs.'
    : 'Their folder cannot be changed right now.';
}

export const permissionConsequences: Readonly<Record<string, string>> = {
  'mass-erase': 'It erases everything on the chip, your settings and calibration included.',
  'read-unprotect': 'It lifts the read protection, and the chip erases itself completely while doing so.',
  'option-bytes': 'Wrong option bytes can lock or disable the chip.',
  'unsupported-board': 'Nobody has made sure that this board survives it.',
};

/** Why an archive is not unpacked. */
export const archiveLimits: {
  readonly [what in 'entries' | 'unpacked' | 'ratio' | 'depth']: (limit: number) => string;
} = {
  entries: (limit) => `it holds more than ${limit} files`,
  unpacked: (limit) => `it would unpack to more than ${formatBytes(limit)}`,
  ratio: (limit) => `it would unpack to more than ${limit} times its size`,
  depth: (limit) => `it holds archives in archives, more than ${limit} deep`,
};

/** Why an image cannot be written in another format, and what to do instead. */
export const convertReasons: Readonly<Record<string, { readonly title: string; readonly advice: string }>> = {
  'several-memories': {
    title: 'it is for several memories of a board, and this format holds one',
    advice: 'Choose DfuSe: a name that ends in .dfu.',
  },
  'several-chips': { title: 'it is for several kinds of chips', advice: 'Say which with --chip:' },
  'no-prefix': { title: 'it has no TI or LPC prefix to take off', advice: 'Leave --strip-prefix out.' },
  'no-such-chip': { title: 'it has nothing for that chip', advice: 'Say which with --chip:' },
  'several-without-address': {
    title: 'it has several parts, and does not say where they belong',
    advice: 'Take its parts out one by one, with --entry.',
  },
  'gaps-too-large': {
    title: 'its parts lie so far apart that most of the file would be filling',
    advice: 'Choose .hex or .dfu, which hold gaps.',
  },
};
