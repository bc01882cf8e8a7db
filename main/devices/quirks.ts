import * as v from 'valibot';
import table from '../../assets/quirks.json' with { type: 'json' };
import { quirkTableSchema, type QuirkFlags, type QuirkTable } from '../../shared/quirks.ts';
import type { UsbDeviceFacts } from '../transports/usb/usb-device.ts';

/** The table that ships with Rekindle. @throws ValiError when the data does not follow its schema */
export const builtInQuirks: QuirkTable = v.parse(quirkTableSchema, table);

/** All flags that apply to a device; a later row of the table wins over an earlier one. */
export function quirksFor(
  facts: Pick<UsbDeviceFacts, 'vendorId' | 'productId' | 'bcdDevice'>,
  quirks: QuirkTable = builtInQuirks,
): QuirkFlags {
  const rows = quirks.filter(
    (row) =>
      Number.parseInt(row.vendor, 16) === facts.vendorId &&
      row.products.some((product) => matchesProduct(product, facts.productId)) &&
      (row.bcdDevice === undefined || Number.parseInt(row.bcdDevice, 16) === facts.bcdDevice),
  );
  return Object.assign({}, ...rows.map((row) => row.flags)) as QuirkFlags;
}

function matchesProduct(pattern: string, productId: number): boolean {
  if (pattern === '*') return true;
  const [first = pattern, last = first] = pattern.split('-');
  return productId >= Number.parseInt(first, 16) && productId <= Number.parseInt(last, 16);
}
