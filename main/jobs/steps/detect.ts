import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { Wait } from '../../base/wait.ts';
import type { JobContext } from '../context.ts';
import type { Selection } from '../request.ts';
import type { Services } from '../services.ts';
import { findBoards, isCandidate, type Sighting } from '../survey.ts';
import { refuseAnother } from '../which-board.ts';

/**
 * Finds the one board that is meant.
 * @param caught the board, where it was found already
 * @throws FlashError `device.none`, `device.several`, `device.not-that-board`, `usage`, `usb.library-missing`
 */
export async function detectBoard(
  context: JobContext,
  selection: Selection,
  caught?: Sighting,
): Promise<Sighting> {
  return await context.run('detect', undefined, async (flow) => {
    if (caught !== undefined) return told(context, caught);
    if (selection.waitMs > 0) context.emit({ type: 'waiting', for: 'board' });
    const signal = AbortSignal.any([flow.wait.signal, flow.stop]);
    if (selection.waitMs > 0) context.control.turns?.give();
    const found = await findBoards(context.services, selection, { ...flow.wait, signal });
    if (selection.waitMs > 0) await context.control.turns?.take();
    return told(context, chooseBoard(context.services, found, selection));
  });
}

/**
 * The same without a job: for whoever only wants to know something of it.
 * @throws as `detectBoard`; `job.aborted`
 */
export async function findBoard(services: Services, selection: Selection, wait: Wait): Promise<Sighting> {
  return chooseBoard(services, await findBoards(services, selection, wait), selection);
}

function chooseBoard(services: Services, found: readonly Sighting[], selection: Selection): Sighting {
  const fitting = found.filter((one) => isCandidate(one, selection));
  const [only, ...others] = found.filter((one) => isCandidate(one, { ...selection, profile: undefined }));
  if (fitting.length === 0 && only !== undefined && others.length === 0)
    refuseAnother(services, only, selection.profile);
  return theOne(fitting, selection);
}

function told(context: JobContext, sighting: Sighting): Sighting {
  const { name: board, portPath, virtual, evidence, profile } = sighting.report;
  context.emit({ type: 'board', board, portPath, virtual, evidence, profile });
  return sighting;
}

/** A board in flash mode goes before one that would have to be taken out of its program. */
function theOne(candidates: readonly Sighting[], selection: Selection): Sighting {
  const ready = candidates.filter((one) => one.recognised.mode === 'dfu');
  const choice = ready.length > 0 ? ready : candidates;
  const [first, ...others] = choice;
  if (first === undefined)
    throw new FlashError('device.none', { looked: describe(selection), waitedMs: selection.waitMs });
  if (others.length > 0) {
    const found = choice.map(({ report }) => `${report.portPath}  ${report.name} (${report.evidence})`);
    throw new FlashError('device.several', { found });
  }
  return first;
}

function describe(selection: Selection): string {
  const { device, ids, serial, interfaceNumber, profile } = selection;
  const parts = [
    profile === undefined ? '' : `board ${profile}`,
    device === undefined ? '' : `"${device}"`,
    ids === undefined ? '' : ids,
    serial === undefined ? '' : `serial ${serial}`,
    interfaceNumber === undefined ? '' : `interface ${interfaceNumber}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
