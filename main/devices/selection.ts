// Which of the boards that are plugged in is meant (dfu.md 4: -d, -p, -S and their traps).
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { UsbDeviceFacts } from '../transports/usb/usb-device.ts';

/** One side of a vendor:product filter; undefined stands for any. */
interface IdPattern {
  readonly vendorId: number | undefined;
  readonly productId: number | undefined;
}

/** Filters for a board in its program and in flash mode. Both are always applied (unlike dfu-util, dfu.md 4). */
export interface IdFilter {
  readonly runtime: IdPattern | 'none';
  readonly dfu: IdPattern | 'none';
}

/**
 * `V:P` (both modes), `V:P,V:P` (program, flash mode), `,V:P` (flash mode only), `*` for any part, `-` for nothing.
 * @throws FlashError `usage`
 */
export function parseIdFilter(text: string): IdFilter {
  const parts = text.split(',');
  if (parts.length > 2) throw new FlashError('usage', { detail: `"${text}" has more than one comma` });
  const [first = '', second] = parts;
  if (second === undefined) {
    const both = parsePattern(first, text);
    return { runtime: both, dfu: both };
  }
  const runtime = first === '' ? 'none' : parsePattern(first, text);
  return { runtime, dfu: second === '' ? runtime : parsePattern(second, text) };
}

function parsePattern(part: string, whole: string): IdPattern | 'none' {
  if (part === '-') return 'none';
  const [vendor = '', product = '', ...rest] = part.split(':');
  if (rest.length > 0) throw badIds(whole);
  return { vendorId: parseId(vendor, whole), productId: parseId(product, whole) };
}

function parseId(text: string, whole: string): number | undefined {
  if (text === '' || text === '*') return undefined;
  if (!/^(0x)?[0-9a-f]{1,4}$/i.test(text)) throw badIds(whole);
  return Number.parseInt(text, 16);
}

function badIds(text: string): FlashError {
  return new FlashError('usage', { detail: `"${text}" is not a vendor:product id such as 0483:df11` });
}

/** Whether a device in this mode passes. */
export function matchesIds(
  filter: IdFilter,
  facts: UsbDeviceFacts,
  mode: 'runtime' | 'dfu' | 'other',
): boolean {
  const pattern = mode === 'dfu' ? filter.dfu : filter.runtime;
  if (pattern === 'none') return false;
  return (
    (pattern.vendorId === undefined || pattern.vendorId === facts.vendorId) &&
    (pattern.productId === undefined || pattern.productId === facts.productId)
  );
}

/** `A` for both modes or `A,B` for program and flash mode; an empty part is any (dfu.md 4, -S). */
export function matchesSerial(filter: string, serial: string, mode: 'runtime' | 'dfu' | 'other'): boolean {
  const comma = filter.indexOf(',');
  const wanted = comma < 0 ? filter : mode === 'dfu' ? filter.slice(comma + 1) : filter.slice(0, comma);
  return wanted === '' || wanted === serial;
}
