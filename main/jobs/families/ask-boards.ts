// Boards with what their programs say of themselves: only where somebody asks, because asking opens their ports.
import type { BoardReport } from '../../../shared/board.ts';
import type { ProgramSays } from '../../../shared/families.ts';
import { isFlashError } from '../../../shared/errors/flash-error.ts';
import { lockPort } from '../../base/lock.ts';
import type { Wait } from '../../base/wait.ts';
import type { Selection } from '../request.ts';
import type { Services } from '../services.ts';
import { findBoards, type Sighting } from '../survey.ts';
import { hearProgram } from './hear.ts';

/** @throws FlashError as `findBoards` does */
export async function askBoards(
  services: Services,
  selection: Selection,
  wait: Wait,
): Promise<(BoardReport & { readonly says?: ProgramSays })[]> {
  const boards: (BoardReport & { readonly says?: ProgramSays })[] = [];
  for (const sighting of await findBoards(services, selection, wait)) {
    const says = await askUnlessBusy(services, sighting, wait);
    boards.push(says === undefined ? sighting.report : { ...sighting.report, says });
  }
  return boards;
}

/** For who would take silence for an answer. @throws FlashError `device.locked` where somebody else has the board */
export async function refuseLocked({ host }: Services, { bus, facts }: Sighting): Promise<void> {
  if (bus.virtual) return;
  await using _lock = await lockPort(host.paths.locks, facts.portPath, host.shell);
}

/** A board that a job has is not disturbed. */
export async function askUnlessBusy(
  services: Services,
  sighting: Sighting,
  wait: Wait,
): Promise<ProgramSays | undefined> {
  if (sighting.bus.virtual) return await hearProgram(services, sighting, wait);
  const { paths, shell } = services.host;
  try {
    await using _lock = await lockPort(paths.locks, sighting.facts.portPath, shell);
    return await hearProgram(services, sighting, wait);
  } catch (error) {
    if (isFlashError(error, 'device.locked')) return undefined;
    throw error;
  }
}
