import type { FactPlace, ImageFact } from '../../../shared/image-facts.ts';
import type { FormatId, ImageIds, ImagePart } from '../image.ts';

/** What a finder may look at. */
export interface Findable {
  readonly format: FormatId;
  readonly name: string;
  readonly parts: readonly ImagePart[];
  readonly ids: ImageIds | undefined;
  /** What the format itself told. */
  readonly facts: readonly ImageFact[];
}

/** Looks for one kind of thing in the bytes of an image, whatever the format they came in. */
export type Finder = (image: Findable) => readonly ImageFact[];

/** How much of each part is searched: firmware for the boards we look for is far smaller. */
export const searchedBytes = 2 * 1024 * 1024;

/** The place of a byte of a part: its address where the part has one, its offset otherwise. */
export function placeIn(part: ImagePart, offset: number): FactPlace {
  return part.address === undefined ? { offset } : { address: part.address + offset };
}
