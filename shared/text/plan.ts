import { conditionText, openText } from './conditions.ts';
import { accessTexts } from './rights.ts';
import { formatRange } from '../hex.ts';
import {
  noPort,
  type Plan,
  type PlanQuestion,
  type PlanWarning,
  type SkipReason,
  type StepName,
} from '../plan.ts';
import { totalSize } from '../ranges.ts';
import { formatBytes, formatDuration } from '../units.ts';
import { familyFactText, familyQuestionText, familyWarningText } from './families.ts';

/** Four texts for each step of the timeline. */
export interface StepText {
  readonly before: string;
  readonly during: string;
  readonly after: string;
  readonly failed: string;
  /** What pulling the cable during it would leave. */
  readonly ifUnplugged: string;
}

const harmless = 'nothing is lost; the board is unchanged';
const half = 'it has no working firmware until you finish';

/** What pulling the cable leaves while nothing was changed. */
export const untouchedText = harmless;

/** The timeline's words. */
export const stepTexts: { readonly [step in StepName]: StepText } = {
  detect: {
    before: 'Find the board',
    during: 'Looking for the board',
    after: 'Found the board',
    failed: 'Did not find the board',
    ifUnplugged: harmless,
  },
  enter: {
    before: 'Enter flash mode',
    during: 'Entering flash mode',
    after: 'In flash mode',
    failed: 'Could not enter flash mode',
    ifUnplugged: harmless,
  },
  identify: {
    before: 'Identify',
    during: 'Identifying',
    after: 'Identified',
    failed: 'Could not open it',
    ifUnplugged: harmless,
  },
  'back-up': {
    before: 'Back up',
    during: 'Backing up',
    after: 'Backed up',
    failed: 'The backup failed',
    ifUnplugged: harmless,
  },
  compare: {
    before: 'Read what is there',
    during: 'Reading what is there',
    after: 'Read what is there',
    failed: 'Could not read it',
    ifUnplugged: harmless,
  },
  erase: { before: 'Erase', during: 'Erasing', after: 'Erased', failed: 'Erasing failed', ifUnplugged: half },
  write: {
    before: 'Write',
    during: 'Writing',
    after: 'Written',
    failed: 'Writing failed',
    ifUnplugged: half,
  },
  verify: {
    before: 'Compare',
    during: 'Comparing',
    after: 'Compared',
    failed: 'Comparing failed',
    ifUnplugged: 'all is written, but not compared',
  },
  leave: {
    before: 'Start the program',
    during: 'Starting the program',
    after: 'Sent off to its program',
    failed: 'Could not start the program',
    ifUnplugged: 'all is written',
  },
  confirm: {
    before: 'See it start',
    during: 'Waiting for it to start',
    after: 'Looked for its program',
    failed: 'Did not see it start',
    ifUnplugged: 'all is written',
  },
};

/** A step that did not come to its end: somebody stopped it, or it failed. */
export function brokenStepText(step: StepName, code: string | undefined): string {
  const words = stepTexts[step];
  return code === 'job.stopped' || code === 'job.aborted' ? `${words.during}: stopped` : words.failed;
}

/** Why a step had nothing to do. */
export const skipTexts: { readonly [reason in SkipReason]: string } = {
  'already-in-flash-mode': 'it is in flash mode already',
  'switched-off': 'switched off',
  'not-usual': 'not usual for this board; ask for it if you want one',
  'window-too-short': 'flash mode does not last long enough',
  'nothing-to-do': 'the board holds this image already',
  'board-cannot-be-read': 'this board cannot be read',
  'erases-while-writing': 'this board erases while it writes',
  'leaves-after-writing': 'this board leaves flash mode after writing',
  'already-compared': 'it was compared while reading',
  'backup-compares-too': 'the backup reads it anyway',
  'not-asked-for': 'not asked for',
  'no-addresses': 'this board has no addresses to compare by',
  'stays-in-flash-mode': 'it stays in flash mode',
  'left-already': 'it has left already',
  'earlier-backup-kept': 'an earlier job left the board half-written; the backup from before it is kept',
  'half-written': 'an earlier job left the board half-written',
  'starts-by-itself': 'it starts by itself when its window is over',
};

function noBackupText(warning: Extract<PlanWarning, { code: 'no-backup' }>): string {
  switch (warning.why) {
    case 'switched-off':
      return 'No backup is made: what is on the board now will be gone.';
    case 'cannot-be-read':
      return 'This board cannot be read, so no backup is possible: what is on it now will be gone.';
    case 'not-usual':
      return `No backup is made: ${warning.reason}`;
    case 'half-written':
      return 'No backup is made: an earlier job left the board half-written, and no backup from before it is there.';
    case 'window-too-short':
      return `No backup is made: flash mode ends by itself after about ${formatDuration(warning.windowMs)}, which is too short to read it all.`;
  }
}

/**
 * A warning in words.
 * @param howToKeep how the reader's shell keeps what lies beside the image
 */
export function warningText(warning: PlanWarning, howToKeep = '--keep-rest keeps them.'): string {
  switch (warning.code) {
    case 'no-backup':
      return noBackupText(warning);
    case 'access-unknown':
      return `Whether your account may open the board in flash mode (${warning.ids}) cannot be told before it is there. ${accessTexts[warning.why].title}.`;
    case 'no-verify':
      return warning.why === 'switched-off'
        ? 'What is written will not be compared.'
        : warning.why === 'cannot-be-read'
          ? 'This board cannot be read back, so what is written cannot be compared.'
          : 'This board leaves flash mode after writing, so what is written cannot be compared.';
    case 'erases-more':
      return `${formatBytes(totalSize(warning.ranges))} beside the image are erased with it (${warning.ranges.slice(0, 3).map(formatRange).join(', ')}${warning.ranges.length > 3 ? ', ...' : ''}). ${howToKeep}`;
    case 'file-names-no-board':
      return `${warning.name} does not say which board it is for. Make sure it is for this one.`;
    case 'looks-like':
      return `${warning.name} looks like ${warning.format}, not like raw bytes. Written as it is, the board will not start.`;
    case 'no-vector-table':
      return `${warning.name} does not begin like a program for a Cortex-M chip.`;
    case 'leftover-bytes':
      return `${warning.name} has ${warning.count} bytes that belong to nothing; they are ignored.`;
    case 'leaves-out':
      return `${warning.name} also holds ${warning.members.join(', ')}, which ${warning.members.length === 1 ? 'goes' : 'go'} in another way and ${warning.members.length === 1 ? 'is' : 'are'} not written.`;
    case 'needs':
      return `${warning.name} needs ${warning.what}, at least ${warning.version}, on the board.`;
    case 'has-prefix':
      return `${warning.name} begins with ${warning.kind === 'ti' ? "TI's" : "NXP's"} prefix of ${warning.bytes} bytes, which is written with it. Boards that do not expect it will not start.`;
    case 'unaligned':
      return `${formatRange(warning.range)} does not begin and end where this chip programs (every ${warning.unit} bytes); what is missing is filled with FF.`;
    case 'unsupported-board':
      return [`Rekindle knows ${warning.board} by name only.`, warning.today, ...warning.dangers].join(' ');
    case 'memory-open':
      return `What its memory is like is known once it is there: sectors that the file fills only in part are erased whole. ${howToKeep.replace('them', 'the rest')}`;
    case 'unit-unproven':
      return `Boards of this kind share their serial numbers, so nobody can say whether this backup, read on port ${warning.portPath}, came from this very board. Settings and calibration in it are those of the board it came from.`;
    case 'identity-unproven':
      return `Its marks fit ${warning.boards.join(', ')} and other boards with this chip. Make sure the file is for yours.`;
    default:
      return familyWarningText(warning);
  }
}

/** A question, put to a person. */
export function questionText(question: PlanQuestion, plan: Plan): string {
  switch (question.id) {
    case 'confirm':
      return `${planSentence(plan)}?`;
    case 'go-without-backup':
      return 'No backup is possible: this board cannot be read. Go on without one?';
    case 'write-as-raw':
      return 'The file is not what it would be written as. Write its bytes as they are?';
    case 'write-blank':
      return `${question.detail} is blank throughout: the board will have no program. Write it all the same?`;
    case 'write-implausible':
      return `${question.detail} does not begin like a program for this chip, which will hardly start. Write it all the same?`;
    case 'install-older':
      return `The board holds a newer version: ${question.detail}. Go back to the older one?`;
    case 'restore-on-other-unit':
      return `This backup came from another board (${question.detail}): its settings and calibration are that one's. Put it on this board all the same?`;
    case 'leave-out-assets':
      return `Files that belong to the program are not written this way: ${question.detail}. Install it without them?`;
    default:
      return familyQuestionText(question);
  }
}

/** What would be done, as one sentence that reads the choice back. */
export function planSentence(plan: Plan): string {
  const files = plan.images.map((image) => image.name).join(', ');
  const board =
    plan.portPath === noPort
      ? `the ${plan.board} that comes in flash mode`
      : `this ${plan.virtual ? 'virtual ' : ''}${plan.board} (port ${plan.portPath})`;
  const skip = plan.steps.find(({ step }) => step === 'back-up')?.skip;
  if (skip === undefined) return `Back up, then install ${files} on ${board}`;
  return skip === 'earlier-backup-kept'
    ? `Install ${files} on ${board}, and keep the earlier backup`
    : `Install ${files} on ${board}, without a backup`;
}

/** The plan in lines, for those who want to see it all. */
export function planLines(plan: Plan): string[] {
  const lines = (plan.about ?? []).map(familyFactText);
  if (plan.open !== undefined) lines.push(openText(plan));
  for (const region of plan.regions) {
    const write = formatBytes(totalSize(region.write));
    const where = region.write.slice(0, 3).map(formatRange).join(', ');
    const what =
      region.write.length === 0
        ? 'nothing to write'
        : `write ${write} at ${where}${region.write.length > 3 ? ', ...' : ''}`;
    const erase =
      region.eraseSectors === 0
        ? ''
        : `, erase ${region.eraseSectors} ${region.eraseSectors === 1 ? 'sector' : 'sectors'} (${formatBytes(totalSize(region.erase))})`;
    const same =
      region.unchanged.length === 0 ? '' : `, ${formatBytes(totalSize(region.unchanged))} unchanged`;
    const kept = region.kept.length === 0 ? '' : `, ${formatBytes(totalSize(region.kept))} around it kept`;
    lines.push(`${region.name === '' ? 'Memory' : region.name}: ${what}${erase}${same}${kept}`);
  }
  if (plan.estimateMs !== undefined && plan.estimateMs > 0)
    lines.push(`About ${formatDuration(plan.estimateMs)}`);
  for (const condition of plan.conditions ?? []) {
    const yes =
      condition.kind === 'ask' && !condition.agreed ? ` (--accept ${condition.accept} goes on)` : '';
    lines.push(`${conditionText(condition)}${yes}`);
  }
  return lines;
}
