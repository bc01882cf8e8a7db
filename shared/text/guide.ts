// Words of the coach, for page and terminal alike: what the hand does, what went wrong, when to let go.
import type { ErrorCode } from '../errors/codes.ts';
import type { GuideRemark, GuideSnapshot } from '../guide.ts';
import type { GuideStep } from '../profile.ts';
import { formatDuration } from '../units.ts';
import { errorText, type Platform } from './errors.ts';

function duration(ms: number): string {
  return ms < 1000 ? 'a moment' : formatDuration(ms).replace('.0 s', ' s');
}

function forAtLeast(step: GuideStep): string {
  return step.forMs === undefined ? '' : `, for at least ${duration(step.forMs)}`;
}

/** One sentence for one movement of a hand. */
export function guideStepText(step: GuideStep): string {
  switch (step.verb) {
    case 'press':
      return `Press the ${step.control}${forAtLeast(step)}.`;
    case 'hold':
      return `Hold the ${step.control} down and keep it held${forAtLeast(step)}.`;
    case 'let-go':
      return `Let go of the ${step.control}.`;
    case 'unplug':
      return 'Unplug the USB cable.';
    case 'plug-in':
      return 'Plug in the USB cable.';
    case 'switch-off':
      return 'Switch the board off.';
    case 'switch-on':
      return 'Switch the board on.';
    case 'set-switch':
      return `Set the ${step.control} to ${step.to}.`;
    case 'close-jumper':
      return `Close the jumper ${step.control}.`;
    case 'open-jumper':
      return `Open the jumper ${step.control} again.`;
    case 'choose-on-screen':
      return `On the board's screen, choose ${step.path.join(', then ')}.`;
    case 'wait':
      if (step.forMs !== undefined) return `Wait ${duration(step.forMs)}.`;
      return step.proof === 'in-flash-mode'
        ? 'Bring the board into flash mode as its maker describes; it is being watched for.'
        : 'Wait.';
    case 'do-not-unplug':
      return `Do not unplug it${step.forMs === undefined ? '' : ` for ${duration(step.forMs)}`}.`;
  }
}

/** The line about what is held; empty where nothing is. */
export function guideHoldText(guide: Pick<GuideSnapshot, 'hold' | 'steps'>): string {
  const held = heldControl(guide);
  if (guide.hold === 'now') return held === undefined ? 'Let go now.' : `Let go now: the ${held}.`;
  if (guide.hold === 'keep')
    return held === undefined ? 'Do not let go yet.' : `Do not let go of the ${held} yet.`;
  return '';
}

function heldControl({ steps }: Pick<GuideSnapshot, 'steps'>): string | undefined {
  const held = steps.findLast(({ step }) => step.verb === 'hold')?.step;
  return held?.verb === 'hold' ? held.control : undefined;
}

/** What is due, in one line: the head of page and terminal. */
export function guideTitle(guide: GuideSnapshot): string {
  if (guide.caught) return `${guide.board} is in flash mode`;
  const due = guide.steps.find(({ state }) => state === 'now')?.step;
  return `Waiting for ${guide.board}: ${due === undefined ? 'to be seen in flash mode' : lowerFirst(guideStepText(due)).replace(/\.$/, '')}`;
}

/** What will be taken for the board, and where. */
export function guideMatchingText({ board, matching, portPath }: GuideSnapshot): string {
  const where = portPath === undefined ? 'on any port' : `on port ${portPath} and no other`;
  return `The job begins the moment ${matching.join(' or ')} (${board} in flash mode) is seen ${where}. Nothing is asked then.`;
}

/** What is known of the time it takes here; empty where nothing is. */
export function guideDelayText({ usualDelayMs, windowMs }: GuideSnapshot): string {
  const usual =
    usualDelayMs === undefined
      ? ''
      : `On this computer it is usually seen ${(usualDelayMs / 1000).toFixed(1)} s after it gets power.`;
  const window =
    windowMs === undefined ? '' : `Its flash mode ends by itself after about ${duration(windowMs)}.`;
  return [usual, window].filter((text) => text !== '').join(' ');
}

/** How it looks in flash mode, said before it happens; empty where nothing is known. */
export function guideLooksText({ looks }: Pick<GuideSnapshot, 'looks'>): string {
  return looks === undefined ? '' : `In flash mode: ${looks}`;
}

/** What must hold before the first step; empty without. */
export function guideBeforeLines({ before }: Pick<GuideSnapshot, 'before'>): readonly string[] {
  return before;
}

/** What is to be undone once the firmware is on; empty without. */
export function guideAfterLines({ after }: Pick<GuideSnapshot, 'after'>): readonly string[] {
  return after.map(guideStepText);
}

/** What just went wrong, and what to do about it. */
export function guideRemarkText(remark: GuideRemark, guide: GuideSnapshot, platform: Platform): string {
  switch (remark.code) {
    case 'let-go-too-early':
      return `It came up running its program. ${whyProgram(guide)}`;
    case 'too-late':
      return 'It was in flash mode and left it before the job could begin. Once more, from the first step.';
    case 'left-flash-mode':
      return 'It was in flash mode and left it: unplugged, or reset. Once more, from the first step.';
    case 'other-port':
      return `It came to port ${remark.portPath}, and only port ${guide.portPath ?? 'unknown'} is watched. Plug it in there.`;
    case 'wrong-board':
      return `${remark.board} came to port ${remark.portPath}. That is not the ${guide.board}; it is left alone.`;
    case 'nothing-came':
      return (
        `Nothing has come to USB for ${duration(remark.waitedMs)}. If the board is plugged in: use a cable that carries data, ` +
        'a port of the computer itself, and begin again with the first step.'
      );
    case 'window-closing':
      return `Its flash mode ends by itself in about ${duration(Math.max(1000, Math.floor(remark.leftMs / 1000) * 1000))}. What is not written by then is written in the next try, by itself.`;
    case 'try-failed': {
      const { title } = errorText(remark.error as ErrorCode, remark.params as never, platform);
      return `Try ${guide.tries - 1} failed: ${title}. It is tried again by itself when the board is back in flash mode.`;
    }
  }
}

function whyProgram({ steps }: GuideSnapshot): string {
  const set = steps
    .map(({ step }) => step)
    .find((step) => ['set-switch', 'close-jumper'].includes(step.verb));
  const held = heldControl({ steps });
  if (held !== undefined)
    return `The ${held} was let go too early, or not held when the power came. Hold it before, and until "Let go now" is said.`;
  if (set?.verb === 'set-switch') return `Its ${set.control} was not at ${set.to} when the power came.`;
  if (set?.verb === 'close-jumper') return `The jumper ${set.control} was not closed when the power came.`;
  return 'Once more, from the first step.';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Labels around the coach. */
export const guideWords = {
  waitingFor: (board: string): string => `Waiting for ${board}`,
  before: 'First',
  after: 'Afterwards',
  backInFlashMode:
    'It came back in flash mode: what brings it there was not undone when the power came. Once more, from the first step.',
  seenRunning: 'Seen: it came back by itself, and runs its program.',
  done: 'Done',
  otherWay: 'Another way',
  stop: 'Stop waiting',
  tries: (tries: number): string => (tries === 1 ? 'First try' : `Try ${tries}`),
} as const;
