// Every way into flash mode that software has, and the chain of them: one after the other, as the board's profile
// has them, with a true account of each.
import type { Tried } from '../../shared/entry.ts';
import { FlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { WayByHand } from '../../shared/profile.ts';
import { checkWait } from '../base/wait.ts';
import type { SoftwareWay } from '../devices/ways.ts';
import type { UsbDeviceFacts } from '../transports/usb/usb-device.ts';
import { isInFlashMode, lookAround } from './arrival.ts';
import { enterByDetach } from './dfu-detach.ts';
import { enterByCommand } from './serial-command.ts';
import { enterByTouch } from './serial-touch.ts';
import type { Enter, EntryTools, StandingBoard } from './way.ts';

export type { EntryTools } from './way.ts';

const ways: { readonly [K in SoftwareWay['kind']]: Enter<Extract<SoftwareWay, { kind: K }>> } = {
  'dfu-detach': enterByDetach,
  'serial-touch': enterByTouch,
  'serial-command': enterByCommand,
};

/** A board, and how it gets into flash mode. */
export interface BoardToEnter extends Omit<StandingBoard, 'taken'> {
  /** For people. */
  readonly name: string;
  /** Id of the profile whose ways these are; undefined where several have them, or none. */
  readonly profile: string | undefined;
  readonly ways: readonly SoftwareWay[];
  readonly byHand: readonly WayByHand[];
}

/** A board in flash mode, and what brought it there. */
export interface Brought {
  readonly facts: UsbDeviceFacts;
  readonly tried: readonly Tried[];
}

/** What ends the chain: no other way could do better. */
const enders: readonly ErrorCode[] = ['internal', 'job.stopped', 'device.elsewhere', 'question.declined'];

/** Errors before anything was sent to the board. */
const nothingSent: readonly ErrorCode[] = [
  'device.not-dfu',
  'usb.access-denied',
  'usb.busy',
  'usb.no-driver',
  'serial.access-denied',
  'serial.busy',
  'serial.library-missing',
  'serial.no-port',
  'serial.port-unknown',
];

/**
 * Brings a board into flash mode, by the first of its ways that works.
 * @param onTried told of each way as it ends
 * @throws FlashError `entry.by-hand-needed` with all that was tried; `device.elsewhere`, `question.declined`, `job.*`. The program is still on the board.
 */
export async function enterByWays(
  board: BoardToEnter,
  tools: EntryTools,
  onTried: (tried: Tried) => void,
): Promise<Brought> {
  const { name, profile, byHand, flashIds } = board;
  const tried: Tried[] = [];
  const tell = (one: Tried): void => {
    tried.push(one);
    onTried(one);
  };
  for (const way of board.ways) {
    // The way before may have moved it: restarted, or brought into flash mode after its time was over.
    const { standing: facts, taken } = await lookAround(board, tools);
    if (facts === undefined) break;
    if (isInFlashMode(facts, flashIds)) return { facts, tried };
    try {
      const enter = ways[way.kind] as Enter<SoftwareWay>;
      const entered = await enter({ ...board, facts, taken }, way, tools);
      tell({ kind: way.kind, outcome: 'worked' });
      return { facts: entered, tried };
    } catch (error) {
      checkWait(tools.wait, tools.clock);
      const { code, params } = toFlashError(error);
      if (enders.includes(code)) throw error;
      tell({ kind: way.kind, outcome: nothingSent.includes(code) ? 'not-possible' : 'failed', code, params });
    }
  }
  const { portPath } = board.facts;
  throw new FlashError('entry.by-hand-needed', {
    board: name,
    profile,
    portPath,
    tried,
    ways: byHand,
  });
}
