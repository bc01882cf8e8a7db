// A bus that answers from a recording: what a board somewhere did, done again here.
import * as v from 'valibot';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { fromHex } from '../../shared/hex.ts';
import { sleepWithin, type Wait } from '../base/wait.ts';
import type { Clock } from '../base/clock.ts';
import { describeCall, factsFromTrace, setupParts, traceLineSchema, type TraceLine } from './trace.ts';
import type { UsbBus, UsbDevice, UsbDeviceFacts } from './usb/usb-device.ts';

type Call = Extract<TraceLine, { op: 'call' }>;

/**
 * Replays a trace: the same requests in the same order get the same answers.
 * @throws FlashError `trace.mismatch` on a line that is none; later, from the devices, on another request
 */
export function playTrace(lines: Iterable<string>, clock: Clock): UsbBus {
  const tape = new Tape([...parseLines(lines)]);
  return {
    name: 'trace',
    virtual: true,
    watch: () => ({ [Symbol.dispose]: () => undefined }),
    list: () => Promise.resolve(tape.list()),
    async open(facts, wait) {
      await answer(tape, facts.portPath, 'open', wait, clock);
      return playDevice(tape, facts, clock);
    },
  };
}

function* parseLines(lines: Iterable<string>): Generator<TraceLine> {
  let number = 0;
  for (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const parsed = v.safeParse(traceLineSchema, parseJson(line));
    const isHeader = parsed.success && parsed.output.op === 'header';
    if (!parsed.success || isHeader !== (number === 1)) {
      throw new FlashError('trace.mismatch', {
        line: number,
        expected: number === 1 ? 'a header' : 'a trace line',
        asked: line.slice(0, 80),
      });
    }
    yield parsed.output;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The recording and how far it has been played. */
class Tape {
  readonly #lines: readonly TraceLine[];
  #at = 0;
  #devices: readonly UsbDeviceFacts[] = [];

  constructor(lines: readonly TraceLine[]) {
    this.#lines = lines;
  }

  /** A bus may be listed any number of times: the recording moves on only to the next change. */
  list(): readonly UsbDeviceFacts[] {
    const line = this.#skipTo();
    if (line?.op === 'list') {
      this.#at++;
      this.#devices = line.devices.map(factsFromTrace);
    }
    return this.#devices;
  }

  next(port: string, asked: string): Call {
    const line = this.#skipTo();
    if (line?.op === 'list') {
      this.list();
      return this.next(port, asked);
    }
    if (line?.op !== 'call' || line.port !== port || line.call !== asked) {
      const expected = line?.op === 'call' ? line.call : 'the end of the trace';
      throw new FlashError('trace.mismatch', { line: this.#at + 1, expected, asked });
    }
    this.#at++;
    return line;
  }

  #skipTo(): TraceLine | undefined {
    while (this.#lines[this.#at]?.op === 'header') this.#at++;
    return this.#lines[this.#at];
  }
}

async function answer(
  tape: Tape,
  port: string,
  call: string,
  wait: Wait,
  clock: Clock,
): Promise<Call['end']> {
  await sleepWithin(wait, clock, 0);
  const { end } = tape.next(port, call);
  if (end.error !== undefined) throw recordedError(end.error);
  return end;
}

/** Parameters are not recorded: what matters to the client is the code. */
function recordedError(code: string): FlashError {
  const empty = { portPath: '', ids: '', platform: 'linux', holder: undefined, detail: 'recorded' };
  return new FlashError(code as ErrorCode, empty);
}

function playDevice(tape: Tape, facts: UsbDeviceFacts, clock: Clock): UsbDevice {
  const on = (call: string, wait: Wait): Promise<Call['end']> =>
    answer(tape, facts.portPath, call, wait, clock);
  const nothing = async (call: string, wait: Wait): Promise<void> => {
    await on(call, wait);
  };
  const data = async (call: string, wait: Wait): Promise<Uint8Array> =>
    fromHex((await on(call, wait)).data ?? '');
  return {
    facts,
    claim: (number, wait) => nothing(describeCall('claim', number), wait),
    release: (number, wait) => nothing(describeCall('release', number), wait),
    setAlternate: (number, alternate, wait) => nothing(describeCall('alternate', number, alternate), wait),
    clearHalt: (endpoint, wait) => nothing(describeCall('clear-halt', endpoint), wait),
    controlIn: (setup, length, wait) => data(describeCall('in', ...setupParts(setup), length), wait),
    controlOut: (setup, bytes, wait) => nothing(describeCall('out', ...setupParts(setup), bytes), wait),
    bulkIn: (endpoint, length, wait) => data(describeCall('bulk-in', endpoint, length), wait),
    bulkOut: (endpoint, bytes, wait) => nothing(describeCall('bulk-out', endpoint, bytes), wait),
    reset: async (wait) => (await on('reset', wait)).value ?? true,
    // Closing never rejects, also at the end of a recording that was cut.
    [Symbol.asyncDispose]: async () => {
      try {
        tape.next(facts.portPath, 'close');
      } catch {
        // A close more or less changes nothing.
      }
    },
  };
}
