import type { CheckId, PlanCheck } from '../plan.ts';

/** What each check looks for, as a statement that is true when it passes. */
export const checkTexts: { readonly [id in CheckId]: string } = {
  writable: 'the board takes firmware over USB',
  route: 'the file is of a kind this board takes',
  'device-ids': 'the file names this board, or none',
  platform: 'it is no Particle module for another platform',
  chip: 'it is for this chip',
  family: 'it is for this board and not for its sibling, and starts on it',
  digest: 'its digests fit',
  address: 'every part has its place',
  overlap: 'no two parts disagree',
  areas: 'every part lies in a memory of the board',
  fits: 'it ends where that memory ends, or before',
  lock: 'it does not lock the chip for ever',
  forbidden: 'it touches nothing that must stay',
  alignment: 'it begins and ends where the chip programs',
  disguise: 'it is what it would be written as',
  blank: 'there is something in it',
  'vector-table': 'it begins like a program',
  'left-out': 'all that is in it is written',
  prefix: 'it has no prefix of a maker',
  older: 'it is no older than what is known to be on the board',
  'other-unit': 'a backup goes back to the board it came from',
};

/** The word in front of a check. */
export const verdictTexts: { readonly [verdict in PlanCheck['verdict']]: string } = {
  passed: 'ok',
  tell: 'note',
  ask: 'ask',
  refuse: 'no',
  'not-reached': '-',
};

/** The same in a word or two, where there is room. */
export const verdictNames: { readonly [verdict in PlanCheck['verdict']]: string } = {
  passed: 'Passed',
  tell: 'To know',
  ask: 'Asks first',
  refuse: 'Refused',
  'not-reached': 'Not reached',
};
