// The coach in every state it can be in.
import type { GuideRemark, GuideSnapshot } from '../../shared/guide.ts';
import type { GuideStep } from '../../shared/profile.ts';

const control = 'MCLR button (S1)';
const pytrackSteps: readonly GuideStep[] = [
  { verb: 'unplug', proof: 'left-usb' },
  { verb: 'hold', control },
  { verb: 'plug-in', proof: 'came-to-usb' },
  { verb: 'wait', forMs: 1000 },
  { verb: 'let-go', control, proof: 'in-flash-mode' },
];
const jogSteps: readonly GuideStep[] = [
  { verb: 'switch-off', proof: 'left-usb' },
  { verb: 'hold', control: 'jog switch' },
  { verb: 'switch-on', proof: 'in-flash-mode' },
  { verb: 'let-go', control: 'jog switch' },
];
const jumperSteps: readonly GuideStep[] = [
  { verb: 'switch-off', proof: 'left-usb' },
  { verb: 'close-jumper', control: 'BOOT0 to VDD' },
  { verb: 'switch-on', proof: 'in-flash-mode' },
];
const menuSteps: readonly GuideStep[] = [
  { verb: 'choose-on-screen', path: ['CONFIG', 'DFU', 'RESET AND ENTER DFU'], proof: 'in-flash-mode' },
];
const switchSteps: readonly GuideStep[] = [
  { verb: 'set-switch', control: 'DFU / RUN switch', to: 'DFU' },
  { verb: 'switch-off', proof: 'left-usb' },
  { verb: 'switch-on', proof: 'in-flash-mode' },
];

/** Steps of which these are due, and those before done. */
function at(steps: readonly GuideStep[], from: number, to = from): GuideSnapshot['steps'] {
  return steps.map((step, place) => ({
    step,
    state: place < from ? 'done' : place <= to ? 'now' : 'waiting',
  }));
}

const pytrack: GuideSnapshot = {
  profile: 'pycom-pytrack',
  board: 'Pytrack',
  way: 'DFU button',
  ways: ['DFU button'],
  matching: ['USB 04d8:f014'],
  portPath: undefined,
  before: ['The Pycom module is off the board, and so is the battery.'],
  steps: at(pytrackSteps, 0),
  after: [],
  caught: false,
  sinceMs: 12_400,
  forMs: undefined,
  hold: 'none',
  remark: undefined,
  tries: 1,
  usualDelayMs: undefined,
  looks: 'No light is known to tell. Only the computer sees that it is in flash mode.',
  windowMs: 7000,
};
const nanovna: GuideSnapshot = {
  ...pytrack,
  profile: 'nanovna-h4',
  board: 'NanoVNA-H4',
  way: 'Menu',
  ways: ['Menu', 'Jog switch', 'Jumper'],
  matching: ['USB 0483:df11 with the memory of an STM32F303'],
  before: [],
  steps: at(menuSteps, 0),
  looks:
    'Its screen keeps its last text after the menu, and is white or dark after the jog switch or the jumper. All three are normal.',
  windowMs: undefined,
};

/** One state with the drawing it goes with. */
export interface CoachSample {
  readonly name: string;
  readonly drawing: string;
  readonly guide: GuideSnapshot;
}

const started: GuideSnapshot = { ...pytrack, sinceMs: 4200, steps: at(pytrackSteps, 1, 2), tries: 2 };
const remarks: readonly GuideRemark[] = [
  { code: 'let-go-too-early' },
  { code: 'too-late' },
  { code: 'left-flash-mode' },
  { code: 'other-port', portPath: '1-4' },
  { code: 'wrong-board', board: 'NanoVNA-H', portPath: '1-4' },
  { code: 'nothing-came', waitedMs: 20_000 },
  { code: 'try-failed', error: 'usb.gone', params: {} },
];

export const coachSamples: readonly CoachSample[] = [
  { name: 'first step', drawing: 'pycom-shield', guide: pytrack },
  { name: 'hold and plug in', drawing: 'pycom-shield', guide: { ...started, usualDelayMs: 640 } },
  {
    name: 'keep',
    drawing: 'pycom-shield',
    guide: { ...started, steps: at(pytrackSteps, 3), sinceMs: 300, forMs: 1000, hold: 'keep' },
  },
  { name: 'let go', drawing: 'pycom-shield', guide: { ...started, steps: at(pytrackSteps, 4), hold: 'now' } },
  {
    name: 'window closing',
    drawing: 'pycom-shield',
    guide: {
      ...started,
      steps: at(pytrackSteps, 4),
      hold: 'now',
      remark: { code: 'window-closing', leftMs: 2600 },
    },
  },
  {
    name: 'caught',
    drawing: 'pycom-shield',
    guide: { ...started, steps: at(pytrackSteps, 5), caught: true },
  },
  ...remarks.map((remark) => ({
    name: remark.code,
    drawing: 'pycom-shield',
    guide: {
      ...started,
      steps: at(pytrackSteps, 0),
      remark,
      ...(remark.code === 'other-port' ? { portPath: '1-2' } : {}),
    },
  })),
  { name: 'menu', drawing: 'nanovna-h4', guide: nanovna },
  {
    name: 'jog',
    drawing: 'nanovna-h4',
    guide: { ...nanovna, way: 'Jog switch', steps: at(jogSteps, 1, 2) },
  },
  {
    name: 'jumper',
    drawing: 'nanovna-h4',
    guide: {
      ...nanovna,
      way: 'Jumper',
      steps: at(jumperSteps, 1),
      after: [
        { verb: 'switch-off' },
        { verb: 'open-jumper', control: 'BOOT0 to VDD' },
        { verb: 'switch-on', proof: 'program-running' },
      ],
    },
  },
  {
    name: 'switch',
    drawing: 'odrive-v3',
    guide: {
      ...nanovna,
      board: 'ODrive v3',
      way: 'Switch',
      ways: ['Switch'],
      steps: at(switchSteps, 0),
      looks: undefined,
    },
  },
];
