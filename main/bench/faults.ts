// Misfortunes on order: what a cable, a ROM or a tired flash cell can do, as data, so that a file can script them.
import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(600_000));
const times = v.optional(v.pipe(count, v.minValue(1)), 1);

/** Blocks are the data blocks a board has ever received, erases the sector erases, both counted from 0. */
export const faultSchema = v.variant('kind', [
  /** The cable is pulled while this happens; `returnAfterMs` plugs it in again. */
  v.strictObject({
    kind: v.literal('vanish'),
    at: v.variant('what', [
      v.strictObject({ what: v.literal('block'), index: count }),
      /** While the block with this byte of the data received is written. */
      v.strictObject({ what: v.literal('byte'), index: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
      v.strictObject({ what: v.literal('erase'), index: count }),
      v.strictObject({ what: v.literal('upload'), index: count }),
      v.strictObject({ what: v.literal('request'), index: count }),
      v.strictObject({ what: v.literal('manifest') }),
    ]),
    returnAfterMs: v.optional(milliseconds),
  }),
  /** GETSTATUS stalls while a block is worked on, this many times. */
  v.strictObject({ kind: v.literal('stall-status'), block: count, times }),
  /** DNLOAD of this block stalls, and the device is in dfuERROR. */
  v.strictObject({ kind: v.literal('stall-download'), block: count }),
  /** bwPollTimeout says this, whatever the truth. */
  v.strictObject({ kind: v.literal('poll-time'), ms: v.pipe(count, v.maxValue(0xffffff)) }),
  /** Never finishes this block or erase. */
  v.strictObject({ kind: v.literal('stuck-busy'), at: v.picklist(['block', 'erase']), index: count }),
  /** From this block on falls to dfuIDLE with status OK instead of writing: the "(0, 2, 0, 0)" case. */
  v.strictObject({ kind: v.literal('fall-to-idle'), block: count, times }),
  /** Ends this block or erase with an error status. */
  v.strictObject({
    kind: v.literal('status'),
    at: v.picklist(['block', 'erase', 'manifest']),
    index: count,
    code: v.pipe(count, v.maxValue(15)),
  }),
  /** Says OK and writes nothing. */
  v.strictObject({ kind: v.literal('drop-write'), block: count }),
  /** Every read, write and erase is refused with errVENDOR (RDP level 1). */
  v.strictObject({ kind: v.literal('read-protected') }),
  /** An UPLOAD answers with half of what was asked for. */
  v.strictObject({ kind: v.literal('short-upload'), index: count }),
  /** An UPLOAD answers with one wrong bit. */
  v.strictObject({ kind: v.literal('wrong-bytes'), index: count }),
  /** NAKs the n-th request with this number for ever. */
  v.strictObject({ kind: v.literal('nak'), request: v.pipe(count, v.maxValue(6)), index: count }),
  /** Answers the n-th GETSTATUS with fewer bytes. */
  v.strictObject({ kind: v.literal('short-status'), index: count, bytes: v.pipe(count, v.maxValue(5)) }),
  /** Does not come back after leaving. */
  v.strictObject({ kind: v.literal('never-return') }),
  /** Comes back with another product id. */
  v.strictObject({ kind: v.literal('return-as'), productId: v.pipe(count, v.maxValue(0xffff)) }),
  /** Comes back, leaves again, and comes back for good; once. */
  v.strictObject({ kind: v.literal('return-twice'), gapMs: milliseconds }),
  /** Takes this long to come back. */
  v.strictObject({ kind: v.literal('return-after'), ms: milliseconds }),
  /** String descriptors as some ROMs send them. */
  v.strictObject({
    kind: v.literal('bad-strings'),
    how: v.picklist(['long-length', 'eight-bit', 'no-language']),
  }),
]);

export const faultListSchema = v.pipe(v.array(faultSchema), v.maxLength(100));
export type Fault = v.InferOutput<typeof faultSchema>;
type FaultOf<K extends Fault['kind']> = Extract<Fault, { kind: K }>;

/** The faults of one board, used up as they strike. */
export class FaultScript {
  readonly #faults: readonly Fault[];
  readonly #used = new Map<Fault, number>();

  constructor(faults: readonly Fault[] = []) {
    this.#faults = faults;
  }

  /** Whether a lasting fault of this kind is set. */
  find<K extends Fault['kind']>(kind: K): FaultOf<K> | undefined {
    return this.#faults.find((fault): fault is FaultOf<K> => fault.kind === kind);
  }

  /** A fault that strikes now; each strikes `times` times, once unless it says so. */
  strike<K extends Fault['kind']>(kind: K, fits: (fault: FaultOf<K>) => boolean): FaultOf<K> | undefined {
    for (const fault of this.#faults) {
      if (fault.kind !== kind || !fits(fault as FaultOf<K>)) continue;
      const used = this.#used.get(fault) ?? 0;
      if (used >= ('times' in fault ? fault.times : 1)) continue;
      this.#used.set(fault, used + 1);
      return fault as FaultOf<K>;
    }
    return undefined;
  }
}
