import * as v from 'valibot';
import type { BoardReport } from '../board.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { eventIterator, type } from '@orpc/contract';
import { answer, contract, done, nothingSchema, portPathSchema } from './base.ts';

/** Everything plugged in, as one snapshot. */
export interface BoardsSnapshot {
  readonly boards: readonly BoardReport[];
  /** Why the system's ports cannot be seen, where they cannot; virtual boards are there all the same. */
  readonly problem: { readonly code: ErrorCode; readonly params: object } | undefined;
  /** Virtual boards that can be plugged in. */
  readonly virtualBoards: readonly string[];
  /** False until the ports were looked at for the first time. */
  readonly looked: boolean;
}

export const boards = {
  /** What is plugged in now. */
  list: contract.input(nothingSchema).output(answer<BoardsSnapshot>()),
  /** Whole snapshots, at once and on every change. */
  watch: contract.input(nothingSchema).output(eventIterator(type<BoardsSnapshot>())),
  /** Looks again, also at boards that could not be opened. */
  refresh: contract.input(nothingSchema).output(answer<BoardsSnapshot>()),
  /** Plugs in a virtual board; answers its port. */
  plugVirtual: contract
    .input(v.strictObject({ board: v.pipe(v.string(), v.maxLength(40)) }))
    .output(answer<{ portPath: string }>()),
  /** Pulls a virtual board's cable, whatever it is doing. */
  unplugVirtual: contract.input(v.strictObject({ portPath: portPathSchema })).output(done),
};
