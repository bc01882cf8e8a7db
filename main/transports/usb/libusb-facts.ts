// A library device as facts; nothing here opens it.
import type { Device } from 'usb/dist/usb/bindings.js';
import type { ConfigDescriptor } from 'usb/dist/usb/descriptors.js';
import type { UsbAlternate, UsbDeviceFacts, UsbInterface } from './usb-device.ts';

/** `1-2.3`; undefined for root hubs, which nobody plugs in. */
export function portPathOf(device: Device): string | undefined {
  const ports = device.portNumbers as number[] | undefined;
  return ports === undefined || ports.length === 0 ? undefined : `${device.busNumber}-${ports.join('.')}`;
}

/** Undefined for a device whose descriptors cannot be had: it is leaving, or broken. */
export function factsOf(device: Device, generation: number): UsbDeviceFacts | undefined {
  const portPath = portPathOf(device);
  if (portPath === undefined) return undefined;
  const configuration = configurationOf(device);
  const descriptor = device.deviceDescriptor;
  return {
    bus: 'usb',
    portPath,
    busNumber: device.busNumber,
    address: device.deviceAddress,
    generation,
    vendorId: descriptor.idVendor,
    productId: descriptor.idProduct,
    bcdDevice: descriptor.bcdDevice,
    bcdUsb: descriptor.bcdUSB,
    deviceClass: descriptor.bDeviceClass,
    deviceSubClass: descriptor.bDeviceSubClass,
    maxPacketSize0: descriptor.bMaxPacketSize0,
    speed: 'unknown',
    manufacturerIndex: descriptor.iManufacturer,
    productIndex: descriptor.iProduct,
    serialIndex: descriptor.iSerialNumber,
    configurationValue: configuration?.bConfigurationValue ?? 0,
    configurationExtra: new Uint8Array(configuration?.extra ?? []),
    interfaces: configuration === undefined ? [] : interfacesOf(configuration),
  };
}

function configurationOf(device: Device): ConfigDescriptor | undefined {
  try {
    return device.__getConfigDescriptor();
  } catch {
    try {
      return device.__getAllConfigDescriptors()[0];
    } catch {
      return undefined;
    }
  }
}

function interfacesOf(configuration: ConfigDescriptor): UsbInterface[] {
  return configuration.interfaces.flatMap((alternates) => {
    const number = alternates[0]?.bInterfaceNumber;
    if (number === undefined) return [];
    return [
      {
        number,
        alternates: alternates.map((one): UsbAlternate => ({
          alternate: one.bAlternateSetting,
          interfaceClass: one.bInterfaceClass,
          interfaceSubClass: one.bInterfaceSubClass,
          interfaceProtocol: one.bInterfaceProtocol,
          nameIndex: one.iInterface,
          endpoints: one.endpoints.map((endpoint) => ({
            address: endpoint.bEndpointAddress,
            attributes: endpoint.bmAttributes,
            maxPacketSize: endpoint.wMaxPacketSize,
          })),
          extra: new Uint8Array(one.extra),
        })),
      },
    ];
  });
}
