// A device that is a serial port and nothing else.
import { CdcFunction, cdcDescriptors, type CdcProgram } from './cdc.ts';
import { configurationDescriptor, deviceDescriptor } from './descriptor-bytes.ts';
import { DescribedDevice } from './dfu-device.ts';
import type { VirtualUsbDevice } from './virtual-usb.ts';

export interface SerialIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly texts: readonly [manufacturer: string, product: string, serial: string];
}

/** @param start what runs behind the port, given a way to send */
export function serialDevice(
  { vendorId, productId, texts }: SerialIdentity,
  start: (send: (bytes: Uint8Array) => void) => CdcProgram,
): VirtualUsbDevice {
  const port = new CdcFunction(start);
  return new DescribedDevice({
    deviceDescriptor: deviceDescriptor({
      deviceClass: 2,
      vendorId,
      productId,
      bcdDevice: 0x0200,
      strings: [1, 2, 3],
    }),
    configurationDescriptor: configurationDescriptor(2, cdcDescriptors()),
    texts,
    stringManner: 'proper',
    classRequest: (setup, data) => Promise.resolve(port.classRequest(setup, data)),
    setAlternate: (number, alternate) => number <= 1 && alternate === 0,
    transfer: (endpoint, dataOrLength, signal) => port.transfer(endpoint, dataOrLength, signal),
  });
}

/** A program that reads what comes and says nothing. */
export const silentProgram = (): CdcProgram => ({ received: () => undefined });
