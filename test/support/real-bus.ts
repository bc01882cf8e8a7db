import type { UsbBus } from '../../main/transports/usb/usb-device.ts';

/** A bench's boards taken for real ones: they outlive the program, and are locked. @param name the bus's own without */
export function realBus(bus: UsbBus, name: string = bus.name): UsbBus {
  return {
    name,
    virtual: false,
    list: (wait) => bus.list(wait),
    watch: (changed) => bus.watch(changed),
    open: (facts, wait) => bus.open(facts, wait),
  };
}
