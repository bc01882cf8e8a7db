// Errors about one kind of board: a file for its sibling or a version that hangs on it.
import type { ErrorParams } from '../errors/codes.ts';
import { formatBytes } from '../units.ts';
import type { ErrorText } from './errors.ts';

type Codes = 'plan.wrong-board' | 'plan.wrong-size' | 'plan.never-starts';

export const familyErrorTexts: { readonly [C in Codes]: (params: ErrorParams[C]) => ErrorText } = {
  'plan.wrong-board': ({ file, fileBoard, fileEvidence, board, boardEvidence }) => ({
    title: `${file} is for ${fileBoard} (${fileEvidence}); this board is ${board} (${boardEvidence})`,
    advice: 'Choose the file for this board.',
  }),
  'plan.wrong-size': ({ file, bytes, expected }) => ({
    title: `${file} holds ${formatBytes(bytes)}; this board takes ${formatBytes(expected)}, no more and no less`,
    advice: 'Get the file again from its maker: it was cut short, or is for something else.',
  }),
  'plan.never-starts': ({ file, version }) => ({
    title: `${file} is version ${version}, which never starts on a board without a version in its one-time memory`,
    advice: 'Choose version 0.5.1, or 0.5.3 or newer.',
  }),
};
