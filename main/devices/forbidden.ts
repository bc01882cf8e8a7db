// Ranges that must never be written, by board: data, because the boards themselves do not stop anyone (devices.md 0.3).
import * as v from 'valibot';
import table from '../../assets/forbidden.json' with { type: 'json' };
import type { Range } from '../../shared/ranges.ts';

const hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));
const tableSchema = v.array(
  v.strictObject({
    name: v.string(),
    vendor: hex(4),
    products: v.array(hex(4)),
    alternate: v.number(),
    /** First and last byte, as data sheets write ranges. */
    ranges: v.array(v.strictObject({ first: hex(8), last: hex(8), what: v.string() })),
    source: v.string(),
  }),
);
const rows = v.parse(tableSchema, table);

/** What must not be written on this board, in this alternate setting. */
export function forbiddenOn(
  board: { readonly vendorId: number; readonly productId: number },
  alternate: number,
): { readonly range: Range; readonly what: string }[] {
  return rows
    .filter(
      (row) =>
        Number.parseInt(row.vendor, 16) === board.vendorId &&
        row.alternate === alternate &&
        row.products.some((product) => Number.parseInt(product, 16) === board.productId),
    )
    .flatMap((row) =>
      row.ranges.map(({ first, last, what }) => ({
        range: { start: Number.parseInt(first, 16), end: Number.parseInt(last, 16) + 1 },
        what,
      })),
    );
}
