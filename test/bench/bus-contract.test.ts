// The seam's contract, kept by the in-process door: what ends a transfer, and with which error.
import { describe, expect, it } from 'vitest';
import { startWait } from '../../main/base/wait.ts';
import { makeRig } from '../support/rig.ts';
import type { ControlSetup, UsbDevice } from '../../main/transports/usb/usb-device.ts';

const getStatus: ControlSetup = { type: 'class', recipient: 'interface', request: 3, value: 0, index: 0 };

async function opened(
  faults: Parameters<typeof makeRig>[1] = {},
): Promise<{ rig: ReturnType<typeof makeRig>; device: UsbDevice }> {
  const rig = makeRig('nanovna-h', faults);
  const wait = startWait(rig.clock, 10_000);
  const [facts] = await rig.bench.bus.list(wait);
  if (facts === undefined) throw new Error('no board');
  const device = await rig.bench.bus.open(facts, wait);
  await device.claim(0, wait);
  return { rig, device };
}

const held = { faults: [{ kind: 'nak' as const, request: 3, index: 0 }] };

describe('the in-process bus', () => {
  it('ends a held transfer at its deadline, and goes on afterwards', async () => {
    const { rig, device } = await opened(held);
    await expect(device.controlIn(getStatus, 6, startWait(rig.clock, 300))).rejects.toMatchObject({
      code: 'usb.timeout',
    });
    expect(rig.clock.now()).toBeLessThan(400);
    expect(await device.controlIn(getStatus, 6, startWait(rig.clock, 300))).toHaveLength(6);
  });

  it('ends a held transfer at its signal', async () => {
    const { rig, device } = await opened(held);
    const abort = new AbortController();
    rig.clock.after(50, () => abort.abort());
    const wait = startWait(rig.clock, 5_000, abort.signal);
    await expect(device.controlIn(getStatus, 6, wait)).rejects.toMatchObject({ code: 'job.aborted' });
    expect(rig.clock.now()).toBeLessThan(100);
  });

  it('says gone to what is pending and to what comes later', async () => {
    const { rig, device } = await opened(held);
    rig.clock.after(20, () => rig.port.unplug());
    const wait = startWait(rig.clock, 5_000);
    await expect(device.controlIn(getStatus, 6, wait)).rejects.toMatchObject({ code: 'usb.gone' });
    await expect(device.controlIn(getStatus, 6, wait)).rejects.toMatchObject({ code: 'usb.gone' });
    await device[Symbol.asyncDispose]();
  });

  it('refuses a handle of an earlier arrival, a second claim, and too long a transfer', async () => {
    const { rig, device } = await opened();
    const wait = startWait(rig.clock, 5_000);
    const second = await rig.bench.bus.open(device.facts, wait);
    await expect(second.claim(0, wait)).rejects.toMatchObject({ code: 'usb.busy' });
    await expect(device.controlIn(getStatus, 4097, wait)).rejects.toMatchObject({ code: 'usb.too-long' });
    await device[Symbol.asyncDispose]();
    await second.claim(0, wait);
    rig.port.replug();
    await expect(rig.bench.bus.open(device.facts, wait)).rejects.toMatchObject({ code: 'usb.stale-handle' });
  });
});

describe('a reset of the port', () => {
  const detach: ControlSetup = { ...getStatus, request: 0, value: 1_000 };

  it.each([
    ['linux', false],
    ['darwin', false],
    ['win32', true],
  ] as const)('on %s says whether the handle is still good', async (platform, good) => {
    const rig = makeRig('runtime-dfu', { willDetach: false }, { platform });
    const wait = startWait(rig.clock, 10_000);
    const [facts] = await rig.bench.bus.list(wait);
    if (facts === undefined) throw new Error('no board');
    const device = await rig.bench.bus.open(facts, wait);
    await device.claim(1, wait);
    await device.controlOut({ ...detach, index: 1 }, new Uint8Array(), wait);
    expect(await device.reset(wait)).toBe(good);
    rig.clock.after(2_000, () => undefined);
    await new Promise<void>((resolve) => rig.clock.after(1_500, resolve));
    expect((await rig.bench.bus.list(wait))[0]?.generation).toBe(good ? 1 : 2);
  });

  it('ends at its deadline and its signal, and says gone without a board', async () => {
    const { rig, device } = await opened();
    await expect(device.reset(startWait(rig.clock, 5))).rejects.toMatchObject({ code: 'usb.timeout' });
    const aborted = startWait(rig.clock, 5_000, AbortSignal.abort());
    await expect(device.reset(aborted)).rejects.toMatchObject({ code: 'job.aborted' });
    rig.port.unplug();
    await expect(device.reset(startWait(rig.clock, 5_000))).rejects.toMatchObject({ code: 'usb.gone' });
  });
});

describe('time on the wire', () => {
  it('costs what it is set to, and a transfer taken back before it began reaches no board', async () => {
    for (const transferMs of [0, 1, 4]) {
      const { rig, device } = await opened({ busy: 'nak' });
      const slow = makeRig('nanovna-h', {}, { transferMs });
      const wait = startWait(slow.clock, 5_000);
      const [facts] = await slow.bench.bus.list(wait);
      if (facts === undefined) throw new Error('no board');
      const other = await slow.bench.bus.open(facts, wait);
      for (let asked = 0; asked < 3; asked++) await other.controlIn(getStatus, 6, wait);
      expect(slow.clock.now()).toBe(3 * transferMs);
      const early = device.controlIn(getStatus, 6, startWait(rig.clock, 0.5));
      await expect(early).rejects.toMatchObject({ code: 'usb.timeout' });
      expect(rig.board.statistics.getStatus).toBe(0);
    }
  });

  it('a deadline that never comes is no deadline', async () => {
    const { rig, device } = await opened();
    const wait = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY };
    expect(await device.controlIn(getStatus, 6, wait)).toHaveLength(6);
    expect(rig.clock.now()).toBe(1);
  });
});
