import type { BoardReport } from '../board.ts';
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
  switch (board.mode) {
    case 'dfu':
      return { tone: 'flash', words: 'In flash mode, ready' };
    case 'runtime':
      return { tone: 'running', words: 'Running its program' };
    case 'other':
      return board.isBoard
        ? { tone: 'running', words: 'Running its program' }
        : { tone: 'neutral', words: 'Not a board Rekindle knows' };
  }
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
    default:
      return errorText(problem.code, problem.params as never, platform).title;
  }
}
