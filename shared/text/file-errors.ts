// Words for what is wrong with a file.
import type { ErrorCode } from '../errors/codes.ts';
import { formatRange } from '../hex.ts';
import { formatBytes } from '../units.ts';
import { archiveLimits, convertReasons, fileReasons, malformedReasons } from './error-reasons.ts';
import type { ErrorTexts } from './errors.ts';

type FileErrorCode = Extract<ErrorCode, `image.${string}` | `file.${string}`>;

/** A part of the table in `errors.ts`. */
export const fileErrorTexts: Pick<ErrorTexts, FileErrorCode> = {
  'image.empty': ({ name }) => ({
    title: `${name} has nothing in it to write`,
    advice: 'Download or build it again.',
  }),
  'image.too-large': ({ name, size, limit }) => ({
    title: `${name} is too large (${formatBytes(size)}, at most ${formatBytes(limit)})`,
    advice: 'Check that it is the right file.',
  }),
  'image.truncated': ({ name, needed, available }) => ({
    title: `${name} was cut short: it has ${available} bytes of at least ${needed}`,
    advice: 'Download it again.',
  }),
  'image.bad-checksum': ({ name, expected, found, line }) => ({
    title: `${name} is damaged: its checksum${line === undefined ? '' : ` in line ${line}`} is ${found}, not ${expected}`,
    advice: 'Download it again.',
  }),
  'image.malformed': ({ name, offset, line, reason }) => ({
    title: `${name} cannot be read: ${malformedReasons[reason] ?? reason} (${line === undefined ? `at byte ${offset}` : `in line ${line}`})`,
    advice: 'Download it again, or check that it is the right file.',
  }),
  'image.archive-limit': ({ name, what, limit }) => ({
    title: `${name} is no archive of firmware: ${archiveLimits[what](limit)}`,
    advice: 'Unpack it yourself if you trust it, and choose the firmware file.',
  }),
  'image.several': ({ name, choices }) => ({
    title: `${name} holds several firmware files`,
    advice: `Say which with --entry:\n${choices.map((one) => `  ${one}`).join('\n')}`,
  }),
  'image.not-in-archive': ({ name, wanted, contents }) => ({
    title:
      wanted === undefined ? `${name} holds no firmware file` : `${name} holds no ${wanted} that is firmware`,
    advice:
      contents.length === 0
        ? 'It is empty. Download it again.'
        : `It holds ${contents.slice(0, 8).join(', ')}${contents.length > 8 ? ', ...' : ''}. Check that it is the right file.`,
  }),
  'image.address-missing': ({ name, suggestion }) => ({
    title: `${name} does not say where it belongs`,
    advice:
      suggestion === undefined
        ? 'Give its address with --address.'
        : `Give its address with --address. Programs usually go to the start of flash: --address ${suggestion}`,
  }),
  'image.cannot-convert': ({ name, reason, choices }) => ({
    title: `${name} cannot be converted: ${convertReasons[reason]?.title ?? reason}`,
    advice: `${convertReasons[reason]?.advice ?? ''}${choices.length === 0 ? '' : ` ${choices.join(', ')}.`}`,
  }),
  'image.overlap': ({ range, names, line }) => {
    const files = [...new Set(names)];
    return files.length === 1
      ? {
          title: `${files.join('')} gives ${formatRange(range)} twice, with different bytes${line === undefined ? '' : ` (line ${line})`}`,
          advice: 'Build or download it again.',
        }
      : {
          title: `${files.join(' and ')} disagree about ${formatRange(range)}`,
          advice: 'Leave one of them out.',
        };
  },

  'file.not-found': ({ path }) => ({ title: `There is no file ${path}`, advice: 'Check the name.' }),
  'file.unreadable': ({ path, reason }) => ({
    title: `${path} cannot be read: ${fileReasons[reason] ?? reason}`,
    advice: 'Check the file and its permissions.',
  }),
  'file.cannot-create': ({ path, reason }) => ({
    title: `${path} cannot be written: ${fileReasons[reason] ?? reason}`,
    advice: 'Choose another place with --backup-to.',
  }),
  'file.exists': ({ path }) => ({
    title: `${path} exists already, and backups never replace a file`,
    advice: 'Choose another name.',
  }),
  'file.disk-full': ({ path }) => ({
    title: `There is no room to save ${path}`,
    advice: 'Free some space, or choose another place with --backup-to.',
  }),
};
