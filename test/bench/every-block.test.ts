// At every single block of a run: stop, abort, a pulled cable. Each time the result must say what the flash holds, byte
// for byte, and a second run must repair it.
import { describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import type { Result } from '../../shared/result.ts';
import type { Fault } from '../../main/bench/faults.ts';
import { dfuseImage, flashRequest, makeRig, plainImage, program, type Rig } from '../support/rig.ts';

const start = 0x08000000;
const image = program(9 * 2048 + 100, 41);
const blocks = 10;
const request = (): ReturnType<typeof flashRequest> =>
  flashRequest([dfuseImage([{ address: start, bytes: image }])]);

/** Whether every claim of a result holds against the flash itself. */
function expectTruth(result: Result, flash: Uint8Array, before: Uint8Array, wanted: Uint8Array): void {
  const inDoubt = (offset: number): boolean =>
    result.inDoubt.some((range) => offset + start >= range.start && offset + start < range.end);
  const within = (ranges: readonly { start: number; end: number }[], offset: number): boolean =>
    ranges.some((range) => offset + start >= range.start && offset + start < range.end);
  const written =
    result.content.kind === 'partial'
      ? result.content.ranges
      : result.content.kind === 'written' || result.content.kind === 'verified'
        ? [{ start, end: start + Math.ceil(wanted.length / 32) * 32 }]
        : [];
  for (let offset = 0; offset < flash.length; offset++) {
    if (inDoubt(offset)) continue;
    if (within(written, offset)) {
      // Padding behind the image is blank.
      if (flash[offset] !== (wanted[offset] ?? 0xff)) throw new Error(`not written at ${offset}`);
    } else if (within(result.erased, offset)) {
      if (flash[offset] !== 0xff) throw new Error(`not erased at ${offset}`);
    } else if (flash[offset] !== before[offset]) {
      throw new Error(`touched at ${offset}`);
    }
  }
}

async function expectRepair(rig: Rig): Promise<void> {
  const repaired = await rig.run(request(), {
    stop: new AbortController().signal,
    abort: new AbortController().signal,
  });
  expect(repaired).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
  expect(sameBytes(rig.board.flash.subarray(0, image.length), image)).toBe(true);
}

const indices = (count: number): number[] => [...Array(count).keys()];

describe('a flash that is cut off', () => {
  it.each(indices(blocks))('cable pulled while block %i is written', async (index) => {
    const fault: Fault = { kind: 'vanish', at: { what: 'block', index } };
    const rig = makeRig('nanovna-h', { faults: [fault] });
    const before = rig.board.flash.slice();
    const result = await rig.run(request());
    expect(result).toMatchObject({ outcome: 'interrupted', next: 'continue' });
    expect(result.inDoubt).toHaveLength(1);
    expectTruth(result, rig.board.flash, before, image);
    rig.port.replug();
    await expectRepair(rig);
  });

  it.each(indices(blocks))('cable pulled while sector %i is erased', async (index) => {
    const fault: Fault = { kind: 'vanish', at: { what: 'erase', index } };
    const rig = makeRig('nanovna-h', { faults: [fault] });
    const before = rig.board.flash.slice();
    const result = await rig.run(request());
    expect(result.outcome).toBe('interrupted');
    expect(result.content.kind).not.toBe('untouched');
    expectTruth(result, rig.board.flash, before, image);
    rig.port.replug();
    await expectRepair(rig);
  });

  it.each(indices(blocks))('stopped after block %i: nothing is in doubt', async (index) => {
    const rig = makeRig('nanovna-h');
    const before = rig.board.flash.slice();
    const result = await rig.run(request(), stopAt(rig, index, rig.stop));
    const last = index === blocks - 1;
    // After the last block there is no border left in the run: it is stopped while comparing.
    expect(result).toMatchObject({ outcome: 'interrupted', inDoubt: [] });
    expect(result.content.kind).toBe(last ? 'written' : 'partial');
    expectTruth(result, rig.board.flash, before, image);
    await expectRepair(rig);
  });

  it.each(indices(blocks - 1))('aborted after block %i: at most one block is in doubt', async (index) => {
    const rig = makeRig('nanovna-h');
    const before = rig.board.flash.slice();
    const result = await rig.run(request(), stopAt(rig, index, rig.abort));
    expect(result.outcome).toBe('interrupted');
    expect(result.inDoubt.length).toBeLessThanOrEqual(1);
    expectTruth(result, rig.board.flash, before, image);
    await expectRepair(rig);
  });

  it.each(['pulled', 'stopped'] as const)('%s while backing up: the board is unchanged', async (how) => {
    const faults: Fault[] = how === 'pulled' ? [{ kind: 'vanish', at: { what: 'upload', index: 20 } }] : [];
    const rig = makeRig('nanovna-h', { faults });
    const before = rig.board.flash.slice();
    const emit = (event: { type: string; step?: string }): void => {
      if (how === 'stopped' && event.type === 'progress' && event.step === 'back-up') rig.stop.abort();
    };
    const result = await rig.run(request(), { emit });
    expect(result).toMatchObject({
      outcome: how === 'pulled' ? 'failed' : 'cancelled',
      content: { kind: 'untouched' },
    });
    expect(result.backup).toBeUndefined();
    expect(sameBytes(rig.board.flash, before)).toBe(true);
    if (how === 'pulled') rig.port.replug();
    await expectRepair(rig);
  });

  it.each(indices(5))('plain DFU, cable pulled at block %i: written anew from the start', async (index) => {
    const bytes = program(64 * 5 - 3, 43);
    const rig = makeRig('plain-dfu', { faults: [{ kind: 'vanish', at: { what: 'block', index } }] });
    const plain = flashRequest([plainImage(bytes)]);
    const result = await rig.run(plain);
    expect(result).toMatchObject({ outcome: 'interrupted', next: 'rewrite' });
    rig.port.replug();
    const again = await rig.run(plain);
    expect(again).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(sameBytes(rig.board.flash.subarray(0, bytes.length), bytes)).toBe(true);
  });
});

/** Ends the job once so many blocks are acknowledged. */
function stopAt(
  rig: Rig,
  index: number,
  controller: AbortController,
): { emit: (event: { type: string; step?: string }) => void } {
  let armed = false;
  const check = (): void => {
    if (rig.board.statistics.blocks > index && !controller.signal.aborted) controller.abort();
    else if (armed && !controller.signal.aborted) rig.clock.after(5, check);
  };
  return {
    emit: (event) => {
      if (event.type !== 'step-started' || event.step !== 'write') return;
      armed = true;
      check();
    },
  };
}
