// One contract, three carriers: everything the page may ask, and the bad days of each.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type StudioClient } from '../../renderer/client/connect.ts';
import { watchJobs } from '../../renderer/client/watch-jobs.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import { writeIntelHex } from '../../main/images/formats/ihex-write.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { written } from '../support/profiles.ts';
import { program } from '../support/rig.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { openImage, plugged, refused, untilEnded } from './page.ts';
import { carriers, makeStudio, type Carrier, type StudioRig } from './studio-rig.ts';

const image = writeDfuse({
  ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff },
  targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes: program(90_000) }] }],
});

/** Intel HEX with a gap: a program, and behind it a text, once as ASCII and once as UTF-16. */
function twoParts(): Uint8Array {
  const words = new Uint8Array(40);
  words.set(new TextEncoder().encode('Needle'));
  words.set(new TextEncoder().encode('N\0e\0e\0d\0l\0e\0'), 20);
  return writeIntelHex([
    { start: 0x08000000, bytes: program(100_000) },
    { start: 0x08020000, bytes: words },
  ]);
}

describe.each(Object.keys(carriers) as (keyof typeof carriers)[])('over %s', (name) => {
  let rig: StudioRig;
  let carrier: Carrier;
  let client: StudioClient;
  beforeAll(async () => {
    rig = await makeStudio({
      profiles: { 'acme-rocket.json': written, 'bad.json': { ...written, id: undefined } },
    });
    carrier = await carriers[name](rig.studio);
    client = connect(await carrier.page());
  });
  afterAll(async () => {
    await carrier[Symbol.asyncDispose]();
    await rig[Symbol.asyncDispose]();
  });

  it('says what it is', async () => {
    expect(await client.app.report({})).toMatchObject({ version: 'test', platform: 'linux' });
    expect(await client.app.licences({})).toEqual([]);
  });

  it('lists the boards it knows, and what it passed over', async () => {
    const { profiles, problems } = await client.profiles.list({});
    const ids = profiles.map((profile) => profile.id);
    expect(ids.slice(0, -1)).toEqual(builtInProfiles.map((profile) => profile.id));
    expect(ids.at(-1)).toBe('acme-rocket');
    expect(problems).toEqual([{ file: 'bad.json', problems: [{ code: 'missing', path: 'id', params: {} }] }]);
  });

  it('watches boards come and go', async () => {
    const portPath = await plugged(client);
    const { boards } = await client.boards.list({});
    expect(boards.find((one) => one.portPath === portPath)).toMatchObject({
      virtual: true,
      mode: 'dfu',
      name: 'STM32F072',
    });
    await client.boards.unplugVirtual({ portPath });
    for await (const snapshot of await client.boards.watch({})) {
      if (!snapshot.boards.some((one) => one.portPath === portPath)) break;
    }
  });

  it('takes a person\u2019s word for which board it is, as far as it can be', async () => {
    const { portPath } = await client.boards.plugVirtual({ board: 'pytrack' });
    const shown = async () => (await client.boards.list({})).boards.find((one) => one.portPath === portPath);
    await client.boards.refresh({});
    await expect
      .poll(async () => (await shown())?.candidates.map(({ profile }) => profile))
      .toEqual(['pycom-pytrack', 'pycom-pytrack-2x']);
    expect((await shown())?.state).toBe('application');
    expect((await shown())?.profile).toBeUndefined();
    await client.boards.tell({ portPath, profile: 'pycom-pytrack-2x' });
    expect(await shown()).toMatchObject({ profile: 'pycom-pytrack-2x', known: 'told', name: 'Pytrack 2X' });
    expect(await refused(client.boards.tell({ portPath, profile: 'nanovna-h' }))).toBe(
      'device.not-that-board',
    );
    expect(await refused(client.boards.tell({ portPath, profile: 'toaster' }))).toBe('api.unknown');
    expect(await refused(client.boards.tell({ portPath: 'virtual-99', profile: 'pycom-pytrack' }))).toBe(
      'api.unknown',
    );
    expect(await refused(client.boards.tell({ portPath, profile: '../x' }))).not.toBe('nothing');
    await client.boards.tell({ portPath });
    expect((await shown())?.profile).toBeUndefined();
    await client.boards.unplugVirtual({ portPath });
  });

  it('plans for the board that it is said to be, and for no other', async () => {
    const portPath = await plugged(client);
    const id = await openImage(client, image);
    const plan = await client.jobs.plan({ portPath, images: [id], profile: 'nanovna-h' });
    expect(plan.board).toBe('NanoVNA or NanoVNA-H');
    expect(await refused(client.jobs.plan({ portPath, images: [id], profile: 'nanovna-h4' }))).toBe(
      'device.not-that-board',
    );
    await client.boards.tell({ portPath, profile: 'nanovna-h' });
    expect((await client.jobs.plan({ portPath, images: [id] })).hash).toBe(plan.hash);
    await client.images.close({ id });
    await client.boards.unplugVirtual({ portPath });
  });

  it('plans, flashes as planned, and tells it in whole snapshots', async () => {
    const portPath = await plugged(client);
    const id = await openImage(client, image);
    expect(await client.images.inspect({ id })).toMatchObject({ format: 'dfuse', ids: '0483:df11' });
    const plan = await client.jobs.plan({ portPath, images: [id] });
    expect(plan.refusals).toEqual([]);
    const job = await client.jobs.flash({ portPath, images: [id], confirmed: plan.hash });
    const ended = await untilEnded(client, job.id);
    expect(ended.result).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, app: 'running' });
    expect(ended.steps.find(({ step }) => step === 'write')).toMatchObject({ state: 'done' });
    expect(ended.backup?.path).toContain('virtual-stm32f072-');
    await client.images.close({ id });
    await client.jobs.dismiss({ id: job.id });
    await client.boards.unplugVirtual({ portPath });
  });

  it('does a stopped job again, once its board is back, without asking twice', async () => {
    const portPath = await plugged(client);
    const id = await openImage(client, image);
    const plan = await client.jobs.plan({ portPath, images: [id] });
    await client.boards.unplugVirtual({ portPath });
    const gone = await client.jobs.flash({ portPath, images: [id], confirmed: plan.hash });
    expect((await untilEnded(client, gone.id)).result?.error?.code).toBe('device.none');
    // The page that sent the file may be gone by now.
    await client.images.close({ id });
    const again = await client.jobs.again({ id: gone.id });
    expect(await refused(client.jobs.again({ id: again.id }))).toBe('device.locked');
    expect(await plugged(client)).toBe(portPath);
    expect((await untilEnded(client, again.id)).result).toMatchObject({ content: { kind: 'verified' } });
    expect(await refused(client.jobs.again({ id: gone.id }))).toBe('api.unknown');
    await client.jobs.dismiss({ id: again.id });
    expect(await refused(client.jobs.again({ id: again.id }))).toBe('api.unknown');
    await client.boards.unplugVirtual({ portPath });
  });

  it('waits for a board of a profile, shows what the hand is to do, hears it, and flashes it once it is there', async () => {
    const id = await openImage(client, image);
    const portPath = await plugged(client);
    await client.boards.unplugVirtual({ portPath });
    const plan = await client.jobs.planForBoard({ profile: 'nanovna-h', images: [id], portPath });
    expect(plan).toMatchObject({ board: expect.stringContaining('NanoVNA-H') as string, portPath: 'none' });
    expect(plan.refusals).toEqual([]);
    expect(await refused(client.jobs.planForBoard({ profile: 'nobody', images: [id] }))).toBe('api.unknown');
    expect(await refused(client.jobs.guide({ id: 'job-999', say: 'done' }))).toBe('api.unknown');
    // These bytes name no board: that is asked before anybody holds a button.
    expect(plan.questions.map((question) => question.id)).toEqual(['file-names-no-board', 'confirm']);
    const job = await client.jobs.arm({
      profile: 'nanovna-h',
      images: [id],
      portPath,
      confirmed: plan.hash,
      agreed: ['file-names-no-board'],
    });
    for await (const jobs of watchJobs(client)) {
      const guide = jobs.find((one) => one.id === job.id)?.guide;
      if (guide === undefined) continue;
      expect(guide).toMatchObject({ board: plan.board, caught: false, tries: 1 });
      break;
    }
    await client.jobs.guide({ id: job.id, say: 'done' });
    expect(await client.boards.plugVirtual({ board: 'nanovna-h' })).toMatchObject({ portPath });
    const ended = await untilEnded(client, job.id);
    expect(ended).toMatchObject({ portPath, result: { outcome: 'done', content: { kind: 'verified' } } });
    await client.images.close({ id });
    await client.jobs.dismiss({ id: job.id });
    await client.boards.unplugVirtual({ portPath });
  });

  it('flashes many boards with one recipe, and leaves the one whose plan was not confirmed', async () => {
    // Boards of which nothing is remembered: what is known of one may change the plan, and then it asks again.
    const kind = 'stm32f405';
    const ports = [await plugged(client, kind), await plugged(client, kind), await plugged(client, kind)];
    const id = await openImage(client, image);
    const hashes = await Promise.all(
      ports.map(async (portPath) => (await client.jobs.plan({ portPath, images: [id], backup: false })).hash),
    );
    const boards = ports.map((portPath, index) => ({ portPath, confirmed: hashes[index] ?? '' }));
    const [first, second, third] = boards;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no boards');
    const asked = [first, second, { ...third, confirmed: '0'.repeat(64) }];
    const { batch } = await client.jobs.flashAll({ images: [id], backup: false, boards: asked });
    const ended = async () => {
      for await (const all of await client.jobs.watchBatches({})) {
        const mine = all.find((one) => one.id === batch);
        if (mine?.state === 'ended') return mine;
      }
      throw new Error('the watch has ended');
    };
    const one = await ended();
    expect(one.counts, JSON.stringify(one.units)).toEqual({ running: 0, done: 2, failed: 0, left: 1 });
    expect(await client.jobs.retryFailed({ batch, boards: [third] })).toEqual({ retried: 1 });
    expect((await ended()).counts).toEqual({ running: 0, done: 3, failed: 0, left: 0 });
    expect(await refused(client.jobs.stopBatch({ batch: 'batch-99' }))).toBe('api.unknown');
    // Which boards it is about was settled when it was made.
    expect(await refused(client.jobs.stopBatchAfter({ batch, count: 9 }))).toBe('api.unknown');
    expect(await refused(client.jobs.nextLike({ id: 'job-999' }))).toBe('api.unknown');
    const { piece, next } = await client.jobs.batchTable({ batch });
    expect(next).toBeUndefined();
    // The third had two turns: a row each.
    expect((await piece.text()).trimEnd().split('\r\n')).toHaveLength(1 + 4);
    const twice = client.jobs.flashAll({ images: [id], boards: [first, first] });
    await expect(twice).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await client.images.close({ id });
    for (const portPath of ports) await client.boards.unplugVirtual({ portPath });
  });

  it('waits for the next boards, until it is told to stop', async () => {
    const id = await openImage(client, image);
    const recipe = { images: [id], profile: 'nanovna-h', backup: false };
    const plan = await client.jobs.planForBoard(recipe);
    const agreed = plan.questions.map((question) => question.id);
    const { batch } = await client.jobs.armNext({ ...recipe, confirmed: plan.hash, agreed, stopAfter: 3 });
    let stopped = false;
    for await (const all of await client.jobs.watchBatches({})) {
      const mine = all.find((one) => one.id === batch);
      expect(mine).toMatchObject({ kind: 'next', wanted: 3, profile: 'nanovna-h' });
      expect(mine?.problem).toBeUndefined();
      if (mine?.state === 'ended') break;
      if (!stopped) await client.jobs.stopBatch({ batch });
      stopped = true;
    }
    await client.images.close({ id });
  });

  it('pauses, goes on, changes the order, and says how many may run', async () => {
    for (const call of ['pause', 'resume', 'move'] as const)
      expect(await refused(client.jobs[call]({ id: 'job-999' }))).toBe('api.unknown');
    await client.settings.change({ runningAtOnce: 2 });
    for await (const { queue } of await client.jobs.watch({})) {
      if (queue?.runningAtOnce === 2) break;
    }
    await expect(client.settings.change({ runningAtOnce: 0 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await client.settings.change({ runningAtOnce: 16 });
  });

  it('shows bytes of an image, finds what stands in it, and tells how another differs', async () => {
    const id = await openImage(client, twoParts(), 'two.hex');
    const report = await client.images.inspect({ id });
    expect(report.parts.map(({ address, bytes }) => [address, bytes])).toEqual([
      [0x08000000, 100_000],
      [0x08020000, 40],
    ]);
    const read = async (part: number, offset: number, length: number): Promise<Uint8Array> =>
      new Uint8Array(await (await client.images.bytes({ id, part, offset, length })).arrayBuffer());
    expect(await read(0, 60_000, 65_536)).toEqual(program(100_000).subarray(60_000));
    expect(await read(1, 0, 5)).toEqual(new TextEncoder().encode('Needl'));
    expect((await read(1, 40, 16)).length).toBe(0);

    const text = { kind: 'text', value: 'Needle' } as const;
    expect(await client.images.find({ id, what: text })).toEqual({ part: 1, offset: 0, bytes: 6 });
    expect(await client.images.find({ id, what: text, from: { part: 1, offset: 1 } })).toEqual({
      part: 1,
      offset: 20,
      bytes: 12,
    });
    expect(await client.images.find({ id, what: text, from: { part: 1, offset: 21 } })).toBeUndefined();
    const hex = { kind: 'hex', value: '4e 65 65 64' } as const;
    expect(await client.images.find({ id, what: hex })).toEqual({ part: 1, offset: 0, bytes: 4 });

    const changed = program(100_000);
    changed[70_000] = (changed[70_000] ?? 0) ^ 1;
    const raw = await openImage(client, changed, 'changed.bin');
    expect(await client.images.compare({ id, withId: raw })).toEqual({
      changed: [{ start: 0x08000000 + 70_000, end: 0x08000000 + 70_001 }],
      onlyFirst: [{ start: 0x08020000, end: 0x08020028 }],
      onlySecond: [],
      more: false,
      shift: 0x08000000,
    });
    expect(await client.images.compare({ id: raw, withId: id })).toMatchObject({
      changed: [{ start: 70_000, end: 70_001 }],
      onlySecond: [{ start: 0x20000, end: 0x20028 }],
      shift: -0x08000000,
    });
    await client.images.close({ id });
    await client.images.close({ id: raw });
    expect(await refused(client.images.bytes({ id, part: 0, offset: 0, length: 1 }))).toBe('api.unknown');
  });

  it('checks a file against a chip without a board', async () => {
    const chips = await client.jobs.chips({});
    expect(chips.find(({ slug }) => slug === 'stm32f072')).toMatchObject({
      name: 'STM32F072',
      runs: [{ start: 0x08000000, sectorSize: 2048, count: 64 }],
    });
    const id = await openImage(client, program(200_000), 'large.bin');
    const { checks } = await client.jobs.planForChip({
      chip: 'stm32f072',
      images: [id],
      address: 0x08000000,
    });
    expect(checks.find(({ verdict }) => verdict === 'refuse')?.id).toBe('fits');
    expect(await refused(client.jobs.planForChip({ chip: 'z80', images: [id] }))).toBe('api.unknown');
    await client.images.close({ id });
  });

  it('asks again when the plan is not the one that was confirmed, and takes no for an answer', async () => {
    const portPath = await plugged(client, 'stm32f405');
    const id = await openImage(client, image);
    const job = await client.jobs.flash({ portPath, images: [id], confirmed: '0'.repeat(64) });
    let ended: JobSnapshot | undefined;
    for await (const jobs of watchJobs(client)) {
      ended = jobs.find((one) => one.id === job.id);
      if (ended?.result !== undefined) break;
      if (ended?.question?.id !== 'confirm') continue;
      expect(await refused(client.jobs.answer({ id: job.id, question: 'write-as-raw', answer: true }))).toBe(
        'api.unknown',
      );
      await client.jobs.answer({ id: job.id, question: 'confirm', answer: false });
    }
    expect(ended?.result).toMatchObject({
      outcome: 'cancelled',
      content: { kind: 'untouched' },
    });
    // One watch saw it come and go: that a field is empty again has to cross, too.
    expect(ended?.question).toBeUndefined();
    await client.boards.unplugVirtual({ portPath });
  });

  it('keeps settings, and tells every page', async () => {
    const other = connect(await carrier.page());
    const seen = (async () => {
      for await (const settings of await other.settings.watch({})) {
        if (settings.theme === 'dark') return settings;
      }
      return undefined;
    })();
    // Two at once, as two quick clicks or two pages send them: neither undoes the other.
    await Promise.all([
      other.settings.change({ backup: 'never' }),
      client.settings.change({ welcomed: true }),
    ]);
    await client.settings.change({ theme: 'dark' });
    expect(await seen).toMatchObject({ theme: 'dark', welcomed: true, backup: 'never' });
  });

  it('a virtual board is moved by hand: laid down, held, plugged in, let go', async () => {
    const { portPath, controls } = await client.boards.plugVirtual({ board: 'pytrack', plugged: false });
    const button = { kind: 'button', name: 'MCLR button (S1)' };
    expect(controls).toEqual([{ ...button, held: false }]);
    const act = (action: BenchAction) => client.boards.act({ portPath, action });
    const ids = async (): Promise<string | undefined> =>
      (await client.boards.refresh({})).boards.find((one) => one.portPath === portPath)?.ids;
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
    await client.boards.unplugVirtual({ portPath });
    // Taken away for good, it makes room, as others did before it.
    const next = await client.boards.plugVirtual({ board: 'plain-dfu' });
    expect(next).toMatchObject({ plugged: true, controls: [] });
    const hold = { portPath: next.portPath, action: { act: 'hold', control: 'S1' } } as const;
    expect(await refused(client.boards.act(hold))).toBe('api.unknown');
    await client.boards.unplugVirtual({ portPath: next.portPath });
  });

  it.each([
    ['a job there is not', () => client.jobs.cancel({ id: 'job-999', how: 'stop' }), 'api.unknown'],
    ['an image there is not', () => client.images.inspect({ id: 'image-999' }), 'api.unknown'],
    [
      'a hand on a board there is not',
      () => client.boards.act({ portPath: '9-9', action: { act: 'plug' } }),
      'api.unknown',
    ],
    ['a board nobody makes', () => client.boards.plugVirtual({ board: 'toaster' }), 'api.unknown'],
    [
      'a backup outside the folder',
      () => client.backups.open({ id: '..-20261121T000000Z-000000000000.dfu' }),
      'api.unknown',
    ],
    [
      'a part there is not',
      async () => {
        const id = await openImage(client, program(10), 'ten.bin');
        await client.images.bytes({ id, part: 1, offset: 0, length: 1 });
      },
      'api.unknown',
    ],
    ['what the shell cannot do', () => client.app.openLogFolder({}), 'api.unknown'],
  ])('refuses %s in words', async (_what, call, code) => {
    expect(await refused(call())).toBe(code);
  });

  it.each([
    ['a path as a backup', () => client.backups.open({ id: '../../etc/passwd' })],
    ['a file larger than any', () => client.images.begin({ name: 'x', bytes: 2 ** 40 })],
    ['a surplus field', () => client.jobs.backUp({ portPath: '1-1', extra: 1 } as never)],
    [
      'more bytes at a time than are shown',
      () => client.images.bytes({ id: 'image-1', part: 0, offset: 0, length: 65_537 }),
    ],
    ['half a byte', () => client.images.find({ id: 'image-1', what: { kind: 'hex', value: '4e6' } })],
    ['a search for nothing', () => client.images.find({ id: 'image-1', what: { kind: 'text', value: '' } })],
    [
      'a chunk over its limit',
      () => client.images.append({ id: 'image-1', offset: 0, chunk: new Blob([new Uint8Array(300_000)]) }),
    ],
  ])('never lets in %s', async (_what, call) => {
    await expect(call()).rejects.toThrow(/validation/i);
  });

  it('holds only so many files open', async () => {
    const other = connect(await carrier.page());
    for (let i = 0; i < 8; i++) await other.images.begin({ name: `${i}`, bytes: 10 });
    expect(await refused(other.images.begin({ name: '9', bytes: 10 }))).toBe('api.limit');
  });

  it('pieces out of order, missing or too many are told, and nothing is made of them', async () => {
    const { id } = await client.images.begin({ name: 'x', bytes: 10 });
    expect(await refused(client.images.append({ id, offset: 5, chunk: new Blob(['12345']) }))).toBe(
      'api.out-of-order',
    );
    expect(await refused(client.images.inspect({ id }))).toBe('api.out-of-order');
    expect(await refused(client.images.append({ id, offset: 0, chunk: new Blob(['12345678901']) }))).toBe(
      'api.out-of-order',
    );
    await client.images.close({ id });
  });

  it('a watch ends when the page has enough of it', async () => {
    const controller = new AbortController();
    const watch = await client.jobs.watch({}, { signal: controller.signal });
    await watch.next();
    controller.abort();
    await expect(watch.next()).rejects.toThrow();
    // The connection goes on.
    expect((await client.app.report({})).version).toBe('test');
  });

  it('a page that goes takes no job with it', async () => {
    const portPath = await plugged(client, 'stm32f405');
    const channel = await carrier.page();
    const leaving = connect(channel);
    const { id } = await leaving.jobs.backUp({ portPath });
    channel.close();
    expect((await untilEnded(client, id)).result).toMatchObject({ outcome: 'done' });
    await client.boards.unplugVirtual({ portPath });
  });

  it.each([
    ['what is no JSON', '{"i":'],
    ['a frame of bytes that mean nothing', new Uint8Array([0xff, 1, 2, 3])],
    ['JSON that is no call', '[1,2,3]'],
    ['an acknowledgement of what was never sent', 'ack:99999'],
    ['a frame that is too long', `{"i":"1","p":"${'x'.repeat(1_100_000)}"}`],
  ])('lets a page go that sends %s, and serves the others', async (_what, frame) => {
    const channel = await carrier.page();
    const gone = new Promise<void>((resolve) => channel.onClose(resolve));
    channel.post(frame);
    await gone;
    expect((await client.app.report({})).version).toBe('test');
  });

  it('answers a method there is not with an error, and goes on', async () => {
    const nothing = (client as unknown as { jobs: { explode(input: object): Promise<void> } }).jobs.explode(
      {},
    );
    await expect(nothing).rejects.toThrow();
    expect((await client.app.report({})).version).toBe('test');
  });

  it('lets a page go that makes too many calls at once', async () => {
    const channel = await carrier.page();
    const gone = new Promise<void>((resolve) => channel.onClose(resolve));
    const greedy = connect(channel);
    for (let i = 0; i < 80; i++) {
      void greedy.jobs.watch({}).then(
        () => undefined,
        () => undefined,
      );
    }
    await gone;
    expect((await client.app.report({})).version).toBe('test');
  });

  it('a page that never reads costs little and is let go, and jobs go on unharmed', async () => {
    const channel = await carrier.page();
    const gone = new Promise<void>((resolve) => channel.onClose(resolve));
    let received = 0;
    channel.onFrame((frame) => (received += frame.length));
    // Answers of 256 KiB, never acknowledged: after 1 MiB the core must stop and wait, then give up.
    const { backups } = await client.backups.list({});
    const id = backups[0]?.id ?? '';
    for (let i = 0; i < 40; i++) {
      const call = { u: 'http://orpc/backups/read', b: { json: { id, offset: 0 } } };
      channel.post(JSON.stringify({ i: String(i), p: call }));
    }
    const started = performance.now();
    await gone;
    expect(performance.now() - started).toBeGreaterThan(2_000);
    expect(received).toBeLessThan(2_500_000);
    expect((await client.app.report({})).version).toBe('test');
  }, 60_000);

  it('no more than ten snapshots a second, and every change of state', async () => {
    const slow = await makeStudio({ timeScale: 0.05 });
    const itsCarrier = await carriers[name](slow.studio);
    const page = connect(await itsCarrier.page());
    const portPath = await plugged(page);
    const file = await openImage(page, image);
    const plan = await page.jobs.plan({ portPath, images: [file] });
    const { id } = await page.jobs.flash({ portPath, images: [file], confirmed: plan.hash });
    const states = new Set<string>();
    let counted = 0;
    let before = '';
    const started = performance.now();
    for await (const jobs of watchJobs(page)) {
      const job = jobs.find((one) => one.id === id);
      if (job === undefined) continue;
      const steps = job.steps.map((step) => step.state);
      const state = JSON.stringify({ ...job, rates: [], timeLeftMs: 0, steps });
      for (const step of job.steps) states.add(`${step.step} ${step.state}`);
      // Snapshots in which only numbers moved.
      if (state === before) counted++;
      before = state;
      if (job.result !== undefined) break;
    }
    expect(states).toContain('write running');
    expect(states).toContain('verify running');
    expect(states).toContain('confirm done');
    // Counted, not timed: on a busy computer they arrive in bunches.
    expect(counted).toBeLessThanOrEqual((performance.now() - started) / 100 + 1);
    await itsCarrier[Symbol.asyncDispose]();
    await slow[Symbol.asyncDispose]();
  });

  it('stops a job at its next block, and answers when it has ended', async () => {
    const slow = await makeStudio({ timeScale: 1 });
    const itsCarrier = await carriers[name](slow.studio);
    const page = connect(await itsCarrier.page());
    const portPath = await plugged(page);
    const file = await openImage(page, image);
    const plan = await page.jobs.plan({ portPath, images: [file], backup: false });
    const { id } = await page.jobs.flash({ portPath, images: [file], backup: false, confirmed: plan.hash });
    for await (const jobs of watchJobs(page)) {
      const write = jobs[0]?.steps.find(({ step }) => step === 'erase');
      if ((write?.doneBytes ?? 0) > 0) break;
    }
    await page.jobs.cancel({ id, how: 'stop' });
    const job = await untilEnded(page, id);
    expect(job.result).toMatchObject({ outcome: 'interrupted', inDoubt: [] });
    await sleep(0);
    await itsCarrier[Symbol.asyncDispose]();
    await slow[Symbol.asyncDispose]();
  }, 30_000);
});
