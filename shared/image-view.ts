// An image as it is looked at: places in it, what is searched for, how two of them differ.
import type { Range } from './ranges.ts';

/** A byte of an image: the part it is in, and how far from that part's first byte. */
export interface ImagePlace {
  readonly part: number;
  readonly offset: number;
}

/** Bytes that were searched for, and how many they are. */
export interface FoundBytes extends ImagePlace {
  readonly bytes: number;
}

/** What is searched for: hex digits, white space ignored, or text. */
export interface SearchedFor {
  readonly kind: 'hex' | 'text';
  readonly value: string;
}

/** How two images differ. */
export interface ImageDifference {
  /** Both have bytes there, and not the same. */
  readonly changed: readonly Range[];
  readonly onlyFirst: readonly Range[];
  readonly onlySecond: readonly Range[];
  /** There are more ranges than were listed. */
  readonly more: boolean;
}

/** The indexes of parts in the order in which they are shown and searched: by address, those without one as they stand. */
export function viewOrder(parts: readonly { readonly address: number | undefined }[]): number[] {
  return parts.map((_, index) => index).sort((a, b) => (parts[a]?.address ?? 0) - (parts[b]?.address ?? 0));
}

/** Whole bytes as hex digits; white space does not matter. */
export const hexBytes = /^\s*(?:[0-9a-f]\s*[0-9a-f]\s*)+$/i;
