// What is settled before a board is there: "if it turns out that ..., then ...".
import type { Plan, PlanCondition, PlanQuestion } from '../plan.ts';

/** What may turn out; what happens then with a yes beforehand; and the yes as a choice. */
interface ConditionWords {
  readonly turnsOut: string;
  readonly goesOn: string;
  readonly choice: string;
}

const asked: { readonly [id in PlanQuestion['id']]?: ConditionWords } = {
  'go-without-backup': {
    turnsOut: 'the board cannot be read',
    goesOn: 'it is written without a backup, and not compared',
    choice: 'Write it also if it cannot be read: no backup, nothing compared',
  },
  'install-older': {
    turnsOut: 'the board already runs a newer version',
    goesOn: 'it goes back to this one',
    choice: 'Go back to this version if the board already runs a newer one',
  },
  'restore-on-other-unit': {
    turnsOut: 'the backup is from another board of this kind',
    goesOn: 'it is put on this one all the same, with the settings and calibration of the other',
    choice: 'Put it back also on another board of this kind',
  },
  'version-unknown': {
    turnsOut: "the board's one-time memory is empty, where version 0.5.2 never starts",
    goesOn: 'the file is written, because you say it is another version',
    choice: 'Write it also where the one-time memory is empty: it is not version 0.5.2',
  },
  'other-board-version': {
    turnsOut: 'the file is for another version of the board',
    goesOn: 'it is written all the same, with limits of voltage and current that may be wrong',
    choice: 'Write it also on another version of the board',
  },
};

const told: { readonly [code in Extract<PlanCondition, { kind: 'tell' }>['code']]?: string } = {
  'calibration-lost':
    'If the program on the board keeps its calibration in another way than this file, the calibration is not found any more: calibrate again afterwards.',
  'odrive-first-record-cancelled':
    "If the first record of the board's one-time memory is cancelled, programs from 0.5.2 on may not start.",
};

/** One condition as a sentence: what may turn out, and what is done then. */
export function conditionText(condition: PlanCondition): string {
  if (condition.kind === 'tell') return told[condition.code] ?? '';
  const words = asked[condition.id];
  if (words === undefined) return '';
  return `If ${words.turnsOut}, ${condition.agreed ? words.goesOn : 'it is left as it is'}.`;
}

/** The yes to it, as a switch has it. */
export function conditionChoice({ id }: Extract<PlanCondition, { kind: 'ask' }>): string {
  return asked[id]?.choice ?? '';
}

/** It has turned out. */
export function turnedOutText(question: PlanQuestion): string {
  const detail = 'detail' in question ? ` (${question.detail})` : '';
  const words = asked[question.id]?.turnsOut ?? 'the board asks for an answer that was not given';
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${detail}`;
}

/** On which chips a board may come, where that is open; empty where it is not. */
export function openText({ open }: Pick<Plan, 'open'>): string {
  if (open === undefined) return '';
  const which =
    'Which chip the board has is known once it is there; its own memory map then says where all goes.';
  const fits = open.fits.length === 0 ? '' : ` The file fits ${open.fits.join(', ')}.`;
  const not =
    open.not.length === 0
      ? ''
      : ` If it turns out to be ${listOf(open.not)}, the file is not for it: nothing is written, and the wait goes on.`;
  return `${which}${fits}${not}`;
}

function listOf(names: readonly string[]): string {
  const [last = '', ...others] = names.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} or ${last}`;
}
