// Writes down everything that crosses the seam: a bug report that can be replayed.
import { toFlashError } from '../../shared/errors/flash-error.ts';
import { toHex } from '../../shared/hex.ts';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../base/clock.ts';
import { describeCall, factsToTrace, setupParts, traceVersion, type TraceLine } from './trace.ts';
import type { UsbBus, UsbDevice, UsbDeviceFacts } from './usb/usb-device.ts';

/** The same bus, every list and call of which goes to `sink` as a line, up to `limits.traceBytes`. */
export function recordBus(bus: UsbBus, sink: (line: string) => void, clock: Clock): UsbBus {
  let written = 0;
  let cut = false;
  let lastList = '';
  const write = (line: TraceLine): void => {
    if (cut) return;
    const text = JSON.stringify(line);
    written += text.length + 1;
    cut = written > limits.traceBytes;
    sink(cut ? JSON.stringify({ op: 'cut' }) : text);
  };
  write({ op: 'header', rekindleTrace: traceVersion });
  const record: RecordCall = async (port, call, action) => {
    const t = Math.round(clock.now() * 10) / 10;
    try {
      const value = await action();
      const end =
        value instanceof Uint8Array
          ? { t, data: toHex(value) }
          : typeof value === 'boolean'
            ? { t, value }
            : { t };
      write({ op: 'call', port, call, end });
      return value;
    } catch (error) {
      write({ op: 'call', port, call, end: { t, error: toFlashError(error).code } });
      throw error;
    }
  };
  return {
    name: bus.name,
    virtual: bus.virtual,
    watch: (changed) => bus.watch(changed),
    async list(wait) {
      const devices = await bus.list(wait);
      const traced = devices.map(factsToTrace);
      const text = JSON.stringify(traced);
      // A bus that is polled says the same most of the time.
      if (text !== lastList) write({ op: 'list', t: clock.now(), devices: traced });
      lastList = text;
      return devices;
    },
    async open(facts, wait) {
      let device: UsbDevice | undefined;
      await record(facts.portPath, 'open', async () => {
        device = await bus.open(facts, wait);
      });
      return recordDevice(device as UsbDevice, facts, record);
    },
  };
}

type RecordCall = <T>(port: string, call: string, action: () => Promise<T>) => Promise<T>;

function recordDevice(device: UsbDevice, facts: UsbDeviceFacts, record: RecordCall): UsbDevice {
  const on = <T>(call: string, action: () => Promise<T>): Promise<T> => record(facts.portPath, call, action);
  return {
    facts: device.facts,
    claim: (number, wait) => on(describeCall('claim', number), () => device.claim(number, wait)),
    release: (number, wait) => on(describeCall('release', number), () => device.release(number, wait)),
    setAlternate: (number, alternate, wait) =>
      on(describeCall('alternate', number, alternate), () => device.setAlternate(number, alternate, wait)),
    clearHalt: (endpoint, wait) =>
      on(describeCall('clear-halt', endpoint), () => device.clearHalt(endpoint, wait)),
    controlIn: (setup, length, wait) =>
      on(describeCall('in', ...setupParts(setup), length), () => device.controlIn(setup, length, wait)),
    controlOut: (setup, data, wait) =>
      on(describeCall('out', ...setupParts(setup), data), () => device.controlOut(setup, data, wait)),
    bulkIn: (endpoint, length, wait) =>
      on(describeCall('bulk-in', endpoint, length), () => device.bulkIn(endpoint, length, wait)),
    bulkOut: (endpoint, data, wait) =>
      on(describeCall('bulk-out', endpoint, data), () => device.bulkOut(endpoint, data, wait)),
    reset: (wait) => on('reset', () => device.reset(wait)),
    [Symbol.asyncDispose]: () => on('close', () => device[Symbol.asyncDispose]()),
  };
}
