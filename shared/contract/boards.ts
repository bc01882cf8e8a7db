import * as v from 'valibot';
import { benchActionSchema, type BenchControl } from '../bench-action.ts';
import type { BoardReport } from '../board.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { eventIterator, type } from '@orpc/contract';
import { profileIdSchema } from '../profile-id.ts';
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

/** Where a virtual board is, and what of it a hand can move. */
export interface VirtualBoardPlace {
  readonly portPath: string;
  /** Whether its cable is in. */
  readonly plugged: boolean;
  readonly controls: readonly BenchControl[];
}

/** A file, and where it goes where it does not say. */
export interface PracticeFile {
  readonly name: string;
  readonly content: v.InferOutput<ReturnType<typeof v.blob>>;
  readonly address: number | null;
}

export const boards = {
  /** What is plugged in now. */
  list: contract.input(nothingSchema).output(answer<BoardsSnapshot>()),
  /** Whole snapshots, at once and on every change. */
  watch: contract.input(nothingSchema).output(eventIterator(type<BoardsSnapshot>())),
  /** Looks again, also at boards that could not be opened. */
  refresh: contract.input(nothingSchema).output(answer<BoardsSnapshot>()),
  /**
   * A person says which board stands on a port, by its profile; without one, it is taken back. Remembered until another
   * board stands there. @throws FLASH `api.unknown`, `device.not-that-board`
   */
  tell: contract
    .input(v.strictObject({ portPath: portPathSchema, profile: v.optional(profileIdSchema) }))
    .output(done),
  /**
   * Puts a virtual board on a port of its own. With `plugged: false` it lies beside it without power, running its
   * program once it is plugged in: where a person who practises begins. @throws FLASH `api.unknown`, `api.limit`
   */
  plugVirtual: contract
    .input(
      v.strictObject({
        board: v.pipe(v.string(), v.maxLength(40)),
        plugged: v.exactOptional(v.boolean()),
        startIn: v.exactOptional(v.picklist(['app', 'dfu'])),
      }),
    )
    .output(answer<VirtualBoardPlace>()),
  /** Takes a virtual board away, whatever it is doing; its port may go to another. @throws FLASH `api.unknown` */
  unplugVirtual: contract.input(v.strictObject({ portPath: portPathSchema })).output(done),
  /**
   * A hand does this to a virtual board: its cable, buttons, switches, jumpers, menus. Answers how its controls
   * stand then. @throws FLASH `api.unknown` for a control or position it does not have
   */
  act: contract
    .input(v.strictObject({ portPath: portPathSchema, action: benchActionSchema }))
    .output(answer<VirtualBoardPlace>()),
  /** A harmless program for a virtual board, to practise with. @throws FLASH `api.unknown` */
  practiceFile: contract
    .input(v.strictObject({ board: v.pipe(v.string(), v.maxLength(40)) }))
    .output(answer<PracticeFile>()),
};
