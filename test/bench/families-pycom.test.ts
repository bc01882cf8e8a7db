// A Pytrack in its window: written, and judged by whether its program comes back (thread of "Error sending completion packet").
import { describe, expect, it } from 'vitest';
import { startWait } from '../../main/base/wait.ts';
import { pycomImage } from '../../main/bench/boards/pycom.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { readImage } from '../../main/images/registry.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import type { Result } from '../../shared/result.ts';
import { resultText } from '../../shared/text/results.ts';
import { flashRequest, makeRig, type Rig } from '../support/rig.ts';

type Options = NonNullable<Parameters<typeof makeRig>[1]>;
const button = 'MCLR button (S1)';
const accept = new Set(['unnamed-board'] as const);
/** USB shows the same for a Pytrack and a Pytrack 2X: somebody has said which it is. */
const selection = { waitMs: 0, profile: 'pycom-pytrack' };

function file(bytes: Uint8Array, name = 'pytrack_0.0.8.dfu'): FirmwareImage {
  return readImage(
    addDfuSuffix(bytes, { vendorId: 0x04d8, productId: 0xf014, bcdDevice: 0xffff }, 0x0100),
    name,
  );
}

const image = file(pycomImage(77));
const pause = (rig: Rig, ms: number): Promise<void> => new Promise((resolve) => rig.clock.after(ms, resolve));

async function caught(options: Options = {}): Promise<Rig> {
  const rig = makeRig('pytrack', options);
  const actions: BenchAction[] = [{ act: 'unplug' }, { act: 'hold', control: button }, { act: 'plug' }];
  for (const action of actions) rig.port.act(action);
  await pause(rig, 1_100);
  rig.port.act({ act: 'let-go', control: button });
  return rig;
}

async function flashed(options: Options = {}, images = [image]): Promise<{ rig: Rig; result: Result }> {
  const rig = await caught(options);
  return { rig, result: await rig.run(flashRequest(images, { selection, accept })) };
}

describe('a Pytrack', () => {
  it('is written, starts by itself when its window is over, and is seen', async () => {
    const { rig, result } = await flashed();
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' }, app: 'running' });
    expect(result.backup).toBeUndefined();
    expect(result.steps.find(({ step }) => step === 'back-up')?.reason).toBe('not-usual');
    expect(result.steps.find(({ step }) => step === 'leave')?.reason).toBe('starts-by-itself');
    expect([...rig.board.flash.subarray(1024)]).toEqual([...pycomImage(77).subarray(1024)]);
    expect(resultText(result).title).toMatch(/started again/);
    expect(result.afterSteps).toBeUndefined();
  });

  it('that is gone at the closing request is done when its program comes back', async () => {
    const { result } = await flashed({ closing: 'gone' });
    expect(result).toMatchObject({
      outcome: 'done',
      content: { kind: 'written' },
      app: 'running',
      leftEarly: true,
      inDoubt: [],
    });
    expect(resultText(result).title).toMatch(/went before its last answer, and started again/);
  });

  it('that refuses the closing request and stays is judged by its program, which comes when the window is over', async () => {
    const { rig, result } = await flashed({ closing: 'refused' });
    expect(result).toMatchObject({
      outcome: 'done',
      content: { kind: 'written' },
      app: 'running',
      inDoubt: [],
    });
    expect([...rig.board.flash.subarray(1024)]).toEqual([...pycomImage(77).subarray(1024)]);
  });

  it('that is gone at the closing request and does not come back is said to be so', async () => {
    const rig = await caught({ closing: 'gone' });
    const running = rig.run(flashRequest([image], { selection, accept }), {
      emit(event) {
        rig.events.push(event);
        if (event.type === 'waiting' && event.for === 'return') rig.port.act({ act: 'unplug' });
      },
    });
    const result = await running;
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' }, app: 'not-seen' });
    expect(resultText(result).title).toMatch(/has not started again yet/);
    expect(resultText(result).advice).toMatch(/Unplug it and plug it in again/);
  });

  it('with a bad image stays in flash mode, and takes a good one there', async () => {
    const bad = pycomImage(78);
    bad[5_000] = (bad[5_000] ?? 0) ^ 1;
    const { rig, result } = await flashed({}, [file(bad)]);
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' }, app: 'not-seen' });
    expect(result.afterSteps).toEqual([{ code: 'replug' }, { code: 'still-in-flash-mode' }]);
    expect(resultText(result).advice).toMatch(/Nothing is lost/);
    const again = await rig.run(flashRequest([image], { selection, accept }));
    // It looks at what is on it when power comes, and not before.
    expect(again).toMatchObject({ outcome: 'done', content: { kind: 'written' } });
    rig.port.replug();
    const [facts] = await rig.bench.bus.list(startWait(rig.clock, 1_000));
    expect(facts?.productId).toBe(0xf013);
  });

  it('whose window ends half-way is interrupted, not done', async () => {
    const { result } = await flashed({ faults: [{ kind: 'vanish', at: { what: 'byte', index: 4_000 } }] });
    expect(result.outcome).toBe('interrupted');
    expect(result.content.kind).toBe('partial');
    expect(result.next).toBe('rewrite');
  });

  it('gets no file of another size', async () => {
    const { result } = await flashed({}, [file(pycomImage(77).subarray(0, 16_320))]);
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'plan.wrong-size' } });
  });

  it('is backed up where the person insists', async () => {
    const rig = await caught();
    const result = await rig.run(flashRequest([image], { selection, accept, insistOnBackup: true }));
    expect(result.backup?.bytes).toBe(16_384 + 16);
    expect(result).toMatchObject({ outcome: 'done', app: 'running' });
  });
});
