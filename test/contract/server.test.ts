// Who is let in to the loopback server, and who is not: other users, other sites, other names for this address.
import { request } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { realClock } from '../../main/base/clock.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { Session } from '../../main/server/guards.ts';
import { startServer, type StudioServer } from '../../main/server/http.ts';
import { pagePolicy } from '../../shared/page-policy.ts';
import { makeStudio, openRawSocket, tokenFrom, type StudioRig } from './studio-rig.ts';

let rig: StudioRig;
let server: StudioServer;
const logged: string[] = [];
beforeAll(async () => {
  rig = await makeStudio();
  server = await startServer({
    studio: rig.studio,
    files: new Map([['/', { type: 'text/html; charset=utf-8', bytes: new TextEncoder().encode('<p>page') }]]),
    clock: realClock,
    log: { write: (_level, _source, message) => void logged.push(message) },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

/** A request with headers of our choice, which fetch would not send. */
function ask(options: {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const { port, host } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method: options.method ?? 'GET',
        path: options.path ?? '/',
        setHost: false,
        headers: { host, ...options.headers },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}

function codeOf(address: string): string {
  return new URL(address).hash.replace('#code=', '');
}

function session(body: string, headers: Record<string, string> = { origin: server.origin }) {
  return ask({ method: 'POST', path: '/session', body, headers });
}

/** How an upgrade ends: the status, or `open`. */
function upgrade(headers: Record<string, string>, protocols: string[], path = '/socket'): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${server.origin.replace('http', 'ws')}${path}`, protocols, {
      headers: { ...headers },
    });
    socket.on('open', () => {
      socket.on('close', () => resolve('open'));
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(String(response.statusCode));
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}

describe('the page itself', () => {
  it('is served with a policy that lets nothing else run, and never kept', async () => {
    const { status, headers, text } = await ask({});
    expect(status).toBe(200);
    expect(text).toBe('<p>page');
    expect(headers).toMatchObject({
      'content-security-policy': pagePolicy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(pagePolicy).toContain("frame-ancestors 'none'");
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/socket', '/session', '/index.html', '//', '/?x'])(
    'is all there is: %s is not found',
    async (path) => {
      expect((await ask({ path })).status).toBe(404);
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('%s is answered with nothing', async (method) => {
    expect((await ask({ method, headers: { origin: server.origin } })).status).toBe(404);
  });

  it.each(['localhost', 'evil.example', '127.0.0.1', '127.0.0.1:1', ''])(
    'is not shown under the name "%s"',
    async (host) => {
      const { status, text } = await ask({ headers: { host } });
      expect([400, 403]).toContain(status);
      expect(text).toBe('');
    },
  );
});

describe('a start code', () => {
  it('is good once', async () => {
    const code = codeOf(server.newAddress());
    const first = await session(code);
    expect(first.status).toBe(200);
    expect(first.text).toMatch(/^[\w-]{43}$/);
    expect((await session(code)).status).toBe(403);
  });

  it('is spent by a wrong try, so that guessing gets nowhere', async () => {
    const code = codeOf(server.newAddress());
    expect((await session('guess')).status).toBe(403);
    expect((await session(code)).status).toBe(403);
  });

  it('replaces the one before it', async () => {
    const old = codeOf(server.newAddress());
    server.newAddress();
    expect((await session(old)).status).toBe(403);
  });

  it('lives for half a minute', async () => {
    const clock = new SimulatedClock();
    const guard = new Session(clock);
    const late = guard.newCode();
    await new Promise<void>((resolve) => clock.after(30_001, resolve));
    expect(guard.exchange(late)).toBeUndefined();
    const inTime = guard.newCode();
    await new Promise<void>((resolve) => clock.after(29_000, resolve));
    expect(guard.exchange(inTime)).toBeDefined();
  });

  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['of no page', {}],
    ['of another port here', { origin: 'http://127.0.0.1:1' }],
    ['of a file', { origin: 'null' }],
  ])('is not taken from a request %s', async (_what, headers) => {
    const code = codeOf(server.newAddress());
    expect((await session(code, headers)).status).toBe(403);
  });

  it('longer than any code is no code', async () => {
    server.newAddress();
    expect((await session('x'.repeat(1_000_000)).catch(() => ({ status: 403 }))).status).toBe(403);
  });
});

describe('a connection', () => {
  let token: string;
  let good: Record<string, string>;
  beforeAll(async () => {
    token = await tokenFrom(server);
    good = { origin: server.origin };
  });
  const withToken = (): string[] => ['rekindle', `rekindle.token.${token}`];

  it('with the token, of our page, is let in', async () => {
    expect(await upgrade(good, withToken())).toBe('open');
  });

  it.each([
    ['without a token', () => ({}), ['rekindle']],
    ['with a wrong token', () => ({}), ['rekindle', `rekindle.token.${'A'.repeat(43)}`]],
    ['with an empty token', () => ({}), ['rekindle', 'rekindle.token.']],
  ])('%s is refused', async (_what, _headers, protocols) => {
    expect(await upgrade(good, protocols)).toBe('403');
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['no page at all', {}],
    ['another port here', { origin: 'http://127.0.0.1:1' }],
  ])('of %s is refused, token or not', async (_what, headers) => {
    expect(await upgrade(headers, withToken())).toBe('403');
  });

  it('under another name for this address is refused', async () => {
    expect(await upgrade({ ...good, host: 'rebound.example' }, withToken())).toBe('403');
  });

  it('to another path is refused', async () => {
    expect(await upgrade(good, withToken(), '/other')).toBe('403');
  });

  it('is one of at most four', async () => {
    const sockets = await Promise.all(Array.from({ length: 4 }, () => openRawSocket(server.origin, token)));
    expect(await upgrade(good, withToken())).toBe('403');
    for (const socket of sockets) socket.terminate();
    await expect.poll(() => server.connections).toBe(0);
    expect(await upgrade(good, withToken())).toBe('open');
  });

  it('that says too much at once is ended', async () => {
    const socket = await openRawSocket(server.origin, token);
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.send(Buffer.alloc(2 * 1024 * 1024));
    expect(await closed).toBeGreaterThan(1000);
  });

  it('every refusal is in the log', () => {
    for (const why of [
      'foreign Host',
      'foreign Origin',
      'wrong token',
      'too many connections',
      'unknown path',
    ])
      expect(logged.join('\n')).toContain(why);
    // And no secret is.
    expect(logged.join('\n')).not.toContain(token);
  });
});

it('listens on this computer only', async () => {
  const { port } = new URL(server.origin);
  const refused = await new Promise<string>((resolve) => {
    const socket = connectSocket({ host: '127.0.0.2', port: Number(port) });
    socket.once('connect', () => resolve('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
  expect(refused).toBe('ECONNREFUSED');
});
