// What no page may do, and what becomes of one that tries: the others never notice.
import { describe, expect, it } from 'vitest';
import { connect } from '../../renderer/client/connect.ts';
import { program } from '../support/rig.ts';
import { carrierNames, serveOver } from './over-carriers.ts';
import { openImage, plugged, refused, untilEnded } from './page.ts';

describe.each(carrierNames)('bad days over %s', (name) => {
  const over = serveOver(name);

  it('keeps settings, and tells every page', async () => {
    const other = connect(await over.carrier.page());
    const seen = (async () => {
      for await (const settings of await other.settings.watch({})) {
        if (settings.theme === 'dark') return settings;
      }
      return undefined;
    })();
    // Two at once, as two quick clicks or two pages send them: neither undoes the other.
    await Promise.all([
      other.settings.change({ backup: 'never' }),
      over.client.settings.change({ welcomed: true }),
    ]);
    await over.client.settings.change({ theme: 'dark' });
    expect(await seen).toMatchObject({ theme: 'dark', welcomed: true, backup: 'never' });
  });

  it.each([
    ['a job there is not', () => over.client.jobs.cancel({ id: 'job-999', how: 'stop' }), 'api.unknown'],
    ['an image there is not', () => over.client.images.inspect({ id: 'image-999' }), 'api.unknown'],
    [
      'a hand on a board there is not',
      () => over.client.boards.act({ portPath: '9-9', action: { act: 'plug' } }),
      'api.unknown',
    ],
    ['a board nobody makes', () => over.client.boards.plugVirtual({ board: 'toaster' }), 'api.unknown'],
    [
      'a backup outside the folder',
      () => over.client.backups.open({ id: '..-20261121T000000Z-000000000000.dfu' }),
      'api.unknown',
    ],
    [
      'a part there is not',
      async () => {
        const id = await openImage(over.client, program(10), 'ten.bin');
        await over.client.images.bytes({ id, part: 1, offset: 0, length: 1 });
      },
      'api.unknown',
    ],
    ['what the shell cannot do', () => over.client.app.openLogFolder({}), 'api.unknown'],
  ])('refuses %s in words', async (_what, call, code) => {
    expect(await refused(call())).toBe(code);
  });

  it.each([
    ['a path as a backup', () => over.client.backups.open({ id: '../../etc/passwd' })],
    ['a file larger than any', () => over.client.images.begin({ name: 'x', bytes: 2 ** 40 })],
    ['a surplus field', () => over.client.jobs.backUp({ portPath: '1-1', extra: 1 } as never)],
    [
      'more bytes at a time than are shown',
      () => over.client.images.bytes({ id: 'image-1', part: 0, offset: 0, length: 65_537 }),
    ],
    ['half a byte', () => over.client.images.find({ id: 'image-1', what: { kind: 'hex', value: '4e6' } })],
    [
      'a search for nothing',
      () => over.client.images.find({ id: 'image-1', what: { kind: 'text', value: '' } }),
    ],
    [
      'a chunk over its limit',
      () =>
        over.client.images.append({ id: 'image-1', offset: 0, chunk: new Blob([new Uint8Array(300_000)]) }),
    ],
  ])('never lets in %s', async (_what, call) => {
    await expect(call()).rejects.toThrow(/validation/i);
  });

  it('a watch ends when the page has enough of it', async () => {
    const controller = new AbortController();
    const watch = await over.client.jobs.watch({}, { signal: controller.signal });
    await watch.next();
    controller.abort();
    await expect(watch.next()).rejects.toThrow();
    // The connection goes on.
    expect((await over.client.app.report({})).version).toBe('test');
  });

  it.each([
    ['what is no JSON', '{"i":'],
    ['a frame of bytes that mean nothing', new Uint8Array([0xff, 1, 2, 3])],
    ['JSON that is no call', '[1,2,3]'],
    ['an acknowledgement of what was never sent', 'ack:99999'],
    ['a frame that is too long', `{"i":"1","p":"${'x'.repeat(1_100_000)}"}`],
  ])('lets a page go that sends %s, and serves the others', async (_what, frame) => {
    const channel = await over.carrier.page();
    const gone = new Promise<void>((resolve) => channel.onClose(resolve));
    channel.post(frame);
    await gone;
    expect((await over.client.app.report({})).version).toBe('test');
  });

  it('answers a method there is not with an error, and goes on', async () => {
    const nothing = (
      over.client as unknown as { jobs: { explode(input: object): Promise<void> } }
    ).jobs.explode({});
    await expect(nothing).rejects.toThrow();
    expect((await over.client.app.report({})).version).toBe('test');
  });

  it('lets a page go that makes too many calls at once', async () => {
    const channel = await over.carrier.page();
    const gone = new Promise<void>((resolve) => channel.onClose(resolve));
    const greedy = connect(channel);
    for (let i = 0; i < 80; i++) {
      void greedy.jobs.watch({}).then(
        () => undefined,
        () => undefined,
      );
    }
    await gone;
    expect((await over.client.app.report({})).version).toBe('test');
  });

  it('a page that never reads costs little and is let go, and jobs go on unharmed', async () => {
    const channel = await over.carrier.page();
    const gone = new Promise<void>((resolve) => channel.onClose(resolve));
    let received = 0;
    channel.onFrame((frame) => (received += frame.length));
    // Answers of 256 KiB, never acknowledged: after 1 MiB the core must stop and wait, then give up.
    const portPath = await plugged(over.client);
    await untilEnded(over.client, (await over.client.jobs.backUp({ portPath })).id);
    const { backups } = await over.client.backups.list({});
    const id = backups[0]?.id ?? '';
    await over.client.boards.unplugVirtual({ portPath });
    for (let i = 0; i < 40; i++) {
      const call = { u: 'http://orpc/backups/read', b: { json: { id, offset: 0 } } };
      channel.post(JSON.stringify({ i: String(i), p: call }));
    }
    const started = performance.now();
    await gone;
    expect(performance.now() - started).toBeGreaterThan(2_000);
    expect(received).toBeLessThan(2_500_000);
    expect((await over.client.app.report({})).version).toBe('test');
  }, 60_000);
});
