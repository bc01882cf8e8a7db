// USBIP_CMD_SUBMIT and USBIP_RET_SUBMIT.
import { concatBytes, viewOf } from '../../base/bytes.ts';
import type { SetupPacket } from '../virtual-usb.ts';
import { Command, Direction, headerBytes, usbipLimits } from './constants.ts';
import { wordsMessage } from './fields.ts';

/** One transfer the client asks for. */
export interface SubmitCommand {
  readonly sequence: number;
  readonly direction: 'in' | 'out';
  /** Endpoint number without the direction bit; 0 for control. */
  readonly endpoint: number;
  /** Bytes that follow (out) or are asked for (in). */
  readonly length: number;
  /** URB_SHORT_NOT_OK: fewer bytes than asked for are an error. */
  readonly shortIsError: boolean;
  /** Meaningful on endpoint 0 only. */
  readonly setup: SetupPacket;
}

/**
 * Reads the header of USBIP_CMD_SUBMIT.
 * @returns what is wrong with it, when it cannot be carried out as it stands
 */
export function parseSubmit(header: Uint8Array): SubmitCommand | string {
  const view = viewOf(header);
  const direction = view.getUint32(12);
  if (direction !== Direction.out && direction !== Direction.in) return `direction ${direction}`;
  const endpoint = view.getUint32(16);
  if (endpoint > 15) return `endpoint ${endpoint}`;
  const length = view.getInt32(24);
  if (length < 0 || length > usbipLimits.transferBytes) return `a buffer of ${length} bytes`;
  // Not isochronous: Linux sends 0, the protocol's text asks for 0xFFFFFFFF.
  const packets = view.getInt32(32);
  if (packets > 0 || packets < -1) return 'isochronous packets';
  const setup = parseSetup(header.subarray(40, 48));
  if (endpoint === 0) {
    // A data stage of no bytes has no direction that matters.
    const wantsIn = (setup.requestType & 0x80) !== 0 && setup.length > 0;
    if (length !== setup.length) return `a buffer of ${length} bytes for a data stage of ${setup.length}`;
    if (length > 0 && wantsIn !== (direction === Direction.in))
      return 'a direction other than the set-up packet has';
  }
  return {
    sequence: view.getUint32(4),
    direction: direction === Direction.in ? 'in' : 'out',
    endpoint,
    length,
    shortIsError: (view.getUint32(20) & 1) !== 0,
    setup,
  };
}

/** The eight bytes on the wire, little-endian as USB has them (USB 2.0 section 9.3). */
export function parseSetup(bytes: Uint8Array): SetupPacket {
  const view = viewOf(bytes);
  return {
    requestType: view.getUint8(0),
    request: view.getUint8(1),
    value: view.getUint16(2, true),
    index: view.getUint16(4, true),
    length: view.getUint16(6, true),
  };
}

/** How a transfer ended: `actual` counts bytes moved, `data` goes along for an IN transfer. */
export interface SubmitResult {
  readonly status: number;
  readonly actual: number;
  readonly data: Uint8Array;
}

/** USBIP_RET_SUBMIT. */
export function encodeSubmitResult(sequence: number, result: SubmitResult): Uint8Array {
  const words = [Command.returnSubmit, sequence, 0, 0, 0, result.status, result.actual, 0, 0, 0];
  return concatBytes([wordsMessage(headerBytes, words), result.data]);
}
