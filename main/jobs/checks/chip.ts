// The file is for another chip or another processor: told by evidence on both sides, never by the lack of it.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { FirmwareImage } from '../../images/image.ts';
import type { BoardFacts } from '../board-facts.ts';
import { chipFit, processorOf } from '../chip-fit.ts';
import { refuse, type Check, type Finding } from './check.ts';

export const chip: Check = {
  id: 'chip',
  find: ({ images, board }) =>
    images.flatMap((image) => [...wrongChip(image, board), ...wrongProcessor(image, board)]),
};

/** One fact that fits is enough: files for several chips are filtered where they are placed. */
function wrongChip(image: FirmwareImage, board: BoardFacts): Finding[] {
  const named = image.facts.flatMap((fact) => (fact.code === 'chip' ? [fact] : []));
  const [first] = named;
  if (first === undefined || named.some((fact) => chipFit(fact.chip, board.chip) !== 'no')) return [];
  return [refuse(wrongChipError(image.name, first, board))];
}

/** The error, with what each side shows. */
export function wrongChipError(
  file: string,
  named: { readonly chip: string; readonly evidence: string },
  board: BoardFacts,
): FlashError {
  return new FlashError('plan.wrong-chip', {
    file,
    fileChip: named.chip,
    fileEvidence: named.evidence,
    boardChip: board.chip ?? 'unknown',
    boardEvidence: board.likely.length === 0 ? '' : board.likely.join(', '),
  });
}

function wrongProcessor({ name, facts }: FirmwareImage, board: BoardFacts): Finding[] {
  const fact = facts.find((one) => one.code === 'processor');
  const expected = processorOf(board.chip);
  if (fact?.code !== 'processor' || expected === undefined || fact.processor === expected) return [];
  const named = { chip: fact.processor, evidence: 'ELF header' };
  return [refuse(wrongChipError(name, named, board))];
}
