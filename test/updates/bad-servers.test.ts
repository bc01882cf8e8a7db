// Servers that are of no use: each has its own words, and nothing of it is offered.
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { lookForUpdates } from '../../main/updates/look.ts';
import { limits } from '../../shared/limits.ts';
import { startFirmwareServer, type Handler } from '../support/firmware-server.ts';
import { serveEach } from '../support/served.ts';
import {
  boardWith,
  firmwareBytes,
  github,
  indexAt,
  lookAt,
  makeUpdatesRig,
  release,
  wordsOf,
} from '../support/updates-rig.ts';

const served = serveEach();

/** Ways a server can be of no use, what is told of it, and the code behind that. */
const misfortunes: readonly (readonly [string, Handler, string, RegExp])[] = [
  ['is not there (404)', (_, response) => void response.writeHead(404).end(), 'update.status', /404/],
  ['has trouble (500)', (_, response) => void response.writeHead(500).end(), 'update.status', /500/],
  [
    'is cut off',
    (_, response) => {
      response.writeHead(200, { 'content-length': '5000' });
      response.write('[{', () => response.destroy());
    },
    'update.cut-off',
    /cut off after 2 B of 4\.9 KB/,
  ],
  [
    'is too large and says so',
    (_, response) => {
      response.writeHead(200, { 'content-length': String(limits.releasesBytes + 1) });
      response.write('x');
    },
    'update.too-large',
    /more than 8 MB/,
  ],
  [
    'is too large and does not say so',
    (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (response.write(' '.repeat(256 * 1024)));
      };
      response.on('drain', more);
      more();
    },
    'update.too-large',
    /more than 8 MB/,
  ],
  [
    'is packed, as a bomb would be',
    (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(' '.repeat(1_000_000)));
    },
    'update.malformed',
    /packed/,
  ],
  ['is no JSON', (_, response) => void response.end('<html>'), 'update.malformed', /not JSON/],
  [
    'is another JSON',
    (_, response) => void response.end('{"a":1}'),
    'update.malformed',
    /cannot be understood/,
  ],
  [
    'redirects to http',
    (_, response) => void response.writeHead(302, { location: 'http://localhost/x' }).end(),
    'update.address',
    /sent us to .* not https, .*http:\/\/localhost\/x/,
  ],
  [
    'redirects to nowhere',
    (_, response) => void response.writeHead(302, { location: 'https://' }).end(),
    'update.address',
    /no web address/,
  ],
  [
    'redirects for ever',
    (request, response) => void response.writeHead(302, { location: request.url }).end(),
    'update.redirects',
    /more than 5 times/,
  ],
];

describe('what a server sends in place of what it should', () => {
  // An escape sequence, and an override that turns our own words round.
  const evil = '\u001b[2J\u202eyour board is broken';

  it.each<[string, string, RegExp]>([
    ['a value', JSON.stringify({ rekindleIndex: evil }), /rekindleIndex: Invalid type: Expected 1$/],
    ['a name', JSON.stringify({ rekindleIndex: 1, name: evil }), /name: /],
    ['all of it', JSON.stringify(evil), /Invalid type: Expected Object$/],
  ])('is not shown to people: %s', async (_, body, words) => {
    const { origin, on } = await served.start();
    on('/index.json', body);
    const found = await lookAt(makeUpdatesRig(served.now), indexAt(origin));
    expect(found.problem?.code).toBe('update.malformed');
    expect(wordsOf(found)).toMatch(words);
    expect(JSON.stringify(found)).not.toMatch(/broken|\u202e|\\u001b/);
  });

  it('is cleaned where it is an address', async () => {
    const { origin, on } = await served.start();
    // As latin-1, in which headers are read: C1 has the beginnings of escape sequences, too.
    on('/index.json', (request) => {
      request.socket.end('HTTP/1.1 302 Found\r\nlocation: https://[\u009b2J\r\n\r\n', 'latin1');
    });
    const found = await lookAt(makeUpdatesRig(served.now), indexAt(origin));
    expect(found.problem).toMatchObject({ code: 'update.address', params: { address: 'https://[2J' } });
  });
});

describe('a server that', () => {
  it.each(misfortunes)('%s is told so, and nothing of it is offered', async (_, answer, code, words) => {
    const { origin, on } = await served.start();
    const rig = makeUpdatesRig(served.now);
    const paths = ['/repos/acme/rocket/releases', '/index.json'];
    for (const path of paths) on(path, answer);
    for (const source of [github, indexAt(origin)]) {
      const found = await lookAt(rig, source);
      expect(found.problem?.code).toBe(code);
      if (source === github) expect(wordsOf(found)).toMatch(words);
      expect(found).toMatchObject({ offers: [], at: undefined, from: 'cache' });
    }
  });

  it('says nothing is given up', async () => {
    const { on } = await served.start();
    on('/repos/acme/rocket/releases', () => undefined);
    const found = await lookAt(makeUpdatesRig(served.now, 200), github);
    expect(found.problem).toMatchObject({
      code: 'update.timeout',
      params: { waitedMs: expect.any(Number) as number },
    });
    expect((found.problem?.params as { waitedMs: number }).waitedMs).toBeGreaterThanOrEqual(
      limits.lookMs * 0.9,
    );
  });

  it('drips byte by byte is given up as well', async () => {
    const { on } = await served.start();
    let dripping: NodeJS.Timeout | undefined;
    on('/repos/acme/rocket/releases', (_, response) => {
      response.writeHead(200);
      dripping = setInterval(() => response.write(' '), 10);
    });
    // Each byte comes long before silence would be noticed.
    const found = await lookAt(makeUpdatesRig(served.now, 100), github);
    clearInterval(dripping);
    expect(found.problem?.code).toBe('update.timeout');
  });

  it('is not there is told as offline, and what was seen before still stands with its date', async () => {
    const { on } = await served.start();
    const rig = makeUpdatesRig(served.now);
    on('/repos/acme/rocket/releases', JSON.stringify([release('1.3.0', firmwareBytes)]));
    const before = await lookAt(rig, github);
    await served.end();
    rig.date = new Date('2026-11-25T12:00:00.000Z');
    const after = await lookAt(rig, github);
    expect(after).toEqual({
      ...before,
      from: 'cache',
      problem: {
        code: 'update.offline',
        params: { host: expect.any(String) as string, reason: 'ECONNREFUSED' },
      },
    });
    expect(wordsOf(after)).toMatch(/cannot be reached: nobody answers there/);
  });

  it('has another name in its certificate is not believed', async () => {
    const { on } = await served.start(['example.org']);
    on('/repos/acme/rocket/releases', '[]');
    const found = await lookAt(makeUpdatesRig(served.now), github);
    expect(found.problem).toMatchObject({
      code: 'update.certificate',
      params: { reason: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
  });

  it('is vouched for by nobody we know is not believed, whatever the environment says', async () => {
    const { origin, on, asked } = await served.start();
    on('/repos/acme/rocket/releases', '[]');
    const stranger = await startFirmwareServer();
    const rig = makeUpdatesRig();
    const services = {
      ...rig.services,
      forTests: { authority: stranger.authority, github: origin, localServers: true },
    };
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const [found] = await lookForUpdates(services, boardWith(github), { wait: rig.wait(), ask: 'sources' });
      expect(found?.problem?.code).toBe('update.certificate');
      expect(asked).toEqual([]);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      await stranger[Symbol.asyncDispose]();
    }
  });

  it('speaks no TLS is told as such', async () => {
    const plain = createServer((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    await new Promise<void>((resolve) => {
      plain.listen(0, '127.0.0.1', resolve);
    });
    const { port } = plain.address() as { port: number };
    const rig = makeUpdatesRig(await served.start());
    const found = await lookAt(rig, indexAt(`https://localhost:${port}`));
    expect(found.problem?.code).toMatch(/^update\.(certificate|offline)$/);
    plain.close();
  });
});
