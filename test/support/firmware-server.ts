// A server that offers firmware, well or badly: https on this computer, with an authority of its own.
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificates } from './certificate.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface FirmwareServer extends AsyncDisposable {
  /** `https://localhost:12345`, without a slash at its end. */
  readonly origin: string;
  /** PEM. */
  readonly authority: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** What is answered at a path, from now on. */
  readonly on: (path: string, answer: Handler | string | Uint8Array) => void;
}

/** Starts it. @param names for which its certificate is good; `localhost` otherwise */
export async function startFirmwareServer(names?: readonly string[]): Promise<FirmwareServer> {
  const { authority, server: certified } = makeCertificates(names);
  const answers = new Map<string, Handler>();
  const asked: string[] = [];
  const server: Server = createServer(
    { cert: certified.certificate, key: certified.key },
    (request, response) => {
      const url = request.url ?? '';
      asked.push(url);
      const answer = answers.get(url) ?? answers.get(url.split('?')[0] ?? '');
      if (answer === undefined) response.writeHead(404).end();
      else answer(request, response);
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://localhost:${port}`,
    authority,
    asked,
    on(path, answer) {
      if (typeof answer === 'function') answers.set(path, answer);
      else answers.set(path, (_, response) => void response.end(answer));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** A key pair for an index; the public half as profiles write it. */
export function makeIndexKey(): { readonly key: string; readonly sign: (bytes: Uint8Array) => Uint8Array } {
  const pair = generateKeyPairSync('ed25519');
  return { key: publicHalf(pair.publicKey), sign: (bytes) => sign(null, bytes, pair.privateKey) };
}

function publicHalf(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
}
