// A board that runs a program with a serial port, and what may become of the ways into its flash mode.
import { expect } from 'vitest';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import type { DirectRequest } from '../../main/jobs/request.ts';
import { runJob } from '../../main/jobs/run.ts';
import type { Services } from '../../main/jobs/services.ts';
import type { Tried } from '../../shared/entry.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { type Profile } from '../../shared/profile.ts';
import { type Result } from '../../shared/result.ts';
import { makeRig, type Rig } from '../support/rig.ts';
import {
  ProgramBoard,
  scriptedDoor,
  ScriptedPort,
  shellOn,
  type ProgramShown,
} from '../support/scripted-serial.ts';

export const detach: DirectRequest = { kind: 'detach', selection: { waitMs: 0 } };

export interface Scene {
  readonly rig: Rig;
  readonly board: ProgramBoard;
  readonly port: ScriptedPort;
  /** The same board in flash mode. */
  readonly loader: ReturnType<typeof createBoard>;
  run(request?: DirectRequest, services?: Partial<Services>): Promise<Result>;
}

/** A board that runs a program with a serial port, at 1-1. */
export function scene(shown: ProgramShown = {}, profiles: readonly Profile[] = builtInProfiles): Scene {
  const rig = makeRig('nanovna-h');
  const { clock, bench } = rig;
  const board = new ProgramBoard(clock, shown);
  bench.plug(board, '1-1');
  const port = new ScriptedPort();
  const loader = createBoard('nanovna-h', { clock });
  return {
    rig,
    board,
    port,
    loader,
    run: (request = detach, services = {}) =>
      runJob(
        request,
        { ...rig.services, profiles, serial: [scriptedDoor(clock, [port])], ...services },
        {
          stop: rig.stop.signal,
          abort: rig.abort.signal,
          emit: (event) => void rig.events.push(event),
          ask: () => Promise.resolve(true),
        },
      ),
  };
}

/** `reset dfu` works as on a NanoVNA. */
export function obeys({ board, port, loader }: Scene, next: VirtualBoard = loader): void {
  shellOn(port, (asked) => {
    if (asked !== 'reset dfu') return `${asked}?`;
    port.say('Performing reset\r\n');
    port.vanish();
    board.become(next);
    return undefined;
  });
}

/** What the one way that was tried came to; the board is as it was. */
export function triedIn(result: Result): Tried[] {
  expect(result).toMatchObject({ error: { code: 'entry.by-hand-needed' }, outcome: 'refused' });
  expect(result.content).toEqual({ kind: 'untouched' });
  return (result.error?.params as { tried: Tried[] }).tried;
}

export function busy(holder: string | undefined, modemManager = false): FlashError {
  return new FlashError('serial.busy', {
    path: '/dev/ttyACM0',
    holder,
    ...(modemManager ? { modemManager } : {}),
  });
}
