// Our own transport on a real board's port, as JSON on standard output: what ends a transfer, and when.
// Usage: transport-probe deadline | abort | gone
import { realClock } from '../../../main/base/clock.ts';
import { startWait, type Wait } from '../../../main/base/wait.ts';
import { silentLog } from '../../../main/log/log.ts';
import { createLibusbBus } from '../../../main/transports/usb/libusb.ts';
import { toFlashError } from '../../../shared/errors/flash-error.ts';

const getStatus = { type: 'class', recipient: 'interface', request: 3, value: 0, index: 0 } as const;

async function timed(
  action: (wait: Wait) => Promise<unknown>,
  wait: Wait,
): Promise<{ code: string; tookMs: number }> {
  const started = realClock.now();
  try {
    await action(wait);
    return { code: 'ok', tookMs: realClock.now() - started };
  } catch (error) {
    return { code: toFlashError(error).code, tookMs: realClock.now() - started };
  }
}

async function main(what: string): Promise<void> {
  const bus = await createLibusbBus({ clock: realClock, log: silentLog, platform: 'linux' });
  const patient = startWait(realClock, 20_000);
  const facts = (await bus.list(patient)).find((one) => one.portPath === '1-1');
  if (facts === undefined) throw new Error('no board at 1-1');
  const device = await bus.open(facts, patient);
  await device.claim(0, patient);
  const abort = new AbortController();
  if (what === 'abort') realClock.after(100, () => abort.abort());
  process.stdout.write('ready\n');
  const wait = startWait(realClock, what === 'deadline' ? 300 : 15_000, abort.signal);
  const held = await timed((one) => device.controlIn(getStatus, 6, one), wait);
  const after = await timed((one) => device.controlIn(getStatus, 6, one), startWait(realClock, 2_000));
  const second = await bus.open(facts, patient).then(
    async (other) => {
      const claim = await timed((one) => other.claim(0, one), patient);
      await other[Symbol.asyncDispose]();
      return claim;
    },
    () => undefined,
  );
  await device[Symbol.asyncDispose]();
  process.stdout.write(`${JSON.stringify({ held, after, second })}\n`);
}

await main(process.argv[2] ?? 'deadline');
