// Which of several chips a file is for, where it says so.
import type { FirmwareImage } from '../../images/image.ts';
import { chipFit } from '../chip-fit.ts';

/**
 * The one chip of these that all files name that name any; undefined where they leave several open.
 * @param choices chips by their names for files
 */
export function chipInFiles(
  images: readonly FirmwareImage[],
  choices: readonly string[],
): string | undefined {
  const named = images
    .map(({ facts }) => facts.flatMap((fact) => (fact.code === 'chip' ? [fact.chip] : [])))
    .filter((chips) => chips.length > 0);
  if (named.length === 0) return undefined;
  const fitting = choices.filter((choice) =>
    named.every((chips) => chips.some((chip) => chipFit(chip, choice) === 'yes')),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}
