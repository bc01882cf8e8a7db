import type { BoardCandidate, BoardReport, HowKnown } from '../board.ts';
import type { ErrorParams } from '../errors/codes.ts';
import { errorText, type Platform } from './errors.ts';

/** What a board's lamp shows. */
export type BoardTone = 'flash' | 'running' | 'trouble' | 'neutral';

/** A board's mode: the colour of its lamp, and the words beside it. */
export interface BoardCondition {
  readonly tone: BoardTone;
  readonly words: string;
}

/** Words on a board's card. */
export const boardWords = {
  virtual: 'virtual',
  virtualHint: 'A board made of software, to try things on. Nothing real is changed.',
  port: (portPath: string) => `port ${portPath}`,
  internal: 'part of this computer',
  likely: (boards: readonly string[]) => `Likely ${boards.join(' or ')}`,
} as const;

/** What mode a board is in, or why it cannot be used. */
export function boardCondition(board: BoardReport, platform: Platform): BoardCondition {
  if (board.problem !== undefined) return { tone: 'trouble', words: troubleWords(board.problem, platform) };
  const known = knownAs(board);
  if (known?.support === 'named') {
    const words = board.state === 'flash' ? 'In flash mode' : 'Running its program';
    return { tone: 'neutral', words: `${words}; Rekindle knows it by name only` };
  }
  switch (board.mode) {
    case 'dfu':
      return { tone: 'flash', words: 'In flash mode, ready' };
    case 'runtime':
      return { tone: 'running', words: 'Running its program' };
    case 'other':
      if (board.state === 'flash')
        return { tone: 'neutral', words: 'In a flash mode that Rekindle does not speak' };
      return board.isBoard
        ? { tone: 'running', words: 'Running its program' }
        : { tone: 'neutral', words: 'Not a board Rekindle knows' };
  }
}

/** The board it is, or by all it shows is likely to be. */
function knownAs({ candidates, profile }: BoardReport): BoardCandidate | undefined {
  const possible = candidates.filter((one) => !one.generic);
  return (
    candidates.find((one) => one.profile === profile) ?? (possible.length === 1 ? possible[0] : undefined)
  );
}

const howTexts: Readonly<Record<HowKnown, string>> = {
  proven: 'by what it shows',
  told: 'as you said',
  kept: 'as it was on this port before its mode changed',
};

/** How it is known which board it is; empty where it is not, or goes without saying. */
export function identityText(board: BoardReport): string {
  const found = board.candidates.find((one) => one.profile === board.profile);
  if (found === undefined || board.known === undefined || found.generic) return '';
  return `${found.name}, ${howTexts[board.known]}`;
}

/** What can be done today with a board that is not fully supported; empty for others, and where it may be another. */
export function todayText(board: BoardReport): string {
  return knownAs(board)?.today ?? '';
}

/** What else it could be, or what it may be at all; empty where nothing else shows the same. */
export function otherBoardsText(board: BoardReport): string {
  const generic = board.candidates.find((one) => one.profile === board.profile)?.generic === true;
  if (board.known === 'proven' || generic) return '';
  const others = board.candidates.filter((one) => !one.generic && one.profile !== board.profile);
  if (others.length === 0 && identityText(board) === '') return '';
  const names = [...others.map((one) => one.name), 'another board that shows the same'];
  return `${identityText(board) === '' ? 'may be' : 'may also be'} ${names.join(' or ')}`;
}

/** Boards to choose from where a person has to say which it is: what is printed on each, and where. */
export function boardChoices(board: BoardReport): { profile: string; words: string }[] {
  if (board.profile !== undefined) return [];
  const choices = board.candidates.filter((one) => !one.generic);
  if (choices.length < 2) return [];
  return choices.map(({ profile, name, printed }) => ({
    profile,
    words: printed === undefined ? name : `${name}: "${printed.name}" is printed on it. ${printed.where}`,
  }));
}

function troubleWords(problem: NonNullable<BoardReport['problem']>, platform: Platform): string {
  switch (problem.code) {
    case 'usb.access-denied':
      return platform === 'linux'
        ? 'Found, but your account may not open it'
        : 'Found, but something keeps it closed';
    case 'usb.no-driver':
      return platform === 'win32'
        ? 'Found, but Windows has no usable driver for this mode'
        : 'Found, but the system offers no way to open it';
    case 'usb.busy': {
      const { holder } = problem.params as ErrorParams['usb.busy'];
      return holder === undefined ? 'Found, but something else is using it' : `${holder} is using this board`;
    }
    case 'usb.timeout':
    case 'usb.transfer-error':
      return 'Found, but it does not answer: it may be asleep, or its USB may hang';
    default:
      return errorText(problem.code, problem.params as never, platform).title;
  }
}
