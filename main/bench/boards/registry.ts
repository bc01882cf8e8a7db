import type { Clock } from '../../base/clock.ts';
import type { VirtualBoard } from '../board.ts';
import { FaultScript, type Fault } from '../faults.ts';
import { gd32vf103 } from './gd32vf103.ts';
import { nanovnaH, nanovnaH4, type NanovnaOptions } from './nanovna.ts';
import { odriveV3, type OdriveOptions } from './odrive.ts';
import { pycomBoard, type PycomOptions } from './pycom.ts';
import { plainDfu, runtimeDfu, type PlainOptions } from './plain.ts';
import { stm32f405 } from './stm32f405.ts';

export const boardNames = [
  'nanovna-h',
  'nanovna-h4',
  'pytrack',
  'pysense',
  'pyscan',
  'pygate',
  'expansion-board-3',
  'odrive-v3',
  'stm32f405',
  'gd32vf103',
  'plain-dfu',
  'runtime-dfu',
] as const;
export type BoardName = (typeof boardNames)[number];

type Switches = Omit<
  NanovnaOptions & PlainOptions & PycomOptions & OdriveOptions,
  'clock' | 'timeScale' | 'faults'
>;

/** How a board is put on the bench. */
export interface BoardOptions extends Switches {
  readonly clock: Clock;
  /** Multiplies every data-sheet time; 1 unless given. */
  readonly timeScale?: number;
  readonly faults?: readonly Fault[];
}

const makers: {
  readonly [name in BoardName]: (
    options: NanovnaOptions & PlainOptions & PycomOptions & OdriveOptions,
  ) => VirtualBoard;
} = {
  'nanovna-h': nanovnaH,
  'nanovna-h4': nanovnaH4,
  pytrack: pycomBoard('pytrack'),
  pysense: pycomBoard('pysense'),
  pyscan: pycomBoard('pyscan'),
  pygate: pycomBoard('pygate'),
  'expansion-board-3': pycomBoard('expansion-board-3'),
  'odrive-v3': odriveV3,
  stm32f405,
  gd32vf103,
  'plain-dfu': plainDfu,
  'runtime-dfu': runtimeDfu,
};

/** A board fresh from the bag, with an old firmware on it. */
export function createBoard(name: BoardName, options: BoardOptions): VirtualBoard {
  const { timeScale = 1, faults = [], ...rest } = options;
  return makers[name]({ ...rest, timeScale, faults: new FaultScript(faults) });
}

/** Whether a text is the name of a board we have. */
export function isBoardName(text: string): text is BoardName {
  return (boardNames as readonly string[]).includes(text);
}
