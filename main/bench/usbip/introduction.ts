// OP_REQ_DEVLIST, OP_REQ_IMPORT and their replies.
import { concatBytes, viewOf } from '../../base/bytes.ts';
import type { VirtualUsbDevice } from '../virtual-usb.ts';
import { Operation, OperationStatus, protocolVersion } from './constants.ts';
import { encodeDeviceRecord, encodeInterfaceRecords, type ExportedPlace } from './device-record.ts';
import { takeText } from './fields.ts';

/** Version, operation, status: the start of every introductory message. */
export const introductionBytes = 8;
/** The bus id that follows in OP_REQ_IMPORT. */
export const busIdBytes = 32;

/** Which introductory request this is; undefined for anything else, as for another version of the protocol. */
export function parseIntroduction(header: Uint8Array): 'list' | 'import' | undefined {
  const view = viewOf(header);
  if (view.getUint16(0) !== protocolVersion) return undefined;
  const operation = view.getUint16(2);
  if (operation === Operation.requestDeviceList) return 'list';
  return operation === Operation.requestImport ? 'import' : undefined;
}

/** The bus id of OP_REQ_IMPORT; undefined when it is no text. */
export function parseBusId(field: Uint8Array): string | undefined {
  return takeText(field);
}

/** OP_REP_DEVLIST. */
export function encodeDeviceList(
  exported: readonly { place: ExportedPlace; device: VirtualUsbDevice }[],
): Uint8Array {
  const count = new Uint8Array(4);
  viewOf(count).setUint32(0, exported.length);
  return concatBytes([
    encodeIntroduction(Operation.replyDeviceList, OperationStatus.ok),
    count,
    ...exported.flatMap(({ place, device }) => [
      encodeDeviceRecord(place, device),
      encodeInterfaceRecords(device.configurationDescriptor),
    ]),
  ]);
}

/** OP_REP_IMPORT for a device that can be had. */
export function encodeImported(place: ExportedPlace, device: VirtualUsbDevice): Uint8Array {
  return concatBytes([
    encodeIntroduction(Operation.replyImport, OperationStatus.ok),
    encodeDeviceRecord(place, device),
  ]);
}

/** OP_REP_IMPORT for one that cannot: no record follows. */
export function encodeImportRefused(reason: 'busy' | 'noSuchDevice'): Uint8Array {
  return encodeIntroduction(Operation.replyImport, OperationStatus[reason]);
}

function encodeIntroduction(operation: number, status: number): Uint8Array {
  const message = new Uint8Array(introductionBytes);
  const view = viewOf(message);
  view.setUint16(0, protocolVersion);
  view.setUint16(2, operation);
  view.setUint32(4, status);
  return message;
}
