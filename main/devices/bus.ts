// Layers above may hold a bus and hand it on, but not speak to it: that is for targets and entry.
export type { UsbBus as Bus, UsbDeviceFacts as Facts } from '../transports/usb/usb-device.ts';
export type { SerialPorts as SerialDoor } from '../transports/serial/serial-line.ts';
