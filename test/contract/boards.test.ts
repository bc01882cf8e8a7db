// Boards as a page sees them: which they are, what a person says of them, what a hand does to a virtual one.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BenchAction } from '../../shared/bench-action.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { written } from '../support/profiles.ts';
import { program } from '../support/rig.ts';
import { carrierNames, serveOver } from './over-carriers.ts';
import { openImage, plugged, refused } from './page.ts';

const image = writeDfuse({
  ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff },
  targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes: program(90_000) }] }],
});

describe.each(carrierNames)('boards over %s', (name) => {
  const over = serveOver(name, {
    profiles: { 'acme-rocket.json': written, 'bad.json': { ...written, id: undefined } },
  });

  it('says what it is', async () => {
    expect(await over.client.app.report({})).toMatchObject({ version: 'test', platform: 'linux' });
    expect(await over.client.app.licences({})).toEqual([]);
  });

  it('lists the boards it knows, and what it passed over', async () => {
    const { profiles, problems } = await over.client.profiles.list({});
    const ids = profiles.map((profile) => profile.id);
    expect(ids.slice(0, -1)).toEqual(builtInProfiles.map((profile) => profile.id));
    expect(ids.at(-1)).toBe('acme-rocket');
    expect(problems).toEqual([{ file: 'bad.json', problems: [{ code: 'missing', path: 'id', params: {} }] }]);
  });

  it('watches boards come and go', async () => {
    const portPath = await plugged(over.client);
    const { boards } = await over.client.boards.list({});
    expect(boards.find((one) => one.portPath === portPath)).toMatchObject({
      virtual: true,
      mode: 'dfu',
      name: 'STM32F072',
    });
    await over.client.boards.unplugVirtual({ portPath });
    for await (const snapshot of await over.client.boards.watch({})) {
      if (!snapshot.boards.some((one) => one.portPath === portPath)) break;
    }
  });

  it('takes a person\u2019s word for which board it is, as far as it can be', async () => {
    const { portPath } = await over.client.boards.plugVirtual({ board: 'pytrack' });
    const shown = async () =>
      (await over.client.boards.list({})).boards.find((one) => one.portPath === portPath);
    await over.client.boards.refresh({});
    await expect
      .poll(async () => (await shown())?.candidates.map(({ profile }) => profile))
      .toEqual(['pycom-pytrack', 'pycom-pytrack-2x']);
    expect((await shown())?.state).toBe('application');
    expect((await shown())?.profile).toBeUndefined();
    await over.client.boards.tell({ portPath, profile: 'pycom-pytrack-2x' });
    expect(await shown()).toMatchObject({ profile: 'pycom-pytrack-2x', known: 'told', name: 'Pytrack 2X' });
    expect(await refused(over.client.boards.tell({ portPath, profile: 'nanovna-h' }))).toBe(
      'device.not-that-board',
    );
    expect(await refused(over.client.boards.tell({ portPath, profile: 'toaster' }))).toBe('api.unknown');
    expect(await refused(over.client.boards.tell({ portPath: 'virtual-99', profile: 'pycom-pytrack' }))).toBe(
      'api.unknown',
    );
    expect(await refused(over.client.boards.tell({ portPath, profile: '../x' }))).not.toBe('nothing');
    await over.client.boards.tell({ portPath });
    expect((await shown())?.profile).toBeUndefined();
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('plans for the board that it is said to be, and for no other', async () => {
    const portPath = await plugged(over.client);
    const id = await openImage(over.client, image);
    const plan = await over.client.jobs.plan({ portPath, images: [id], profile: 'nanovna-h' });
    expect(plan.board).toBe('NanoVNA or NanoVNA-H');
    expect(await refused(over.client.jobs.plan({ portPath, images: [id], profile: 'nanovna-h4' }))).toBe(
      'device.not-that-board',
    );
    await over.client.boards.tell({ portPath, profile: 'nanovna-h' });
    expect((await over.client.jobs.plan({ portPath, images: [id] })).hash).toBe(plan.hash);
    await over.client.images.close({ id });
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('a virtual board is moved by hand: laid down, held, plugged in, let go', async () => {
    const { portPath, controls } = await over.client.boards.plugVirtual({ board: 'pytrack', plugged: false });
    const button = { kind: 'button', name: 'MCLR button (S1)' };
    expect(controls).toEqual([{ ...button, held: false }]);
    const act = (action: BenchAction) => over.client.boards.act({ portPath, action });
    const ids = async (): Promise<string | undefined> =>
      (await over.client.boards.refresh({})).boards.find((one) => one.portPath === portPath)?.ids;
    expect(await ids()).toBeUndefined();
    const held = await act({ act: 'hold', control: button.name });
    expect(held).toEqual({ portPath, plugged: false, controls: [{ ...button, held: true }] });
    expect(await act({ act: 'plug' })).toMatchObject({ plugged: true });
    // What is in already cannot be plugged in: the button's second runs on.
    await act({ act: 'plug' });
    const end = performance.now() + 10_000;
    while ((await ids()) !== '04d8:f014' && performance.now() < end) await sleep(50);
    expect(await ids()).toBe('04d8:f014');
    await act({ act: 'let-go', control: button.name });
    await act({ act: 'unplug' });
    expect(await ids()).toBeUndefined();
    await over.client.boards.unplugVirtual({ portPath });
    // Taken away for good, it makes room, as others did before it.
    const next = await over.client.boards.plugVirtual({ board: 'plain-dfu' });
    expect(next).toMatchObject({ plugged: true, controls: [] });
    const hold = { portPath: next.portPath, action: { act: 'hold', control: 'S1' } } as const;
    expect(await refused(over.client.boards.act(hold))).toBe('api.unknown');
    await over.client.boards.unplugVirtual({ portPath: next.portPath });
  });
});
