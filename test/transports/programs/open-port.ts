// Opens a serial port as whoever runs it, and prints how that went.
import { realClock } from '../../../main/base/clock.ts';
import { startWait } from '../../../main/base/wait.ts';
import { openSerialPorts } from '../../../main/transports/serial/serial-port.ts';
import { toFlashError } from '../../../shared/errors/flash-error.ts';

const [path = '', proc = '/proc'] = process.argv.slice(2);
const ports = openSerialPorts({ clock: realClock, log: { write: () => undefined }, platform: 'linux', proc });
const facts = { bus: 'serial', path, vendorId: undefined, productId: undefined, portPath: undefined };
try {
  await using _line = await ports.open(facts, { baud: 115_200 }, startWait(realClock, 10_000));
  process.stdout.write(JSON.stringify({ code: 'opened' }));
} catch (error) {
  const { code, params } = toFlashError(error);
  process.stdout.write(JSON.stringify({ code, params }));
}
