// Lists that somebody publishes: for this board, and theirs.
import { describe, expect, it } from 'vitest';
import { lookLines } from '../../shared/text/sources.ts';
import { makeIndexKey } from '../support/firmware-server.ts';
import { serveEach } from '../support/served.ts';
import {
  firmwareBytes,
  indexAt,
  indexBytes,
  lookAt,
  makeUpdatesRig,
  sha256,
  wordsOf,
} from '../support/updates-rig.ts';

const served = serveEach();

describe('an index', () => {
  it('offers what is for the board, by addresses beside it', async () => {
    const { origin, on } = await served.start();
    on('/index.json', indexBytes());
    const found = await lookAt(makeUpdatesRig(served.now), indexAt(origin));
    expect(found).toMatchObject({ signature: 'none', leftOut: 0 });
    expect(found.offers[0]).toMatchObject({
      version: '1.3.0',
      address: `${origin}/rocket_1.3.0.bin`,
      fileName: 'rocket_1.3.0.bin',
      sha256: sha256(firmwareBytes),
    });
    on('/index.json', indexBytes({ entry: { board: 'nanovna-h4' } }));
    expect((await lookAt(makeUpdatesRig(served.now), indexAt(origin))).offers).toEqual([]);
    on('/index.json', indexBytes({ entry: { sha256: undefined } }));
    expect(await lookAt(makeUpdatesRig(served.now), indexAt(origin))).toMatchObject({
      offers: [],
      leftOut: 1,
    });
    on('/index.json', indexBytes({ entry: { address: 'http://localhost/x.bin' } }));
    expect(await lookAt(makeUpdatesRig(served.now), indexAt(origin))).toMatchObject({
      offers: [],
      leftOut: 1,
    });
  });

  it('offers a pre-release to who wants them, and to nobody else', async () => {
    const { origin, on } = await served.start();
    on('/index.json', indexBytes({ entry: { channel: 'pre-release' } }));
    const rig = makeUpdatesRig(served.now);
    expect((await lookAt(rig, indexAt(origin))).offers).toEqual([]);
    const wanted = await lookAt(rig, { ...indexAt(origin), channel: 'pre-release' });
    expect(wanted.offers).toMatchObject([{ version: '1.3.0', channel: 'pre-release' }]);
  });

  it('is asked for by etag, and 304 leaves what was known with a new date', async () => {
    const { origin, on } = await served.start();
    on('/index.json', (_, response) => {
      response.writeHead(200, { etag: '"one"' }).end(indexBytes());
    });
    const rig = makeUpdatesRig(served.now);
    const first = await lookAt(rig, indexAt(origin));
    // Who asks without the mark gets nothing that could be used any more.
    on('/index.json', (request, response) => {
      response.writeHead(request.headers['if-none-match'] === '"one"' ? 304 : 500).end();
    });
    rig.date = new Date('2026-11-22T12:00:00.000Z');
    expect(await lookAt(rig, indexAt(origin))).toEqual({ ...first, at: '2026-11-22T12:00:00.000Z' });
  });

  it('that is signed rightly says so', async () => {
    const { origin, on } = await served.start();
    const { key, sign } = makeIndexKey();
    const bytes = indexBytes();
    on('/index.json', bytes);
    on('/index.json.sig', sign(bytes));
    const found = await lookAt(makeUpdatesRig(served.now), indexAt(origin, key));
    expect(found).toMatchObject({ signature: 'good' });
    expect(found.offers).toHaveLength(1);
    on('/index.json.sig', `${Buffer.from(sign(bytes)).toString('base64')}\n`);
    expect((await lookAt(makeUpdatesRig(served.now), indexAt(origin, key))).signature).toBe('good');
  });

  it('that is signed by another, over other bytes, or not at all is refused', async () => {
    const { origin, on } = await served.start();
    const { key, sign } = makeIndexKey();
    const bytes = indexBytes();
    on('/index.json', bytes);
    const rig = makeUpdatesRig(served.now);
    const missing = await lookAt(rig, indexAt(origin, key));
    expect(missing).toMatchObject({ offers: [], problem: { code: 'update.not-signed' } });
    expect(wordsOf(missing)).toContain('no signature is there');
    for (const wrong of [
      makeIndexKey().sign(bytes),
      sign(indexBytes({ version: '1.3.1' })),
      sign(bytes).subarray(1),
      new Uint8Array(64),
      new Uint8Array(),
      'no signature',
    ]) {
      on('/index.json.sig', wrong);
      expect(await lookAt(rig, indexAt(origin, key))).toMatchObject({
        offers: [],
        problem: { code: 'update.bad-signature' },
      });
    }
  });

  it('that is older than one seen before is refused, also after a restart', async () => {
    const { origin, on } = await served.start();
    const { key, sign } = makeIndexKey();
    const rig = makeUpdatesRig(served.now);
    const serve = (bytes: Uint8Array): void => {
      on('/index.json', bytes);
      on('/index.json.sig', sign(bytes));
    };
    serve(indexBytes({ sequence: 3 }));
    expect((await lookAt(rig, indexAt(origin, key))).signature).toBe('good');
    serve(indexBytes({ sequence: 2, version: '1.2.0' }));
    const replayed = await lookAt(rig, indexAt(origin, key));
    expect(replayed.problem).toMatchObject({ code: 'update.replayed' });
    expect(wordsOf(replayed)).toMatch(/is of 2026-02-01, and one of 2026-03-01 was seen before/);
    expect(replayed.offers.map((one) => one.version)).toEqual(['1.3.0']);
    // Another address of the same signer is no way round it.
    on('/mirror.json', indexBytes({ sequence: 2 }));
    on('/mirror.json.sig', sign(indexBytes({ sequence: 2 })));
    const mirror = { ...indexAt(origin, key), address: `${origin}/mirror.json` };
    expect((await lookAt(rig, mirror)).problem?.code).toBe('update.replayed');
    serve(indexBytes({ sequence: 3 }));
    expect((await lookAt(rig, indexAt(origin, key))).problem).toBeUndefined();
    serve(indexBytes({ sequence: 4 }));
    expect((await lookAt(rig, indexAt(origin, key))).problem).toBeUndefined();
  });

  it('that is older than one seen at its address is refused, whatever it was called then', async () => {
    const { origin, on } = await served.start();
    const { key, sign } = makeIndexKey();
    const rig = makeUpdatesRig(served.now);
    const look = async (name: string, sequence: number) => {
      const bytes = new TextEncoder().encode(
        new TextDecoder().decode(indexBytes({ sequence })).replace('"acme"', `"${name}"`),
      );
      on('/index.json', bytes);
      on('/index.json.sig', sign(bytes));
      return (await lookAt(rig, indexAt(origin, key))).problem?.code;
    };
    expect(await look('firmware-2025', 3)).toBeUndefined();
    expect(await look('firmware-2026', 4)).toBeUndefined();
    // The newest there ever was of its name.
    expect(await look('firmware-2025', 3)).toBe('update.replayed');
    expect(await look('firmware-2026', 4)).toBeUndefined();
  });

  it('that nobody signed and that goes back is told, offered all the same, and remembered as long as it is so', async () => {
    const { origin, on } = await served.start();
    const rig = makeUpdatesRig(served.now);
    const source = indexAt(origin);
    on('/index.json', indexBytes({ sequence: 3 }));
    expect((await lookAt(rig, source)).wentBack).toBeUndefined();
    on('/index.json', indexBytes({ sequence: 2, version: '1.2.0' }));
    const back = await lookAt(rig, source);
    expect(back).toMatchObject({
      signature: 'none',
      wentBack: { found: '2026-02-01T00:00:00Z', seen: '2026-03-01T00:00:00Z' },
    });
    expect(back.problem).toBeUndefined();
    expect(back.offers.map((one) => one.version)).toEqual(['1.2.0']);
    expect(lookLines(back, 'linux').join('\n')).toContain(
      'its list is of 2026-02-01, and one of 2026-03-01 was seen before',
    );
    expect((await lookAt(rig, source, 'kept')).wentBack).toEqual(back.wentBack);
    // Its number says nothing of another index.
    on('/other.json', indexBytes({ sequence: 1 }));
    const other = { ...source, id: 'other', address: `${origin}/other.json` };
    expect((await lookAt(rig, other)).wentBack).toBeUndefined();
    on('/index.json', indexBytes({ sequence: 3 }));
    expect((await lookAt(rig, source)).wentBack).toBeUndefined();
  });
});
