/** A half-open range of addresses or offsets, `[start, end)`, in bytes. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Bytes in a range; 0 when it is empty. */
export function sizeOf(range: Range): number {
  return Math.max(0, range.end - range.start);
}

/** Bytes in all ranges together; overlaps count twice. */
export function totalSize(ranges: readonly Range[]): number {
  return ranges.reduce((sum, range) => sum + sizeOf(range), 0);
}

/** Whether `inner` lies wholly in `outer`. */
export function contains(outer: Range, inner: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** The common part of two ranges, or undefined where there is none. */
export function intersection(a: Range, b: Range): Range | undefined {
  const start = Math.max(a.start, b.start);
  const end = Math.min(a.end, b.end);
  return start < end ? { start, end } : undefined;
}

/** The same bytes as sorted ranges that neither touch nor overlap. Empty ranges vanish. */
export function union(ranges: readonly Range[]): Range[] {
  const sorted = ranges.filter((range) => range.end > range.start).sort((a, b) => a.start - b.start);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else {
      merged.push({ start: range.start, end: range.end });
    }
  }
  return merged;
}

/** What is in `ranges` and not in `without`, as sorted, disjoint ranges. */
export function subtract(ranges: readonly Range[], without: readonly Range[]): Range[] {
  const holes = union(without);
  const rest: Range[] = [];
  for (const range of union(ranges)) {
    let start = range.start;
    for (const hole of holes) {
      if (hole.end <= start || hole.start >= range.end) continue;
      if (hole.start > start) rest.push({ start, end: hole.start });
      start = Math.max(start, hole.end);
    }
    if (start < range.end) rest.push({ start, end: range.end });
  }
  return rest;
}
