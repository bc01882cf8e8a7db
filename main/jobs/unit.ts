// The board of a job as it is remembered, and whether a board is that one.
import { createHash } from 'node:crypto';
import type { RecordedUnit } from '../../shared/history.ts';
import { rangesOf } from '../targets/target.ts';
import type { BoardFacts } from './board-facts.ts';
import type { Sighting } from './survey.ts';

/** Before it is opened. */
export function unitSeen({ facts, report }: Sighting): RecordedUnit {
  return {
    board: report.name,
    portPath: report.portPath,
    serial: report.serial,
    vendorId: facts.vendorId,
    productId: facts.productId,
    memories: undefined,
    chip: undefined,
    profile: report.profile,
    entered: false,
    virtual: report.virtual,
  };
}

/** In flash mode. */
export function unitOf(facts: BoardFacts): RecordedUnit {
  const memories = facts.regions.map((region) => [region.alternate, region.name, rangesOf(region)]);
  return {
    board: facts.name,
    portPath: facts.portPath,
    serial: facts.serial,
    vendorId: facts.vendorId,
    productId: facts.productId,
    memories: createHash('sha256').update(JSON.stringify(memories)).digest('hex').slice(0, 16),
    chip: facts.chip,
    profile: facts.profile?.id,
    entered: facts.entered,
    virtual: facts.virtual,
  };
}

/**
 * The same board, as far as its port and its marks tell: many chips share ids, and whole series a serial number (every
 * STM32F072 ROM says FFFFFFFEFFFF), so this may still be another of its kind.
 */
export function mayBeSame(a: RecordedUnit, b: RecordedUnit): boolean {
  const sameMarks =
    a.portPath === b.portPath &&
    a.vendorId === b.vendorId &&
    a.productId === b.productId &&
    a.memories === b.memories &&
    a.virtual === b.virtual;
  // A program may have another serial number than the flash mode of the same board.
  return sameMarks && (a.entered || b.entered || a.serial === b.serial);
}
