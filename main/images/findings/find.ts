import type { ImageFact } from '../../../shared/image-facts.ts';
import type { Findable, Finder } from './finding.ts';
import { findInnerMcuboot } from './inner-mcuboot.ts';
import { findNanovna } from './nanovna.ts';
import { findOdrive } from './odrive.ts';
import { findPycom } from './pycom.ts';
import { findVectorTable } from './vector-table.ts';

const finders: readonly Finder[] = [findVectorTable, findInnerMcuboot, findNanovna, findOdrive, findPycom];

/** All that the bytes show beyond what their format says. A new kind is a file beside this one and a line above. */
export function findFacts(image: Findable): ImageFact[] {
  return finders.flatMap((find) => find(image));
}
