// Words for what only some boards have: what they say of themselves, what to know, what is left to do.
import type {
  AfterStep,
  FamilyFact,
  FamilyQuestion,
  FamilyWarning,
  NamedVersion,
  NanovnaCalibration,
  NanovnaSetting,
  ProgramSays,
  SaysReport,
} from '../families.ts';
import { guideStepText } from './guide.ts';

const versionWords = (versions: readonly NamedVersion[]): string =>
  versions.length === 0 ? 'version not readable' : versions.map(({ version }) => version).join(', ');

const noBoardWords = {
  empty: 'its one-time memory holds no version of the board, as on many copies',
  unreadable: 'its one-time memory could not be read, so the version of the board is not known',
  'all-cancelled':
    'every version in its one-time memory is cancelled, so the version of the board is not known',
} as const;

/** A fact as a statement. */
export function familyFactText(fact: FamilyFact): string {
  switch (fact.code) {
    case 'program':
      return `Its program says: ${fact.name}, ${versionWords(fact.versions)}`;
    case 'calibration-read': {
      const slots = fact.slots.length === 0 ? 'what was in use' : `slots ${fact.slots.join(', ')}`;
      return `Its calibration (${slots}) was read as text, to be kept beside the backup. ${restoredWords[fact.restored]}`;
    }
    case 'calibration-not-read':
      return 'Its calibration could not be read as text. A backup of its whole memory has it all the same.';
    case 'odrive-board':
      return `ODrive ${fact.board}, by its one-time memory`;
    case 'odrive-board-unknown':
      return `ODrive: ${noBoardWords[fact.why]}`;
  }
}

const restoredWords = {
  'as-it-was': 'It was put back as it was.',
  'first-slot':
    'To read the slots they had to be recalled; what was in use was in none of them, is in the text, and slot 0 is in use now.',
  unknown: 'To read the slots they had to be recalled; which one is in use now is not known.',
} as const;

/** A warning in words. */
export function familyWarningText(warning: FamilyWarning): string {
  switch (warning.code) {
    case 'calibration-lost': {
      const what =
        warning.slots === undefined
          ? 'Stored calibration, if there is any,'
          : warning.slots.length === 0
            ? 'What the board has stored'
            : `Stored calibration (${warning.slots.length === 1 ? 'slot' : 'slots'} ${warning.slots.join(', ')})`;
      return warning.why === 'layout-changes'
        ? `${what} will not be found any more: ${warning.name} keeps it in another way than the program on the board. Calibrate again afterwards.`
        : `${what} will be written over: ${warning.name} reaches into the memory where it lies. Calibrate again afterwards.`;
    }
    case 'checksum-differs':
      return `The checksum inside ${warning.name} does not fit its content, as the bootloader counts it that Pycom's descends from; Pycom's own may count otherwise. A board that finds it wrong does not start the program: it stays in flash mode, and takes another file.`;
    case 'odrive-first-record-cancelled':
      return (
        `The first record of this board's one-time memory is cancelled${warning.board === undefined ? ', as are all that follow' : `; a later one says ${warning.board}`}. ` +
        'Programs from 0.5.2 on read only the first, and may not start.'
      );
    case 'odrive-board-unproven':
      return 'The version of this ODrive is not known. Make sure the file is for the version printed on it.';
    case 'odrive-settings-stay':
      return 'Its settings stay where they are. They belong to the program that was on it: across 0.5 they do not fit, and have to be erased and made anew.';
  }
}

/** A question, put to a person. */
export function familyQuestionText(question: FamilyQuestion): string {
  switch (question.id) {
    case 'file-names-no-board':
      return question.fileBoard === undefined
        ? `The file ${question.detail} does not say which board it is for, and nothing else does. Is it for ${question.board}, which is what you have here?`
        : `The file ${question.detail} is for ${question.fileBoard}, by its name. Here may be ${question.board}: only what is printed on the board tells them apart. Is it ${question.fileBoard}?`;
    case 'version-unknown':
      return `The version of ${question.detail} is not known. Version 0.5.2 never starts on this board, whose one-time memory is empty; others do. Is it another version?`;
    case 'other-board-version':
      return `The file ${question.detail}; this board is ${question.board}. Its limits of voltage and current may be wrong. Write it all the same?`;
    case 'overwrite-settings':
      return `The file covers the memory where the board keeps its settings (${question.detail}). Write over them?`;
    case 'clear-settings':
      return `The settings on ${question.detail} are the former program's, and do not fit. Put them back to the new program's own? Its calibration has to be made anew in any case.`;
  }
}

/** What a person is left to do, or what was done for them. */
export function afterStepText(step: AfterStep): string {
  switch (step.code) {
    case 'settings-cleared':
      return "Its settings were put back to the new program's own. Switch it off and on before anything else.";
    case 'clear-settings':
      return `Its settings are the former program's. Put them back: send "${step.command}" to its serial port, then switch it off and on.`;
    case 'calibrate':
      return 'Calibrate its touch screen and its ports again, and save.';
    case 'still-in-flash-mode':
      return 'If it comes back in flash mode by itself, what is on it is not whole. Nothing is lost: its loader stays, and takes the file again.';
    case 'replug':
      return 'Unplug it and plug it in again, without holding a button.';
    case 'settings-may-not-fit':
      return 'If it starts and does not behave, its settings are from another version: erase its configuration and set it up again.';
    case 'by-hand':
      return guideStepText(step.step);
  }
}

/** What the program says now, against what it said before and what the file promised; empty where nothing was heard. */
export function saysLines({ before, after, file, verdict }: SaysReport): string[] {
  if (after === undefined) return [];
  const now = `Its program says: ${after.name}, ${versionWords(after.versions)}`;
  const was = before === undefined ? '' : ` (before: ${versionWords(before.versions)})`;
  const differs = `The file had promised ${versionWords(file)}.`;
  return [`${now}${was}.`, ...(verdict === 'differs-from-file' ? [differs] : [])];
}

/** The file with a NanoVNA's calibration: for people, and for whoever writes a reader of it. */
export function calibrationText(says: ProgramSays, { inUse, slots, restored }: NanovnaCalibration): string {
  const lines = [
    `# Calibration of ${says.name}, ${versionWords(says.versions)}, as its shell printed it.`,
    '# Error terms are "data 2" to "data 6": one complex number a line, real and imaginary part, one line a frequency.',
    `# ${restoredWords[restored]}`,
  ];
  if (inUse !== undefined) lines.push('', '[in use]', ...settingLines(inUse));
  for (const { number, said, setting, sameAs } of slots) {
    lines.push('', `[slot ${number}]`, ...said.map((line) => `# it said: ${line}`));
    if (setting === undefined) lines.push('# could not be read');
    else if (sameAs === undefined) lines.push(...settingLines(setting));
    else {
      const twin = sameAs === 'in-use' ? 'what was in use' : `slot ${sameAs}`;
      lines.push(`# reads the same as ${twin}: a copy, or empty`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function settingLines({ sweep, frequencies, terms }: NanovnaSetting): string[] {
  return [
    `sweep ${sweep.join(' ')}`,
    'frequencies',
    ...frequencies,
    ...[...terms].flatMap(([number, lines]) => [`data ${number}`, ...lines]),
  ];
}
