// Words for what is wrong with the database of jobs, and with going on where one ended.
import type { ErrorCode, ErrorParams } from '../errors/codes.ts';
import { formatDuration } from '../units.ts';
import type { ErrorTexts } from './errors.ts';

type StoreErrorCode = Extract<ErrorCode, `store.${string}` | `resume.${string}`>;

/** Why an open job is not simply gone on with. */
export const whyNotResumed: { readonly [why in ErrorParams['resume.not-possible']['why']]: string } = {
  'image-not-held': 'its image is not kept any more',
  'kept-bytes-lost': 'bytes around the image that were to be kept are only in the backup',
  'asked-for': 'the board refused the image',
  'nothing-to-write': 'it had nothing to write',
  verified: 'all is written and compared; only its start was not seen',
};

/** A part of the table in `errors.ts`. */
export const storeErrorTexts: Pick<ErrorTexts, StoreErrorCode> = {
  'store.locked': ({ path, waitedMs }) => ({
    title: `Another program kept the history locked for ${formatDuration(waitedMs)} (${path})`,
    advice: 'Close programs that have it open, such as a database browser, and try again.',
  }),
  'store.newer': ({ path, found, known }) => ({
    title: `The history is of a newer Rekindle (format ${found}, this one knows ${known}): it is read and not added to (${path})`,
    advice: 'Install the newer Rekindle again.',
  }),
  'store.damaged': ({ path, aside }) => ({
    title:
      aside === undefined
        ? `The history is damaged (${path})`
        : `The history was damaged, and a new one is begun; the old one is kept as ${aside}`,
    advice:
      aside === undefined
        ? 'Check the disk. The file is put aside when Rekindle starts the next time.'
        : 'Check the disk. Backups are files of their own, and still there.',
  }),
  'store.read-only': ({ path }) => ({
    title: `The history cannot be written to (${path})`,
    advice: 'Give yourself write access to its folder, or name another one with REKINDLE_DATA.',
  }),
  'store.failed': ({ path, reason }) => ({
    title: `The history cannot be used: ${reason} (${path})`,
    advice: 'Check the disk, or name another folder with REKINDLE_DATA.',
  }),
  'resume.unknown': ({ id }) => ({
    title: `There is no open job "${id}"`,
    advice: '"rekindle resume" lists those there are.',
  }),
  'resume.still-runs': ({ pid, shell }) => ({
    title: `That job still runs in another Rekindle (${shell}, process ${pid})`,
    advice: 'Wait until it is done, or end it there.',
  }),
  'resume.no-image': ({ name }) => ({
    title: `${name} is not kept any more`,
    advice: 'Flash the board with the file again; the earlier backup stays.',
  }),
  'resume.not-possible': ({ why, backup, portPath }) => ({
    title: `That job cannot be gone on with: ${whyNotResumed[why]}`,
    advice:
      backup === undefined
        ? '"rekindle resume ID --discard" takes it off the list.'
        : `Put its backup back: rekindle restore "${backup}" --device ${portPath}`,
  }),
  'resume.other-board': ({ board, portPath }) => ({
    title: `The board at port ${portPath} is not the ${board} that job was about`,
    advice: 'Plug that board into the same port, or flash this one by itself.',
  }),
};
