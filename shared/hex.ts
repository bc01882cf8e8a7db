import type { Range } from './ranges.ts';

/** `0x08000000`: an address, at least eight digits. */
export function formatAddress(address: number): string {
  return `0x${address.toString(16).toUpperCase().padStart(8, '0')}`;
}

/** `0x08000000-0x08001FFF`: a half-open range, shown with its last byte as data sheets do. */
export function formatRange(range: Range): string {
  return `${formatAddress(range.start)}-${formatAddress(Math.max(range.start, range.end - 1))}`;
}

/** `0483:df11`: a vendor and product id, as lsusb and dfu-util print it. */
export function formatIds(vendorId: number, productId: number): string {
  return `${formatId(vendorId)}:${formatId(productId)}`;
}

/** `0483`: one 16-bit id. */
export function formatId(id: number): string {
  return id.toString(16).padStart(4, '0');
}

/** Bytes as lower-case hex without separators. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/**
 * Bytes from hex digits, either case, white space ignored.
 * @throws RangeError on an odd count or another character
 */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) throw new RangeError('not hex');
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
