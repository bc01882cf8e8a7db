// Runs in the guest: what only a program with libusb in its hands can show. The first argument says what, the
// second which device node; one JSON line is the answer.
import { getDeviceList, Transfer, usb, type Device, type LibUSBException } from 'usb';

interface Outcome {
  /** libusb's error or transfer status; 0 for none. */
  readonly error: number;
  readonly bytes: number;
  readonly tookMs: number;
}

const controlEndpoint = 0;
const noLimit = 0;

/** A vendor IN request for four bytes; cancelled after `cancelAfterMs`, when that is given. */
function read(device: Device, request: number, cancelAfterMs?: number): Promise<Outcome> {
  const started = performance.now();
  const buffer = Buffer.alloc(8 + 4);
  buffer.set([0xc0, request, 0, 0, 0, 0, 4, 0]);
  return new Promise((resolve) => {
    const done = (error: LibUSBException | undefined, _buffer: Buffer, bytes: number): void => {
      resolve({ error: error?.errno ?? 0, bytes, tookMs: performance.now() - started });
    };
    const transfer = new Transfer(device, controlEndpoint, usb.LIBUSB_TRANSFER_TYPE_CONTROL, noLimit, done);
    transfer.submit(buffer);
    if (cancelAfterMs !== undefined) setTimeout(() => transfer.cancel(), cancelAfterMs);
  });
}

function reset(device: Device): Promise<number> {
  return new Promise((resolve) => device.reset((error) => resolve(error?.errno ?? 0)));
}

async function main(what: string, node: string): Promise<void> {
  const [bus, address] = node.split('/').slice(-2).map(Number);
  const device = getDeviceList().find((each) => each.busNumber === bus && each.deviceAddress === address);
  if (device === undefined) throw new Error(`no device at ${node}`);
  device.open();
  if (what === 'cancel') {
    const [held, other] = await Promise.all([read(device, 2, 300), read(device, 1)]);
    console.log(JSON.stringify({ held, other, after: await read(device, 1) }));
  } else {
    console.log(JSON.stringify({ reset: await reset(device), after: await read(device, 1) }));
  }
  device.close();
}

void main(process.argv[2] ?? '', process.argv[3] ?? '');
