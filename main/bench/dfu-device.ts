// A device with DFU interfaces, as its descriptors and standard requests show it.
import { viewOf } from '../base/bytes.ts';
import type { SetupPacket, TransferReply, VirtualUsbDevice } from './virtual-usb.ts';
import { stringDescriptor, type StringManner } from './descriptor-bytes.ts';

export interface DeviceParts {
  readonly deviceDescriptor: Uint8Array;
  readonly configurationDescriptor: Uint8Array;
  /** Index 1 first. */
  readonly texts: readonly string[];
  readonly stringManner: StringManner;
  /** By index, of texts that are sent in a manner of their own. */
  readonly otherManners?: Readonly<Record<number, StringManner>>;
  /** Class requests, with the interface number from wIndex. */
  classRequest?(setup: SetupPacket, data: Uint8Array, signal: AbortSignal): Promise<TransferReply>;
  /** SET_INTERFACE; false stalls. */
  readonly setAlternate?: (interfaceNumber: number, alternate: number) => boolean;
  /** Bulk and interrupt transfers; every one stalls unless given. */
  transfer?(endpoint: number, dataOrLength: Uint8Array | number, signal: AbortSignal): Promise<TransferReply>;
  busReset?(): void;
}

const Standard = {
  getDescriptor: 6,
  getConfiguration: 8,
  setInterface: 11,
  getInterface: 10,
  getStatus: 0,
  clearFeature: 1,
  setFeature: 3,
} as const;

/** The same device under another product id. */
export function withProductId(device: VirtualUsbDevice, productId: number): VirtualUsbDevice {
  const deviceDescriptor = device.deviceDescriptor.slice();
  viewOf(deviceDescriptor).setUint16(10, productId, true);
  return {
    speed: device.speed,
    deviceDescriptor,
    configurationDescriptor: device.configurationDescriptor,
    stringDescriptor: (index, langId) => device.stringDescriptor(index, langId),
    control: (setup, data, signal) => device.control(setup, data, signal),
    bulk: (endpoint, dataOrLength, signal) =>
      device.bulk?.(endpoint, dataOrLength, signal) ?? Promise.resolve({ kind: 'stall' }),
    busReset: () => device.busReset(),
  };
}

/** Answers standard requests from the descriptors; hands class requests on. */
export class DescribedDevice implements VirtualUsbDevice {
  readonly speed = 'full';
  readonly #parts: DeviceParts;
  /** By interface number, as GET_INTERFACE tells them. */
  readonly #alternates = new Map<number, number>();

  constructor(parts: DeviceParts) {
    this.#parts = parts;
  }

  get deviceDescriptor(): Uint8Array {
    return this.#parts.deviceDescriptor;
  }

  get configurationDescriptor(): Uint8Array {
    return this.#parts.configurationDescriptor;
  }

  stringDescriptor(index: number, _langId: number): Uint8Array | undefined {
    const { texts, stringManner, otherManners } = this.#parts;
    return stringDescriptor(texts, index, otherManners?.[index] ?? stringManner);
  }

  async control(setup: SetupPacket, data: Uint8Array, signal: AbortSignal): Promise<TransferReply> {
    const type = (setup.requestType >> 5) & 3;
    if (type === 1 && this.#parts.classRequest !== undefined) {
      const reply = await this.#parts.classRequest(setup, data, signal);
      return reply.kind === 'data' ? { kind: 'data', bytes: reply.bytes.subarray(0, setup.length) } : reply;
    }
    return type === 0 ? this.#standard(setup) : { kind: 'stall' };
  }

  bulk(endpoint: number, dataOrLength: Uint8Array | number, signal: AbortSignal): Promise<TransferReply> {
    return this.#parts.transfer?.(endpoint, dataOrLength, signal) ?? Promise.resolve({ kind: 'stall' });
  }

  busReset(): void {
    this.#parts.busReset?.();
  }

  #standard(setup: SetupPacket): TransferReply {
    switch (setup.request) {
      case Standard.getDescriptor:
        return this.#descriptor(setup);
      case Standard.setInterface: {
        const { setAlternate } = this.#parts;
        const accepted =
          setAlternate === undefined ? setup.value === 0 : setAlternate(setup.index, setup.value);
        if (!accepted) return { kind: 'stall' };
        this.#alternates.set(setup.index, setup.value);
        return { kind: 'ack' };
      }
      case Standard.getInterface:
        return { kind: 'data', bytes: Uint8Array.of(this.#alternates.get(setup.index) ?? 0) };
      case Standard.getConfiguration:
        return { kind: 'data', bytes: this.configurationDescriptor.slice(5, 6) };
      case Standard.getStatus:
        return { kind: 'data', bytes: Uint8Array.of(0, 0) };
      case Standard.clearFeature:
      case Standard.setFeature:
        return { kind: 'ack' };
      default:
        return { kind: 'stall' };
    }
  }

  #descriptor(setup: SetupPacket): TransferReply {
    const index = setup.value & 0xff;
    const type = setup.value >> 8;
    const bytes =
      type === 1
        ? this.deviceDescriptor
        : type === 2
          ? this.configurationDescriptor
          : type === 3
            ? this.stringDescriptor(index, setup.index)
            : undefined;
    return bytes === undefined ? { kind: 'stall' } : { kind: 'data', bytes: bytes.subarray(0, setup.length) };
  }
}
