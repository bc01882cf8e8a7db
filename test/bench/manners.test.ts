// How we treat a board while it works, counted on the simulated clock at 1 ms a transfer: idle time, GETSTATUS a block,
// addresses set (floor plan: at most 5 % idle, at most 6 GETSTATUS, no address inside a run).
import { describe, expect, it } from 'vitest';
import { dfuseImage, flashRequest, makeRig, plainImage, program } from '../support/rig.ts';

const start = 0x08000000;

describe('writing without waste', () => {
  it.each([
    ['nanovna-h', 'nak'],
    ['nanovna-h', 'report'],
    ['stm32f405', 'nak'],
    ['stm32f405', 'report'],
  ] as const)('%s, busy told by %s', async (name, busy) => {
    const rig = makeRig(name, { busy });
    const bytes = program(90 * 1024);
    let addressesBefore = 0;
    const emit = (event: { type: string; step?: string }): void => {
      if (event.type === 'step-started' && event.step === 'write')
        addressesBefore = rig.board.statistics.setAddress;
    };
    const options = { backup: false, full: true, verify: false, leave: false };
    const result = await rig.run(flashRequest([dfuseImage([{ address: start, bytes }])], options), { emit });
    expect(result.content.kind).toBe('written');
    const { statistics } = rig.board;
    const worked = result.steps.filter((step) => step.step === 'write' || step.step === 'erase');
    const took = worked.reduce((sum, step) => sum + step.durationMs, 0);
    const transfers = statistics.getStatus + statistics.download;
    // In the held-answer manner the board's work passes inside a transfer.
    const idle = took - statistics.busyMs - transfers;
    expect(statistics.mostStatusPerBlock).toBeLessThanOrEqual(6);
    expect(statistics.setAddress - addressesBefore).toBe(1);
    expect(idle / (statistics.busyMs + transfers)).toBeLessThanOrEqual(0.05);
  });

  it('a board that stalls while busy is obeyed from then on, and still flashed', async () => {
    const rig = makeRig('nanovna-h', { busy: 'stall' });
    const result = await rig.run(flashRequest([dfuseImage([{ address: start, bytes: program(20_000) }])]));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(rig.services.pollMemory.size).toBe(1);
  });

  it('flashing the same again costs no more than reading it', async () => {
    const rig = makeRig('nanovna-h');
    const request = flashRequest([dfuseImage([{ address: start, bytes: program(60_000) }])], {
      backup: false,
      leave: false,
    });
    await rig.run(request);
    const before = { ...rig.board.statistics };
    const again = await rig.run(request);
    const uploads = rig.board.statistics.upload - before.upload;
    expect(rig.board.statistics.download - before.download).toBeLessThan(10);
    // 1 ms an upload, and a handful of requests around them.
    expect(again.durationMs).toBeLessThan(uploads + 40);
  });
});

describe('a board that cannot be made to leave', () => {
  it('is not said to have been sent off', async () => {
    const rig = makeRig('plain-dfu');
    const result = await rig.run(flashRequest([plainImage(program(3_000))]));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, app: 'not-expected' });
    const leave = result.steps.find(({ step }) => step === 'leave');
    expect(leave).toMatchObject({ state: 'skipped', reason: 'stays-in-flash-mode' });
  });
});
