import { formatRange } from '../../shared/hex.ts';
import { intersection, totalSize, type Range } from '../../shared/ranges.ts';
import { formatBytes } from '../../shared/units.ts';

const cells = 56;

/** A memory as a bar: full where the image has every byte, half where it has some. */
export function memoryBar(memory: Range, image: readonly Range[]): string {
  const size = memory.end - memory.start;
  const covered = (range: Range): number => totalSize(image.flatMap((one) => intersection(one, range) ?? []));
  let bar = '';
  for (let cell = 0; cell < cells; cell++) {
    const start = memory.start + Math.floor((size * cell) / cells);
    const end = Math.max(start + 1, memory.start + Math.floor((size * (cell + 1)) / cells));
    const bytes = covered({ start, end });
    bar += bytes === 0 ? '.' : bytes === end - start ? '#' : '+';
  }
  return `${formatRange(memory)} [${bar}] ${formatBytes(covered(memory))} of ${formatBytes(size)}`;
}
