import type { BoardErrorParams } from './board-codes.ts';
import type { AccessReason } from '../rights.ts';
import type { OtherRoute } from '../image-facts.ts';
import type { PlanDifference, PlanQuestion } from '../plan.ts';
import type { Range } from '../ranges.ts';
import type { ReleaseErrorParams } from './release-codes.ts';
import type { UpdateErrorParams } from './update-codes.ts';

type None = Readonly<Record<string, never>>;

/**
 * Every way things can go wrong, with what is known about it. Texts are in `shared/text/errors.ts`.
 * "Board unchanged" means: this error alone never leaves a board without firmware.
 */
export interface ErrorParams extends BoardErrorParams, ReleaseErrorParams, UpdateErrorParams {
  // images -------------------------------------------------------------------------------------
  /** The file has no bytes to write. */
  'image.empty': { readonly name: string };
  /** Over the limit. */
  'image.too-large': { readonly name: string; readonly size: number; readonly limit: number };
  /** The file ends before its own headers say it should. */
  'image.truncated': {
    readonly name: string;
    readonly offset: number;
    readonly needed: number;
    readonly available: number;
  };
  /** A checksum does not match: the file was damaged on its way. `offset`: where the checksum stands. */
  'image.bad-checksum': {
    readonly name: string;
    readonly offset: number;
    /** Of text formats: the line, from 1. */
    readonly line?: number;
    readonly expected: string;
    readonly found: string;
  };
  /** An archive that would unpack to more than a firmware archive ever does. Nothing of it was kept. */
  'image.archive-limit': {
    readonly name: string;
    readonly what: 'entries' | 'unpacked' | 'ratio' | 'depth';
    readonly limit: number;
  };
  /** An archive holds several firmware files; the person must say which. */
  'image.several': { readonly name: string; readonly choices: readonly string[] };
  /** An archive holds no firmware, or not the one asked for. */
  'image.not-in-archive': {
    readonly name: string;
    readonly wanted: string | undefined;
    readonly contents: readonly string[];
  };
  /** A field has a value the format does not allow. */
  'image.malformed': {
    readonly name: string;
    readonly offset: number;
    /** Of text formats: the line, from 1. */
    readonly line?: number;
    readonly reason: string;
  };
  /** Raw bytes without an address, for a board that needs one. */
  'image.address-missing': { readonly name: string; readonly suggestion: string | undefined };
  /** The image has something the wanted format cannot hold. Nothing was written. */
  'image.cannot-convert': {
    readonly name: string;
    readonly reason: string;
    /** For reasons that are about a choice. */
    readonly choices: readonly string[];
  };
  /** Two images, or two parts of one, claim the same bytes with different values. */
  'image.overlap': {
    readonly range: Range;
    readonly names: readonly string[];
    /** Within one file: the byte, and of text formats the line, of the later claim. */
    readonly offset?: number;
    readonly line?: number;
  };

  // files --------------------------------------------------------------------------------------
  'file.not-found': { readonly path: string };
  'file.unreadable': { readonly path: string; readonly reason: string };
  'file.cannot-create': { readonly path: string; readonly reason: string };
  'file.exists': { readonly path: string };
  'file.disk-full': { readonly path: string };

  // jobs: refusals before the first erase; the board is unchanged ---------------------------------
  /** Part of the image lies where the board has no memory. */
  'plan.outside-memory': { readonly ranges: readonly Range[]; readonly memory: readonly Range[] };
  /** Part of the image lies in memory that must never be written this way. */
  'plan.forbidden-range': { readonly range: Range; readonly what: string };
  /** The board's own map says these bytes cannot be written or erased. */
  'plan.not-writable': { readonly range: Range; readonly what: string };
  /** The file's suffix names another device. */
  'plan.wrong-device': { readonly file: string; readonly device: string };
  /** The file is for another chip; both sides say why. */
  'plan.wrong-chip': {
    readonly file: string;
    readonly fileChip: string;
    readonly fileEvidence: string;
    readonly boardChip: string;
    /** Boards with this chip, for people; may be empty. */
    readonly boardEvidence: string;
  };
  /** The file is for another board with the same chip or the same ids; both sides say why. */
  'plan.wrong-board': {
    readonly file: string;
    readonly fileBoard: string;
    readonly fileEvidence: string;
    readonly board: string;
    readonly boardEvidence: string;
  };
  /** The board takes images of one size only. */
  'plan.wrong-size': { readonly file: string; readonly bytes: number; readonly expected: number };
  /** This version is known never to start on this board. */
  'plan.never-starts': { readonly file: string; readonly version: string };
  /** The file is installed in another way than over DFU. */
  'plan.other-route': { readonly file: string; readonly what: string; readonly route: OtherRoute };
  /** A digest within the file does not fit its content. */
  'plan.digest-wrong': {
    readonly file: string;
    readonly what: string;
    readonly expected: string;
    readonly found: string;
  };
  /** Bytes that would be programmed half a unit at a time, in memory that is not erased first. */
  'plan.unaligned': { readonly range: Range; readonly unit: number };
  /** The file is for an alternate setting this board does not have. */
  'plan.no-such-alternate': { readonly wanted: string; readonly available: readonly string[] };
  /** The bytes around the image in a touched sector must stay, but cannot be read. */
  'plan.cannot-keep': { readonly range: Range };
  /** Alternate-setting images, raw and addressed, cannot be mixed on this board. */
  'plan.unsupported-image': { readonly reason: string };
  /** A destructive command without its named permission. */
  'plan.needs-permission': { readonly permission: string; readonly consequence: string };
  /** Option bytes that would lock the chip for ever (RDP level 2). No permission allows it. */
  'plan.locks-for-ever': { readonly address: number };
  /** The board or its facts changed between confirming and starting. */
  'plan.changed': None;
  /** The bytes could not be read for the backup; nothing was erased. */
  'backup.failed': { readonly reason: string };
  /** What was to be read holds keys or the like, which never go into a file. Board unchanged. */
  'backup.secret': { readonly range: Range; readonly what: string };
  /** Two reads of the board gave different bytes: neither is kept as a backup. Board unchanged. */
  'backup.reads-differ': { readonly address: number; readonly count: number };
  /** The file of a backup is not what was saved: it is never put on a board. Board unchanged. */
  'backup.changed': { readonly name: string; readonly saved: string; readonly found: string };
  /** Old backups should have gone after a new one was made, and did not; `reason`: the code of why. No job's failure, board not concerned. */
  'backup.not-pruned': { readonly reason: string };

  // jobs ---------------------------------------------------------------------------------------
  /** A question nobody was there to answer; `flag` is the option that answers it. Board unchanged. */
  'question.unanswered': { readonly question: string; readonly flag: string };
  /** The answer was no. Board unchanged. */
  'question.declined': { readonly question: string };
  /** Read-back differs from what was written. The board holds something else than the image. */
  'verify.mismatch': {
    readonly address: number;
    readonly expected: number;
    readonly found: number;
    readonly ranges: readonly Range[];
  };
  /** Stopped on request at a block border; content as in the result. */
  'job.stopped': None;
  /** Cancelled in the middle of a request; the block in flight is in doubt. */
  'job.aborted': None;
  /** The time for the whole job or step was over. */
  'job.timeout': None;

  // store and journal --------------------------------------------------------------------------
  /** Another process kept the database locked for as long as we wait. Nothing was recorded. */
  'store.locked': { readonly path: string; readonly waitedMs: number };
  /** The database is of a newer Rekindle; it is read and never written to. */
  'store.newer': { readonly path: string; readonly found: number; readonly known: number };
  /** The database is damaged; it was renamed to `aside`, where that was possible, and a new one begun. */
  'store.damaged': { readonly path: string; readonly aside: string | undefined };
  /** The database or its folder may not be written to. */
  'store.read-only': { readonly path: string };
  /** The database cannot be used, for a reason of the system. */
  'store.failed': { readonly path: string; readonly reason: string };
  /** There is no open job with this id. */
  'resume.unknown': { readonly id: string };
  /** The job is open in a program that still runs. Board unchanged by this. */
  'resume.still-runs': { readonly pid: number; readonly shell: string };
  /** The image of the job is not in the store (any more), or it is damaged. Board unchanged by this. */
  'resume.no-image': { readonly name: string };
  /** The job cannot be gone on with; `backup` is what can be put back. Board unchanged by this. */
  'resume.not-possible': {
    readonly why: 'image-not-held' | 'kept-bytes-lost' | 'asked-for' | 'nothing-to-write' | 'verified';
    readonly backup: string | undefined;
    readonly portPath: string;
  };
  /** The board there is not the one the job was about. Board unchanged. */
  'resume.other-board': { readonly board: string; readonly portPath: string };
  // jobs: waiting for a board in flash mode; the board is unchanged by these -----------------------
  /** What opens its flash mode is not in place, so waiting for it would be in vain. */
  'arm.no-access': {
    readonly board: string;
    readonly ids: string;
    readonly why: AccessReason;
    readonly platform: string;
  };
  /** We do not know beforehand what its memory is like, so nothing can be settled before it is there. */
  'arm.not-plannable': { readonly board: string };
  /** The board that came is not what was planned for and confirmed. */
  'arm.plan-differs': { readonly board: string; readonly differences: readonly PlanDifference[] };
  /** It turned out what the person had said beforehand is not to be gone on with. */
  'arm.left-alone': { readonly board: string; readonly question: PlanQuestion };
  /** Waiting was ended by the person. */
  'arm.stopped': { readonly board: string };
  /** It did not come in flash mode in the time there was. */
  'arm.nothing-came': { readonly board: string; readonly waitedMs: number };

  // api ---------------------------------------------------------------------------------------
  /** A page asked for more than it may have at a time; `what` names the limit. */
  'api.limit': { readonly what: string; readonly limit: number };
  /** A page named an image, job, question or backup that is not there (any more). */
  'api.unknown': { readonly what: string };
  /** Pieces of a file came out of order, or some are missing. */
  'api.out-of-order': { readonly offset: number; readonly expected: number };

  // everything else ----------------------------------------------------------------------------
  /** A command line that cannot be understood. */
  usage: { readonly detail: string };
  /** A recorded trace does not fit what is being asked of it. */
  'trace.mismatch': { readonly line: number; readonly expected: string; readonly asked: string };
  /** Our own mistake. Board as the last finished request left it. */
  internal: { readonly detail: string };
}

export type ErrorCode = keyof ErrorParams;
