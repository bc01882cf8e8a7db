// Descriptors byte for byte, as boards send them (USB 2.0 section 9.6; DFU 1.1 section 4).

export interface DeviceDescriptorFields {
  readonly bcdUsb?: number;
  readonly deviceClass?: number;
  readonly deviceSubClass?: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly bcdDevice: number;
  /** String indices of manufacturer, product and serial; 0 for none. */
  readonly strings: readonly [number, number, number];
}

/** The 18 bytes of a device descriptor with one configuration and 64-byte packets on endpoint 0. */
export function deviceDescriptor(fields: DeviceDescriptorFields): Uint8Array {
  const { bcdUsb = 0x0200, deviceClass = 0, deviceSubClass = 0, vendorId, productId, bcdDevice } = fields;
  return Uint8Array.of(
    18,
    1,
    ...le16(bcdUsb),
    deviceClass,
    deviceSubClass,
    0,
    64,
    ...le16(vendorId),
    ...le16(productId),
    ...le16(bcdDevice),
    ...fields.strings,
    1,
  );
}

/** A configuration of these interface, endpoint and class descriptors. */
export function configurationDescriptor(
  interfaceCount: number,
  parts: readonly (readonly number[])[],
): Uint8Array {
  const body = parts.flat();
  return Uint8Array.of(9, 2, ...le16(9 + body.length), interfaceCount, 1, 0, 0xc0, 50, ...body);
}

/** An interface descriptor without endpoints. */
export function interfaceDescriptor(
  number: number,
  alternate: number,
  codes: readonly [interfaceClass: number, subClass: number, protocol: number],
  nameIndex: number,
  endpoints = 0,
): number[] {
  return [9, 4, number, alternate, endpoints, ...codes, nameIndex];
}

/** An endpoint descriptor. */
export function endpointDescriptor(
  address: number,
  attributes: number,
  maxPacketSize: number,
  interval: number,
): number[] {
  return [7, 5, address, attributes, ...le16(maxPacketSize), interval];
}

/** The DFU functional descriptor; without a version the 7 bytes of DFU 1.0 (dfu.md 1.2). */
export function functionalDescriptor(
  attributes: number,
  detachTimeoutMs: number,
  transferSize: number,
  version: number | undefined,
): number[] {
  const common = [0x21, attributes, ...le16(detachTimeoutMs), ...le16(transferSize)];
  return version === undefined ? [7, ...common] : [9, ...common, ...le16(version)];
}

/** How strings are sent: as they should be, or as some ROMs do it. */
export type StringManner = 'proper' | 'long-length' | 'eight-bit' | 'no-language';

/** A string descriptor, or the list of languages for index 0; undefined is a STALL. */
export function stringDescriptor(
  texts: readonly string[],
  index: number,
  manner: StringManner,
): Uint8Array | undefined {
  if (index === 0) return manner === 'no-language' ? undefined : Uint8Array.of(4, 3, 0x09, 0x04);
  const text = texts[index - 1];
  if (text === undefined) return undefined;
  const codes = [...text].map((letter) => letter.charCodeAt(0));
  if (manner === 'eight-bit') return Uint8Array.of(2 + codes.length, 3, ...codes);
  const units = codes.slice(0, 126).flatMap(le16);
  const length = 2 + units.length;
  return Uint8Array.of(manner === 'long-length' ? Math.min(length + 40, 255) : length, 3, ...units);
}

function le16(value: number): number[] {
  return [value & 0xff, value >> 8];
}
