// What only one kind of board cares about: its family says (main/families).
import { familyOf } from '../../families/registry.ts';
import type { GateInput } from '../../families/family.ts';
import type { FamilyKnowledge } from '../board-facts.ts';
import type { FlashRequest } from '../request.ts';
import type { Check, CheckInput } from './check.ts';

export const family: Check = {
  id: 'family',
  find: (input) =>
    (input.board.families ?? []).flatMap((knowledge) => {
      const { gate, isNamedIn } = familyOf(knowledge.id);
      const named = isNamedIn !== undefined && input.images.some((image) => isNamedIn(image));
      return knowledge.settled || named ? (gate?.(gateInput(knowledge, input)) ?? []) : [];
    }),
};

/** What a family is told of a board and what is to be written on it. */
export function gateInput(
  { profile, candidates, says, loader }: FamilyKnowledge,
  { board, request, images, placed, known }: CheckInput,
): GateInput {
  return {
    profile,
    candidates,
    says,
    loader,
    images,
    known,
    board: board.name,
    chip: board.chip,
    placed: placed.map(({ region, start, bytes }) => ({
      alternate: region.alternate,
      kind: region.kind,
      start,
      bytes,
    })),
    accept: acceptedBy(request),
  };
}

/** A backup of the library says itself which board it is from; that is held against the board elsewhere. */
function acceptedBy({ accept = new Set(), backupOf }: FlashRequest): ReadonlySet<string> {
  return backupOf === undefined ? accept : new Set([...accept, 'unnamed-board']);
}
