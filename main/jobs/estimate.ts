// How long things take, for people. Data-sheet figures are unverified (dfu.md 2.10, marked so there), so
// estimates are only ever shown as "about", and give way to measured rates once a job runs.
import type { Range } from '../../shared/ranges.ts';

/** Milliseconds to erase one sector, by its size in KiB: F0/F3/L4 pages and F4 sectors (dfu.md 2.10). */
function eraseMs(sizeBytes: number): number {
  const kib = sizeBytes / 1024;
  if (kib <= 8) return 25;
  if (kib <= 16) return 400;
  if (kib <= 64) return 1_200;
  return 2_000 * Math.max(1, kib / 128);
}

/** The sum over sectors. */
export function estimateErase(sectors: readonly Range[]): number {
  return sectors.reduce((sum, sector) => sum + eraseMs(sector.end - sector.start), 0);
}

/** F0/F3 program about 37 KB/s, F4 about 60 (dfu.md 6.1, 6.3); the slower one promises less. */
export function estimateWrite(bytes: number): number {
  return (bytes / (35 * 1024)) * 1000;
}

/** An estimate itself (dfu.md 6.2: "~2-5 s/MB" for read-back). */
export function estimateRead(bytes: number): number {
  return (bytes / (300 * 1024)) * 1000;
}
