// Words of the screens.
import type { JobKind, JobSnapshot } from '../job-snapshot.ts';
import type { Plan } from '../plan.ts';
import { totalSize } from '../ranges.ts';
import { formatBytes, formatDuration } from '../units.ts';
import { stepTexts } from './plan.ts';

export const frameWords = {
  navigation: 'Rekindle',
  boards: 'Boards',
  file: 'File',
  backups: 'Backups',
  history: 'History',
  settings: 'Settings',
  running: (count: number): string => `${count} at work`,
  opening: 'Opening ...',
  lost: 'The connection to Rekindle is lost. Trying again ...',
  lostJobs: 'Jobs that run go on without this page.',
  refused: {
    'no-code': {
      title: 'This page needs its start address',
      text: 'Close it and start Rekindle again, or press Enter in its terminal and open the new address within 30 seconds.',
    },
    refused: {
      title: 'Rekindle did not let this page in',
      text: 'It belongs to an earlier start of Rekindle, or more than four pages are open. Close it, and use the window or address that Rekindle opened last.',
    },
    gone: {
      title: 'Rekindle is not running any more',
      text: 'Start it again. What it was doing when it ended is told on the board the next time.',
    },
  },
  close: 'Close',
  cancel: 'Cancel',
  notes: 'Notes',
  logs: 'Logs',
} as const;

export const welcomeWords = {
  title: 'Nothing leaves this computer',
  text: 'No account, no telemetry. Rekindle works offline, and asks the network only when you look for updates. Every write is planned, backed up, compared, and told as it is.',
  understood: 'Good',
} as const;

export const boardsWords = {
  title: 'Boards',
  none: 'Plug in a board, or choose it',
  noneText: 'It shows here by itself, within a second.',
  looking: 'Looking at the ports ...',
  checklist: 'If it does not show',
  checks: {
    cable: {
      title: 'The cable carries no data',
      text: 'Many cables only charge, which looks from here as if nothing were there. Try one that has moved files before, straight into the computer.',
    },
    mode: {
      title: 'The board is not in flash mode',
      text: 'Most need a button or jumper held while they get power: BOOT0 on STM32 boards. Then plug it in.',
    },
    asleep: {
      title: 'The board is asleep, switched off or its battery is empty',
      text: 'Switch it on, or let it charge for a few minutes first.',
    },
    hub: {
      title: 'A hub or a USB 3 port is in between',
      text: 'Some chips only show on a USB 2 port or hub.',
    },
  },
  again: 'Look again',
  practise: 'No board at hand?',
  practiseText: 'Try everything on a virtual one. Nothing real is changed.',
  plug: 'Plug in',
  kind: 'Virtual board',
  unplug: 'Unplug it',
  others: 'Other devices',
  recent: 'Jobs since Rekindle was started',
  dismiss: 'Take off the list',
  virtualNames: {
    'nanovna-h': 'NanoVNA-H',
    'nanovna-h4': 'NanoVNA-H4',
    pytrack: 'Pycom Pytrack',
    pysense: 'Pycom Pysense',
    pyscan: 'Pycom Pyscan',
    pygate: 'Pycom Pygate',
    'expansion-board-3': 'Pycom Expansion Board 3',
    'odrive-v3': 'ODrive v3',
    stm32f405: 'STM32F405',
    gd32vf103: 'GD32VF103',
    'plain-dfu': 'Plain DFU board',
    'runtime-dfu': 'Board that must be taken to flash mode',
  } as Readonly<Record<string, string>>,
  problemTitle: 'The USB ports cannot be looked at',
} as const;

export const boardViewWords = {
  back: 'All boards',
  toJob: 'Show it',
  undo: 'How to undo it',
  inOrder: 'Step by step:',
  gone: 'This board is not plugged in any more',
  goneText: 'Plug it in again: this page follows the port.',
  choose: 'Choose firmware',
  chooseHint: 'or drop a file here: .bin, .hex, .dfu, .elf, .uf2, .zip and others',
  drop: 'Let go to look at it',
  reading: 'Reading the file ...',
  planning: 'Asking the board what this would mean ...',
  starting: 'Starting ...',
  runningProgram: 'It runs its program. Rekindle takes it to flash mode by itself when it needs to.',
  notUsable:
    'It runs its program, and Rekindle cannot take it out of it. Put it into flash mode by hand, with its button, jumper or menu; it then shows here by itself.',
  backUp: 'Back up now',
  backUpTwice: 'Back up, read twice',
  backUpTwiceHint: 'Reads everything twice and compares before it is saved; takes twice as long.',
  restore: 'Restore',
  practiceFile: 'Take a harmless program',
  otherFile: 'Another file',
  whereTitle: (name: string): string => `Where does ${name} go?`,
  whereText: 'It is plain bytes, and does not say. The place it was downloaded from does.',
  whereUsual: 'It is plain bytes, and does not say. Programs usually go to the start of flash.',
  whereYes: (address: string): string => (address === '' ? 'Put it there' : `Put it at ${address}`),
  tryAgain: 'Try again',
  planTitle: 'What will happen',
  memory: 'Memory of the board',
  warnings: 'To know before',
  about: 'What the board says of itself',
  refused: 'This cannot be done',
  unchanged: 'Nothing was changed on the board.',
  asRaw: 'Write its bytes as they are',
  nothingToDo: 'The board may hold this already; what is the same is not written again.',
  options: 'Options',
  optionsChanged: 'changed',
  option: {
    backup: {
      label: 'Back up first',
      hint: 'Reads what is on the board into a file before anything is erased.',
    },
    verify: { label: 'Compare afterwards', hint: 'Reads back what was written, byte for byte.' },
    leave: { label: 'Start it afterwards', hint: 'Otherwise it stays in flash mode.' },
    full: { label: 'Write everything', hint: 'Also sectors that hold the image already.' },
    keepRest: {
      label: 'Keep what surrounds it',
      hint: 'Sectors are erased whole; what the image does not cover is put back.',
    },
    address: {
      label: 'Address',
      hint: 'For files that do not say where they go.',
      bad: 'Not an address, as 0x08000000',
    },
  },
  install: 'Install',
  confirmDanger: 'Go on without a backup?',
  confirmDangerText: 'What is on the board now will be gone for good if the new firmware does not work.',
  confirmYes: 'Install without a backup',
  confirmFindings: 'Before you go on',
  confirmFindingsYes: 'I know. Go on all the same',
  whichInside: 'Which one is meant?',
  aboutFile: 'What this file is',
  inside: (archives: readonly string[]): string => `Found in ${archives.join(', in ')}`,
  facts: 'About this board',
  factNames: {
    ids: 'USB ids',
    standard: 'Speaks',
    maker: 'Maker says',
    product: 'Calls itself',
    serial: 'Serial number',
    block: 'Block size',
    likely: 'May be',
  },
  file: (bytes: number, format: string): string => `${formatBytes(bytes)}, ${format}`,
} as const;

/** The main button's own words: the choice, read back. */
export function installSentence(plan: Plan, restore: boolean): string {
  const files = plan.images.map((image) => image.name).join(', ');
  const verb = restore ? 'restore' : 'install';
  const backsUp = plan.steps.some((step) => step.step === 'back-up' && step.skip === undefined);
  const start = backsUp ? `Back up, then ${verb}` : restore ? 'Restore' : 'Install';
  const board = `this ${plan.virtual ? 'virtual ' : ''}${plan.board}`;
  return `${start} ${files} on ${board}`;
}

/** The plan as sentences to be read. */
export function planStory(plan: Plan): string[] {
  const write =
    plan.open === undefined
      ? plan.regions.reduce((sum, region) => sum + totalSize(region.write), 0)
      : (plan.steps.find((step) => step.step === 'write')?.bytes ?? 0);
  const sectors = plan.regions.reduce((sum, region) => sum + region.eraseSectors, 0);
  const same = plan.regions.reduce((sum, region) => sum + totalSize(region.unchanged), 0);
  const lines: string[] = [];
  const backUp = plan.steps.find((step) => step.step === 'back-up');
  if (backUp !== undefined && backUp.skip === undefined)
    lines.push(
      `First what is on the board is read into a file${(backUp.bytes ?? 0) === 0 ? '' : ` (${formatBytes(backUp.bytes ?? 0)})`}.`,
    );
  const erase = sectors === 0 ? '' : `, after erasing ${sectors} ${sectors === 1 ? 'sector' : 'sectors'}`;
  if (write > 0) lines.push(`Then ${formatBytes(write)} are written${erase}.`);
  if (same > 0) lines.push(`${formatBytes(same)} are the same already and stay.`);
  if (plan.steps.some((step) => step.step === 'verify' && step.skip === undefined))
    lines.push('It is read back and compared, byte for byte.');
  if (plan.estimateMs !== undefined && plan.estimateMs > 0)
    lines.push(`About ${formatDuration(plan.estimateMs)}.`);
  return lines;
}

export const jobViewWords = {
  kind: {
    flash: (files: string): string => `Installing ${files}`,
    restore: (files: string): string => `Restoring ${files}`,
    backup: (): string => 'Backing up',
    compare: (files: string): string => `Comparing with ${files}`,
  } satisfies Record<JobKind, (files: string) => string>,
  ended: {
    flash: (files: string): string => `Install ${files}`,
    restore: (files: string): string => `Restore ${files}`,
    backup: (): string => 'Back up',
    compare: (files: string): string => `Compare with ${files}`,
  } satisfies Record<JobKind, (files: string) => string>,
  on: (board: string, portPath: string): string => `${board}, port ${portPath}`,
  gone: 'This job is not on the list any more',
  stop: 'Stop',
  stopping: 'Stopping at the next block ...',
  aborting: 'Ending at once ...',
  abort: 'End at once',
  stopTitle: 'Stop this job?',
  stopYes: 'Stop it',
  stopNo: 'Let it run',
  /** What a stop leaves behind, by where the job is. */
  stopHarmless: 'Nothing was changed on the board, and nothing will be.',
  stopHalf:
    'It stops at the next block. The board then has no working firmware; you can continue at any time, and the backup stays.',
  stopWritten: 'All is written already. What is left is only looking whether it is right.',
  unplugged: (step: keyof typeof stepTexts): string => `If you unplug now: ${stepTexts[step].ifUnplugged}.`,
  waiting: {
    board: 'Waiting for the board ...',
    return: 'Waiting for it to come back ...',
    program: 'Asking its program ...',
    'serial-port': "Another program has the board's serial port. Waiting for it to let go ...",
  },
  backedUp: (path: string): string => `Backed up to ${path}`,
  question: 'A question before anything is changed',
  yes: 'Yes, go on',
  no: 'No, leave it as it is',
  map: 'What is written where',
  took: (ms: number): string => `Took ${formatDuration(ms)}`,
  showFile: 'Show the file',
} as const;

/** What stopping now would leave on the board. */
export function stopConsequence(job: JobSnapshot): string {
  const state = (step: string): string | undefined => job.steps.find((one) => one.step === step)?.state;
  if (state('write') === 'done') return jobViewWords.stopWritten;
  const touched = ['running', 'done'].includes(state('erase') ?? '') || state('write') === 'running';
  return touched ? jobViewWords.stopHalf : jobViewWords.stopHarmless;
}

/** A running job in a few words, for a card. */
export function jobInWords(job: JobSnapshot): { words: string; fraction: number | undefined } {
  const running = job.steps.find((step) => step.state === 'running');
  if (job.question !== undefined) return { words: jobViewWords.question, fraction: undefined };
  if (running === undefined)
    return { words: jobViewWords.kind[job.kind](job.files.join(', ')), fraction: undefined };
  const { doneBytes, totalBytes } = running;
  const known = doneBytes !== undefined && totalBytes !== undefined && totalBytes > 0;
  return {
    words: stepTexts[running.step].during,
    fraction: known ? doneBytes / totalBytes : undefined,
  };
}
