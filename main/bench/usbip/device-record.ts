import { viewOf } from '../../base/bytes.ts';
import type { VirtualUsbDevice } from '../virtual-usb.ts';
import { SpeedCode } from './constants.ts';
import { putText } from './fields.ts';

/** struct usbip_usb_device. */
export const deviceRecordBytes = 312;

/** Where an exported device stands. The numbers are ours: they only have to be unequal among exported devices. */
export interface ExportedPlace {
  readonly busId: string;
  readonly busNumber: number;
  readonly deviceNumber: number;
}

/** struct usbip_usb_device: the facts both introductory replies carry. */
export function encodeDeviceRecord(place: ExportedPlace, device: VirtualUsbDevice): Uint8Array {
  const record = new Uint8Array(deviceRecordBytes);
  const view = viewOf(record);
  const descriptor = viewOf(device.deviceDescriptor);
  putText(record, 0, 256, `/rekindle/bench/${place.busId}`);
  putText(record, 256, 32, place.busId);
  view.setUint32(288, place.busNumber);
  view.setUint32(292, place.deviceNumber);
  view.setUint32(296, SpeedCode[device.speed]);
  view.setUint16(300, descriptor.getUint16(8, true));
  view.setUint16(302, descriptor.getUint16(10, true));
  view.setUint16(304, descriptor.getUint16(12, true));
  record.set(device.deviceDescriptor.subarray(4, 7), 306);
  record[309] = device.configurationDescriptor[5] ?? 0;
  record[310] = device.deviceDescriptor[17] ?? 0;
  record[311] = device.configurationDescriptor[4] ?? 0;
  return record;
}

/** Class, subclass, protocol and a zero for alternate 0 of each interface: follows a record in a device list. */
export function encodeInterfaceRecords(configuration: Uint8Array): Uint8Array {
  const records = new Uint8Array(4 * (configuration[4] ?? 0));
  let found = 0;
  for (let at = 0; at + 1 < configuration.length;) {
    const length = configuration[at] ?? 0;
    if (length < 2) break;
    const isInterface = configuration[at + 1] === 4 && configuration[at + 3] === 0;
    if (isInterface && 4 * found < records.length) {
      records.set(configuration.subarray(at + 5, at + 8), 4 * found);
      found++;
    }
    at += length;
  }
  return records;
}
