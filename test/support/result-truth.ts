// Whether what a job's result tells of a board is so, byte for byte.
import type { Result } from '../../shared/result.ts';
import type { Range } from '../../shared/ranges.ts';
import type { FlashTruth } from './told-truth.ts';

/** The first thing told that is not so; undefined when all is. Looks at as much as the image has. */
export function lieOfResult({ content, erased, inDoubt }: Result, flash: FlashTruth): string | undefined {
  const { start, now, before, wanted } = flash;
  const isIn = (ranges: readonly Range[], offset: number): boolean =>
    ranges.some((range) => offset + start >= range.start && offset + start < range.end);
  for (let offset = 0; offset < wanted.length; offset++) {
    if (isIn(inDoubt, offset)) continue;
    const is = now[offset];
    const written =
      content.kind === 'verified' || (content.kind === 'partial' && isIn(content.ranges, offset));
    if (written && is !== wanted[offset]) return `${content.kind}: not written at ${offset}`;
    if (content.kind === 'untouched' && is !== before[offset]) return `touched at ${offset}`;
    if (isIn(erased, offset) && is !== 0xff) return `not erased at ${offset}`;
  }
  return undefined;
}
