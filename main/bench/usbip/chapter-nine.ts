// What the bus and the hub do for a real device, and what a model therefore leaves to its door (USB 2.0 chapter 9).
import type { SetupPacket, TransferReply, VirtualUsbDevice } from '../virtual-usb.ts';

const Request = { setAddress: 5, getDescriptor: 6, getConfiguration: 8, setConfiguration: 9 } as const;
const DescriptorType = { device: 1, configuration: 2, text: 3 } as const;

/**
 * How many bytes Linux asks for when it reads the device descriptor of a port it has just reset
 * (GET_DESCRIPTOR_BUFSIZE in drivers/usb/core/hub.c). Programs ask for 18.
 */
const afterResetReadBytes = 64;

/** What the host did to a device as a whole: reset its port, or chose its configuration, which ends an enumeration. */
export type Enumeration = 'reset' | 'configured';

/** Endpoint 0 of one imported device: standard device requests here, everything else to the model. */
export class ChapterNine {
  readonly #device: VirtualUsbDevice;
  readonly #tell: (what: Enumeration) => void;
  #configuration = 0;

  constructor(device: VirtualUsbDevice, tell: (what: Enumeration) => void) {
    this.#device = device;
    this.#tell = tell;
  }

  /** Calls the model before it returns, so that transfers reach it in their order. */
  control(setup: SetupPacket, data: Uint8Array, signal: AbortSignal): Promise<TransferReply> {
    const answer =
      setup.requestType === 0x80
        ? this.#read(setup)
        : setup.requestType === 0x00
          ? this.#set(setup)
          : undefined;
    return answer === undefined ? this.#device.control(setup, data, signal) : Promise.resolve(answer);
  }

  #read(setup: SetupPacket): TransferReply | undefined {
    if (setup.request === Request.getConfiguration)
      return bytesReply(setup, Uint8Array.of(this.#configuration));
    if (setup.request !== Request.getDescriptor) return undefined;
    const type = setup.value >> 8;
    const index = setup.value & 0xff;
    if (type === DescriptorType.device) {
      this.#inferReset(setup);
      return bytesReply(setup, this.#device.deviceDescriptor);
    }
    if (type === DescriptorType.configuration) {
      return index === 0 ? bytesReply(setup, this.#device.configurationDescriptor) : { kind: 'stall' };
    }
    if (type === DescriptorType.text)
      return bytesReply(setup, this.#device.stringDescriptor(index, setup.index));
    return undefined;
  }

  #set(setup: SetupPacket): TransferReply | undefined {
    if (setup.request === Request.setAddress) return { kind: 'ack' };
    if (setup.request !== Request.setConfiguration) return undefined;
    const known = setup.value === 0 || setup.value === this.#device.configurationDescriptor[5];
    if (!known) return { kind: 'stall' };
    this.#configuration = setup.value;
    if (setup.value !== 0) this.#tell('configured');
    return { kind: 'ack' };
  }

  /**
   * A bus reset never reaches a USB/IP server: the client's hub is virtual and resets only itself. What follows
   * a reset does: the first read of a new enumeration, and that is no reset before the device was ever configured.
   */
  #inferReset(setup: SetupPacket): void {
    if (this.#configuration === 0 || setup.length !== afterResetReadBytes) return;
    this.#configuration = 0;
    this.#tell('reset');
    this.#device.busReset();
  }
}

function bytesReply(setup: SetupPacket, bytes: Uint8Array | undefined): TransferReply {
  return bytes === undefined ? { kind: 'stall' } : { kind: 'data', bytes: bytes.subarray(0, setup.length) };
}
