// Where a connection may lead: names are looked at again once they are looked up, and the computer's proxy is used.
import dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { lookForUpdates } from '../../main/updates/look.ts';
import type { ServersOfTests } from '../../main/updates/updates.ts';
import { startFirmwareServer, type FirmwareServer } from '../support/firmware-server.ts';
import { boardWith, indexAt, indexBytes, makeUpdatesRig } from '../support/updates-rig.ts';

const name = 'firmware.example.org';
const realLookup = dns.lookup;
let server: FirmwareServer | undefined;
let proxy: Server | undefined;
afterEach(async () => {
  dns.lookup = realLookup;
  syncBuiltinESMExports();
  delete process.env['https_proxy'];
  await server?.[Symbol.asyncDispose]();
  proxy?.closeAllConnections();
  proxy?.close();
  server = proxy = undefined;
});

/** The name server says that a public name is at this computer. */
function pointNameHere(): void {
  const here = (hostname: string, options: dns.LookupOptions, callback: unknown): void => {
    expect(hostname).toBe(name);
    expect(options.all).toBe(true);
    (callback as (error: null, all: dns.LookupAddress[]) => void)(null, [
      { address: '127.0.0.1', family: 4 },
    ]);
  };
  dns.lookup = here as typeof dns.lookup;
  syncBuiltinESMExports();
}

async function look(localServers: boolean, port: string) {
  const rig = makeUpdatesRig();
  const forTests: ServersOfTests = { authority: server?.authority ?? '', localServers };
  const profile = boardWith(indexAt(`https://${name}:${port}`));
  const [found] = await lookForUpdates({ ...rig.services, forTests }, profile, {
    wait: rig.wait(),
    ask: 'sources',
  });
  return found;
}

async function startNamed(): Promise<{ port: string; asked: readonly string[] }> {
  server = await startFirmwareServer([name]);
  server.on('/index.json', indexBytes());
  return { port: new URL(server.origin).port, asked: server.asked };
}

describe('a public name that leads to a private address', () => {
  it('is not asked', async () => {
    const { port, asked } = await startNamed();
    pointNameHere();
    expect((await look(false, port))?.problem).toMatchObject({
      code: 'update.address',
      params: { why: 'private' },
    });
    expect(asked).toEqual([]);
    // The same, where tests may: nothing else stands against it.
    expect((await look(true, port))?.offers).toHaveLength(1);
  });
});

describe('a name nobody has', () => {
  // RFC 6761 6.4: .invalid never resolves, and without a network nothing does.
  it('is told as out of reach by the real resolver', async () => {
    const rig = makeUpdatesRig();
    const profile = boardWith(indexAt('https://firmware.invalid'));
    const [found] = await lookForUpdates(rig.services, profile, { wait: rig.wait(), ask: 'sources' });
    expect(found?.problem).toMatchObject({
      code: 'update.offline',
      params: { host: 'firmware.invalid', reason: expect.stringMatching(/^E[A-Z_]+$/) as string },
    });
  });
});

describe('the proxy of this computer', () => {
  it('is used, though it is at a private address, and cannot look into what is asked', async () => {
    const { port } = await startNamed();
    const asked: string[] = [];
    proxy = createServer();
    proxy.on('connect', (request, client: Socket) => {
      asked.push(request.url ?? '');
      const upstream = connect(Number(port), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => {
      proxy?.listen(0, '127.0.0.1', resolve);
    });
    process.env['https_proxy'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const found = await look(false, port);
    expect(found?.problem).toBeUndefined();
    expect(found?.offers).toHaveLength(1);
    expect(asked).toEqual([`${name}:${port}`]);
  });
});
