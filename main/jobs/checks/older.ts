// The board may hold something newer. Known once the board is read, or where it said its version while it ran.
import type { ImageFact } from '../../../shared/image-facts.ts';
import { compareNumbered } from '../../../shared/versions.ts';
import { findFacts } from '../../images/findings/find.ts';
import { addressedPart } from '../../images/image.ts';
import type { KnownRun } from '../known.ts';
import { ask, type Check } from './check.ts';

export const older: Check = {
  id: 'older',
  find({ board, images, known, request }) {
    // Whoever puts a backup back wants what was there before.
    if (request.accept?.has('older') === true || request.backupOf !== undefined) return [];
    const there = [...(board.versions ?? []), ...versionsIn(known)];
    for (const { facts, name } of images) {
      for (const { of, version } of facts.flatMap(versionOf)) {
        const newer = there.find((one) => one.of === of && (compareNumbered(one.version, version) ?? 0) > 0);
        if (newer === undefined) continue;
        const detail = `${name} is ${version}, the board has ${newer.version}`;
        return [ask({ id: 'install-older', flag: '--accept older', detail })];
      }
    }
    return [];
  },
};

interface Version {
  readonly of: string;
  readonly version: string;
}

function versionOf(fact: ImageFact): Version[] {
  return fact.code === 'version' ? [{ of: fact.of, version: fact.version }] : [];
}

/** The same finders that look at files look at what was read: what both know of can be compared. */
function versionsIn(known: readonly KnownRun[]): Version[] {
  return known.flatMap(({ start, bytes }) => {
    const parts = [addressedPart(start, bytes)];
    return findFacts({ format: 'raw', name: '', parts, ids: undefined, facts: [] }).flatMap(versionOf);
  });
}
