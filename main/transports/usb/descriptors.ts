// Raw descriptors into facts (USB 2.0 section 9.6). Devices lie about lengths: everything is clamped.
import { viewOf } from '../../base/bytes.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { UsbAlternate, UsbDeviceFacts, UsbEndpoint, UsbInterface } from './usb-device.ts';

/** bDescriptorType values (USB 2.0 table 9-5). */
export const DescriptorType = { device: 1, configuration: 2, string: 3, interface: 4, endpoint: 5 } as const;

type DeviceFields = Pick<
  UsbDeviceFacts,
  | 'bcdUsb'
  | 'deviceClass'
  | 'deviceSubClass'
  | 'maxPacketSize0'
  | 'vendorId'
  | 'productId'
  | 'bcdDevice'
  | 'manufacturerIndex'
  | 'productIndex'
  | 'serialIndex'
>;

/** @throws FlashError `usb.bad-descriptor` on fewer than 18 bytes */
export function parseDeviceDescriptor(bytes: Uint8Array): DeviceFields {
  if (bytes.length < 18) {
    throw new FlashError('usb.bad-descriptor', { detail: `device descriptor of ${bytes.length} bytes` });
  }
  const view = viewOf(bytes);
  return {
    bcdUsb: view.getUint16(2, true),
    deviceClass: view.getUint8(4),
    deviceSubClass: view.getUint8(5),
    maxPacketSize0: view.getUint8(7),
    vendorId: view.getUint16(8, true),
    productId: view.getUint16(10, true),
    bcdDevice: view.getUint16(12, true),
    manufacturerIndex: view.getUint8(14),
    productIndex: view.getUint8(15),
    serialIndex: view.getUint8(16),
  };
}

/** A configuration as parsed; extra bytes of the configuration itself and of every alternate are kept. */
export interface ParsedConfiguration {
  readonly configurationValue: number;
  readonly extra: Uint8Array;
  readonly interfaces: readonly UsbInterface[];
}

interface Draft extends Omit<UsbAlternate, 'extra' | 'endpoints'> {
  readonly interfaceNumber: number;
  readonly endpoints: UsbEndpoint[];
  readonly extra: number[];
}

/** Never throws: what cannot be read ends the walk. */
export function parseConfigurationDescriptor(bytes: Uint8Array): ParsedConfiguration {
  const drafts: Draft[] = [];
  const configurationExtra: number[] = [];
  let at = Math.max(bytes[0] ?? 0, 9);
  while (at + 1 < bytes.length) {
    const length = bytes[at] ?? 0;
    if (length < 2) break;
    const one = bytes.subarray(at, Math.min(at + length, bytes.length));
    const draft = drafts.at(-1);
    if (one[1] === DescriptorType.interface && one.length >= 9) drafts.push(draftOf(one));
    else if (one[1] === DescriptorType.endpoint && one.length >= 7) draft?.endpoints.push(endpointOf(one));
    else (draft?.extra ?? configurationExtra).push(...one);
    at += length;
  }
  return {
    configurationValue: bytes[5] ?? 0,
    extra: Uint8Array.from(configurationExtra),
    interfaces: groupByInterface(drafts),
  };
}

function draftOf(one: Uint8Array): Draft {
  const [
    ,
    ,
    interfaceNumber = 0,
    alternate = 0,
    ,
    interfaceClass = 0,
    interfaceSubClass = 0,
    interfaceProtocol = 0,
    nameIndex = 0,
  ] = one;
  return {
    interfaceNumber,
    alternate,
    interfaceClass,
    interfaceSubClass,
    interfaceProtocol,
    nameIndex,
    endpoints: [],
    extra: [],
  };
}

function endpointOf(one: Uint8Array): UsbEndpoint {
  return { address: one[2] ?? 0, attributes: one[3] ?? 0, maxPacketSize: viewOf(one).getUint16(4, true) };
}

function groupByInterface(drafts: readonly Draft[]): UsbInterface[] {
  const numbers = [...new Set(drafts.map((draft) => draft.interfaceNumber))];
  return numbers.map((number) => ({
    number,
    alternates: drafts
      .filter((draft) => draft.interfaceNumber === number)
      .map(({ interfaceNumber: _, extra, ...rest }) => ({ ...rest, extra: Uint8Array.from(extra) })),
  }));
}
