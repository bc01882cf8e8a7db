import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { bundleForGuest } from './bundle.ts';
import type { Guest } from './guest.ts';
import type { TunnelConfiguration } from './messages.ts';

/** A port of the host that leads to the same port in the guest, both on 127.0.0.1. */
export interface Tunnel extends AsyncDisposable {
  readonly port: number;
}

const readyLimitMs = 20_000;
const firstLine = /^([0-9a-f]+) (\S+)\n/;

/**
 * Brings a port of the guest's 127.0.0.1 to the same number on the host's: who listens there checks Host and Origin to
 * the letter. QEMU's own forwarding does not reach a guest's loopback, so the guest dials out, once a connection.
 * @throws Error when the guest's end does not come up
 */
export async function openTunnel(guest: Guest): Promise<Tunnel> {
  const token = randomBytes(16).toString('hex');
  /** Connections taken here whose other half has not dialled yet. */
  const waiting = new Map<string, Socket>();
  const sockets = new Set<Socket>();
  let control: Socket | undefined;
  let taken = 0;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const inner = createServer({ noDelay: true }, (socket) => {
    keep(socket);
    readName(socket, token, (name) => {
      const outside = waiting.get(name);
      waiting.delete(name);
      if (name === 'control' && control === undefined) control = socket.resume();
      else if (outside === undefined) socket.destroy();
      else join(outside, socket);
    });
  });
  const outer = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    keep(socket);
    const name = String(++taken);
    waiting.set(name, socket);
    socket.on('close', () => waiting.delete(name));
    if (control === undefined) socket.destroy();
    else control.write(`${name}\n`);
  });
  const port = await listen(outer);
  const configuration: TunnelConfiguration = {
    host: '10.0.2.2',
    port: await listen(inner),
    token,
    target: port,
  };
  const file = '/run/rekindle/tunnel-end.cjs';
  const source = fileURLToPath(new URL('programs/tunnel-end.ts', import.meta.url));
  await guest.writeFile(file, await bundleForGuest(source));
  const end = guest.start([guest.node, file, JSON.stringify(configuration)], { timeoutMs: 600_000 });
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await Promise.all([inner, outer].map((server) => new Promise((resolve) => server.close(resolve))));
  };
  try {
    await end.waitForOutput(/ready/, readyLimitMs);
  } catch (error) {
    await close();
    throw error;
  }
  return { port, [Symbol.asyncDispose]: close };
}

/** The token and a name are the first line; what follows it in the same packet stays to be read. */
function readName(socket: Socket, token: string, take: (name: string) => void): void {
  let head = Buffer.alloc(0);
  socket.on('data', function read(chunk: Buffer) {
    head = Buffer.concat([head, chunk]);
    const found = firstLine.exec(head.toString('latin1'));
    if (found === null && head.length < 128) return;
    socket.off('data', read);
    socket.pause();
    if (found === null || found[1] !== token) {
      socket.destroy();
      return;
    }
    if (head.length > found[0].length) socket.unshift(head.subarray(found[0].length));
    take(found[2] ?? '');
  });
}

function join(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  one.on('close', () => other.destroy());
  other.on('close', () => one.destroy());
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
