// The page and its socket on 127.0.0.1, and nothing else.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { pagePolicy } from '../../shared/page-policy.ts';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../log/log.ts';
import type { Studio } from '../studio.ts';
import { hostIsOurs, originIsOurs, Session, subprotocol, tokenOf } from './guards.ts';
import type { PageFile } from './page-files.ts';
import { socketChannel } from './socket-channel.ts';

/** Only our own files, no inline code, nobody's frame, and nothing that leaves this computer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': pagePolicy,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const mostBodyBytes = 1024;

export interface StudioServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** An address that lets one page in, once, within 30 s. */
  newAddress(): string;
  /** Pages connected now. */
  readonly connections: number;
}

export interface ServerOptions {
  readonly studio: Studio;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 for any free one. */
  readonly port?: number;
}

/** Starts listening. @throws Error when it cannot */
export async function startServer(options: ServerOptions): Promise<StudioServer> {
  const { studio, files, clock, log } = options;
  const session = new Session(clock);
  let origin = '';
  const server = createServer((request, response) => {
    answer(request, response, { origin, session, files, log }).catch(() => response.destroy());
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    handleProtocols: () => subprotocol,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const why = refusal(request, origin, session, sockets.clients.size);
    if (why !== undefined) {
      log.write('warn', 'server', `a connection was refused: ${why}`);
      // Node has let go of it: what goes wrong here is ours to catch, and nobody closes it but us.
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n', () => socket.destroy());
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      studio.serve(socketChannel(webSocket));
    });
  });
  await listen(server, options.port ?? 0);
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    newAddress: () => `${origin}/#code=${session.newCode()}`,
    get connections() {
      return sockets.clients.size;
    },
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

/** Why a socket is not let in; undefined when it is. */
function refusal(
  request: IncomingMessage,
  origin: string,
  session: Session,
  connections: number,
): string | undefined {
  if (request.url !== '/socket') return 'unknown path';
  if (!hostIsOurs(request, origin)) return 'foreign Host';
  if (!originIsOurs(request, origin)) return 'foreign Origin';
  const token = tokenOf(request);
  if (token === undefined || !session.isToken(token)) return 'wrong token';
  if (connections >= limits.connections) return 'too many connections';
  return undefined;
}

interface Serving {
  readonly origin: string;
  readonly session: Session;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly log: Log;
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  const { origin, session, files, log } = serving;
  if (!hostIsOurs(request, origin)) {
    refuse(response, 403, log, 'foreign Host');
    return;
  }
  if (request.method === 'POST' && request.url === '/session') {
    if (!originIsOurs(request, origin)) {
      refuse(response, 403, log, 'foreign Origin');
      return;
    }
    const token = session.exchange(await bodyOf(request));
    if (token === undefined) {
      refuse(response, 403, log, 'wrong start code');
      return;
    }
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.end(token);
    return;
  }
  const file = request.method === 'GET' ? files.get(request.url ?? '') : undefined;
  if (file === undefined) {
    response.statusCode = 404;
    response.end();
    return;
  }
  response.setHeader('content-type', file.type);
  response.end(file.bytes);
}

function refuse(response: ServerResponse, status: number, log: Log, why: string): void {
  log.write('warn', 'server', `a request was refused: ${why}`);
  response.statusCode = status;
  response.setHeader('connection', 'close');
  response.end();
}

/** A code is short: whatever is longer is none. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk as string;
    if (body.length > mostBodyBytes) return '';
  }
  return body;
}
