// A running bench taken by the hand from another terminal: one line in, one line out, on 127.0.0.1 and with a token.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Log } from '../log/log.ts';

/** What a stranger on this computer may cost. */
export const controlLimits = { lineBytes: 1024, connections: 8, silenceMs: 10_000 } as const;

/** Where a bench listens: port and token. */
export interface ControlPort {
  /** `PORT:TOKEN`, to be given to whoever may move the boards. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Listens until closed. Whoever does not begin with the token gets no answer.
 * @param answer what a line brings; never rejects
 * @throws the system's error when no port can be had
 */
export async function openControlPort(answer: (line: string) => string, log: Log): Promise<ControlPort> {
  const token = randomBytes(16).toString('hex');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', (error) => log.write('debug', 'bench', error.message));
    socket.setTimeout(controlLimits.silenceMs, () => socket.destroy());
    takeLines(
      socket,
      (line) => {
        const at = line.indexOf(' ');
        if (isSame(line.slice(0, Math.max(at, 0)), token)) socket.end(`${answer(line.slice(at + 1))}\n`);
        else socket.destroy();
      },
      () => socket.destroy(),
    );
  });
  server.maxConnections = controlLimits.connections;
  await listen(server);
  const place = server.address();
  const port = typeof place === 'object' && place !== null ? place.port : 0;
  return {
    address: `${port}:${token}`,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/**
 * Says one line to a running bench.
 * @returns its answer; undefined when nobody is there, or nobody who takes this address
 */
export function sayToBench(
  address: { port: number; token: string },
  line: string,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address.port, '127.0.0.1', () => socket.write(`${address.token} ${line}\n`));
    socket.setTimeout(controlLimits.silenceMs, () => socket.destroy());
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(undefined));
    takeLines(
      socket,
      (answer) => {
        resolve(answer);
        socket.destroy();
      },
      () => socket.destroy(),
    );
  });
}

/** Calls back for each whole line; one that is too long ends it. */
export function takeLines(
  input: NodeJS.ReadableStream,
  onLine: (line: string) => void,
  onTooLong: () => void,
): void {
  let rest = '';
  let over = false;
  input.setEncoding('utf8');
  input.on('data', (piece: string | Buffer) => {
    if (over) return;
    const lines = (rest + String(piece)).split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (
      lines.some((line) => line.length > controlLimits.lineBytes) ||
      rest.length > controlLimits.lineBytes
    ) {
      over = true;
      rest = '';
      onTooLong();
      return;
    }
    for (const line of lines) onLine(line);
  });
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
