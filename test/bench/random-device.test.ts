// A device that may answer anything, legal or not: the client always ends, within its limits, with a result.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bench } from '../../main/bench/bench.ts';
import { newStatistics, type VirtualBoard } from '../../main/bench/board.ts';
import {
  configurationDescriptor,
  deviceDescriptor,
  functionalDescriptor,
  interfaceDescriptor,
} from '../../main/bench/descriptor-bytes.ts';
import { DescribedDevice } from '../../main/bench/dfu-device.ts';
import type { SetupPacket, TransferReply } from '../../main/bench/virtual-usb.ts';
import { DfuState, isDfuState } from '../../main/protocols/dfu/constants.ts';
import { dfuseImage, flashRequest, makeRig, plainImage, program } from '../support/rig.ts';

/** One answer's worth of choices. */
interface Whim {
  readonly kind: 'sensible' | 'status' | 'short' | 'stall' | 'pending' | 'gone';
  readonly state: number;
  readonly status: number;
  readonly pollMs: number;
}

const whim: fc.Arbitrary<Whim> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('sensible' as const) },
    { weight: 4, arbitrary: fc.constant('status' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('short' as const, 'stall' as const, 'pending' as const, 'gone' as const),
    },
  ),
  state: fc.integer({ min: 0, max: 12 }),
  status: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 17 })),
  pollMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffffff })),
});

/** Answers as a good device would where the whim says so, and as it likes where not. */
class WhimsicalBoard implements VirtualBoard {
  readonly name = 'whimsical';
  readonly flash = new Uint8Array();
  readonly statistics = newStatistics();
  readonly controls = [];
  readonly #whims: readonly Whim[];
  readonly #dfuse: boolean;
  #at = 0;
  #uploads = 0;
  #state: number = DfuState.dfuIdle;

  constructor(whims: readonly Whim[], dfuse: boolean) {
    this.#whims = whims;
    this.#dfuse = dfuse;
  }

  act(): void {}

  plugIn(socket: { appear(device: DescribedDevice): void; vanish(): void }): void {
    const version = this.#dfuse ? 0x011a : 0x0110;
    socket.appear(
      new DescribedDevice({
        deviceDescriptor: deviceDescriptor({
          vendorId: 0x0483,
          productId: 0xdf11,
          bcdDevice: 0x2200,
          strings: [0, 0, 0],
        }),
        configurationDescriptor: configurationDescriptor(1, [
          interfaceDescriptor(0, 0, [0xfe, 1, 2], 1),
          functionalDescriptor(0x0b, 255, this.#dfuse ? 2048 : 64, version),
        ]),
        texts: ['@Internal Flash  /0x08000000/064*0002Kg'],
        stringManner: 'proper',
        classRequest: (setup, data, signal) => this.#answer(setup, data, signal, socket),
      }),
    );
  }

  unplug(): void {
    this.#at = 0;
  }

  #answer(
    setup: SetupPacket,
    data: Uint8Array,
    signal: AbortSignal,
    socket: { vanish(): void },
  ): Promise<TransferReply> {
    const next = this.#whims[this.#at++ % Math.max(1, this.#whims.length)];
    switch (next?.kind) {
      case 'pending':
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'stall' })));
      case 'gone':
        socket.vanish();
        return Promise.resolve({ kind: 'gone' });
      case 'stall':
        return Promise.resolve({ kind: 'stall' });
      case 'short':
        return Promise.resolve(
          setup.requestType & 0x80
            ? { kind: 'data', bytes: new Uint8Array(next.state % 6) }
            : { kind: 'ack' },
        );
      default:
        return Promise.resolve(this.#sensible(setup, data, next));
    }
  }

  #sensible(setup: SetupPacket, data: Uint8Array, next: Whim | undefined): TransferReply {
    if (setup.request === 1) this.#state = data.length > 0 ? DfuState.downloadIdle : DfuState.manifestSync;
    if (setup.request === 2) this.#state = DfuState.uploadIdle;
    if (setup.request === 4 || setup.request === 6) this.#state = DfuState.dfuIdle;
    // An end, at some time: reading 64 MiB in rows of 64 bytes is allowed, and takes too long here.
    const rest = ++this.#uploads > 80 ? 3 : setup.length;
    if (setup.request === 2) return { kind: 'data', bytes: new Uint8Array(rest).fill(next?.status ?? 0) };
    if (setup.request !== 3) return { kind: 'ack' };
    const odd = next?.kind === 'status';
    const state = odd ? next.state : this.#state;
    if (isDfuState(state)) this.#state = state;
    const poll = odd ? next.pollMs : 0;
    return {
      kind: 'data',
      bytes: Uint8Array.of(odd ? next.status : 0, poll & 0xff, (poll >> 8) & 0xff, poll >> 16, state, 0),
    };
  }
}

/** The bound on every job, in simulated time: a plain device may ask for minutes a block, and is obeyed. */
const limitMs = 4 * 60 * 60 * 1000 + 60_000;

describe('a device that answers anything', () => {
  it.each([true, false])('ends every job with a result (DfuSe %s)', async (dfuse) => {
    const runs = process.env['REKINDLE_SOAK'] === undefined ? 250 : 20_000;
    await fc.assert(
      fc.asyncProperty(
        fc.array(whim, { minLength: 1, maxLength: 60 }),
        fc.boolean(),
        async (whims, backup) => {
          const rig = makeRig('nanovna-h');
          const bench = new Bench({ clock: rig.clock });
          bench.plug(new WhimsicalBoard(whims, dfuse));
          const image = dfuse
            ? dfuseImage([{ address: 0x08000000, bytes: program(5_000) }])
            : plainImage(program(300));
          const request = flashRequest([dfuse ? image : { ...image, ids: undefined }], { backup });
          const services = { ...rig.services, buses: [bench.bus] };
          const { runJob } = await import('../../main/jobs/run.ts');
          const result = await runJob(request, services, {
            stop: rig.stop.signal,
            abort: rig.abort.signal,
            emit: () => undefined,
            ask: () => Promise.resolve(true),
          });
          expect(result.error?.code).not.toBe('internal');
          expect(rig.clock.now()).toBeLessThan(limitMs);
        },
      ),
      { numRuns: runs, seed: 20261121 },
    );
  });
});
