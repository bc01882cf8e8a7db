// Words of the page around the coach, choosing a board, and practising. What the hand does is in guide.ts.
import type { Plan } from '../plan.ts';
import type { Profile } from '../profile.ts';

export const coachWords = {
  schematic: 'Schematic: your board may look different.',
  steps: 'What to do',
  stepDone: 'Done:',
  since: 'How long this step has been due',
  windowLeft: 'Time left of its flash mode',
  holding: 'How long it has been held',
  iHaveDoneIt: 'I have done that',
  watched: 'What is watched for',
  time: 'How long it takes',
  look: 'How it will look',
  otherWays: 'Another way in',
  instead: (way: string): string => `${way} instead`,
  way: (way: string): string => `The way you are shown: ${way}.`,
  stop: 'Stop waiting',
  stopping: 'It has stopped waiting ...',
  stopHint: 'Nothing on the board was changed.',
  caught: 'Caught: it is in flash mode',
  caughtText: 'The job begins by itself. Leave the cable in.',
  sound: 'Beep when it is time to let go',
  soundHint: 'For eyes that are on the board.',
  remark: 'What just happened',
} as const;

export const chooseWords = {
  title: 'Choose my board',
  text: 'For boards that show nothing until a button is held: choose it, choose a file, and be told what to do when.',
  link: 'Choose my board',
  search: 'Name, maker, or what is printed on it',
  count: (found: number, all: number): string =>
    found === all ? `${all} boards` : `${found} of ${all} boards`,
  none: 'No board we know is called that',
  noneText:
    'If it has an STM32 or another chip with a DFU bootloader, plug it in while its button or jumper is held: it then shows on the page of boards.',
  list: 'Boards we know',
  problems: 'Descriptions of your own that are not used',
  supports: {
    full: 'Can be updated here',
    repair: 'Can be repaired here, once it is in flash mode',
    named: 'Not yet: what you can do today',
  },
  printed: (name: string): string => `"${name}" is printed on it`,
  tested: 'Tried on a simulated board only so far',
  looking: 'Reading what we know ...',
} as const;

export const readyWords = {
  unknown: 'Rekindle knows no board by this name',
  unknownText: 'Choose it from the list.',
  back: 'Choose another board',
  title: (profile: Pick<Profile, 'name'>): string => `Get ready for ${profile.name}`,
  named: 'Rekindle knows it by name only',
  dangers: 'To know before',
  today: 'What you can do today',
  sureTitle: 'Is it this one?',
  sure: (others: readonly string[]): string =>
    `It shows the same on USB as ${others.join(' and ')}. Only its print tells them apart, and the firmware of one does not run on another.`,
  where: 'Where to look',
  other: (name: string): string => `Mine is ${name}`,
  flashModeFirst: 'Put it into flash mode first',
  flashModeFirstText:
    'It has no marks of its own on USB by which it could be waited for. In flash mode it shows among the boards; choose the file there.',
  planning: 'Working out what this would mean ...',
  practise: 'Practise first',
  practiseText:
    'The same on a virtual board: you hold its button with the space bar, and are told whether the moment was right.',
  howTitle: 'How it will come',
  wayIn: 'Way into flash mode',
  usualWay: 'By software, otherwise by hand',
  portChoice: 'Port',
  anyPort: 'Any port',
  port: (portPath: string, now: string | undefined): string =>
    now === undefined ? `Only ${portPath} (empty now)` : `Only ${portPath} (now ${now})`,
  portHint:
    'Ports are listed while something is plugged into them; one that you chose stays chosen when you unplug it.',
  chipChoice: 'Chip',
  anyChip: 'Whichever it turns out to have',
  settledTitle: 'Settled beforehand',
  settledText:
    'Once the board is there nothing is asked any more. What only the board can tell is answered now.',
  hintFor: (names: readonly string[]): string => `usually ${names.join(', ')}`,
  backupWhy: 'About a backup',
} as const;

/** The main button of a board that is waited for: the choice, read back. */
export function readySentence(plan: Plan, restore: boolean): string {
  const files = plan.images.map((image) => image.name).join(', ');
  const backsUp = plan.steps.some((step) => step.step === 'back-up' && step.skip === undefined);
  return `Get ready, then ${backsUp ? 'back up and ' : ''}${restore ? 'restore' : 'install'} ${files} on this ${plan.board}`;
}

export const practiseWords = {
  title: (board: string): string => `Practise on a virtual ${board}`,
  text: 'Nothing real is changed. Follow the steps below with the keys; you are told whether the moment was right.',
  keys: 'Your hands',
  hold: (control: string): string => `Hold ${control}`,
  holdKey: 'space bar',
  letGo: (control: string): string => `Let go of ${control}`,
  cable: 'Cable',
  plug: 'Plug in',
  unplug: 'Unplug',
  plugKey: 'key P',
  set: (control: string, to: string): string => `Set ${control} to ${to}`,
  close: (control: string): string => `Close ${control}`,
  open: (control: string): string => `Open ${control}`,
  power: { on: 'Switch on', off: 'Switch off' },
  menu: (path: readonly string[]): string => path.join(' > '),
  preparing: 'Putting a virtual board on the table ...',
  again: 'Practise again',
  right: 'The moment was right: it was caught in flash mode, and the practice program went onto it.',
  real: 'Now the real one',
} as const;

export const whichWords = {
  title: 'Which board is this?',
  text: 'On USB they show the same. Read what is printed on it.',
  tell: (name: string): string => `It is ${name}`,
  maybe: (names: readonly string[]): string => `May also be ${names.join(' or ')}.`,
} as const;
