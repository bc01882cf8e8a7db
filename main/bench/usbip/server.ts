import { createServer, type Server, type Socket } from 'node:net';
import type { Log } from '../../log/log.ts';
import type { ExportedBench } from './exported-bench.ts';
import { usbipLimits } from './constants.ts';
import { Exports } from './exports.ts';
import { ExactReader } from './exact-reads.ts';
import {
  busIdBytes,
  encodeDeviceList,
  encodeImported,
  encodeImportRefused,
  introductionBytes,
  parseBusId,
  parseIntroduction,
} from './introduction.ts';
import { Transfers } from './transfers.ts';

/** What a client did; for people who watch, and for tests. */
export interface UsbipDemand {
  readonly kind: 'listed' | 'imported' | 'refused' | 'configured' | 'reset' | 'released';
  /** Bus id it was about; empty for `listed`. */
  readonly portPath: string;
}

/** The bench behind USB/IP. */
export interface UsbipServer {
  readonly port: number;
  /** Called after each thing a client did. */
  onDemand(listener: (demand: UsbipDemand) => void): Disposable;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

export interface UsbipOptions {
  readonly bench: ExportedBench;
  /** 0 for any free one. */
  readonly port: number;
  readonly log: Log;
  /** How long a client may fall silent within a message, ms; `usbipLimits.silenceMs` when not given. */
  readonly silenceMs?: number;
}

/**
 * Exports a bench over USB/IP, so that a Linux kernel (vhci_hcd) takes its boards for real ones. Listens on
 * 127.0.0.1 only: the protocol knows no passwords. The bus id is the bench's port path; one importer a port at
 * a time; a board that leaves the bus ends its connection.
 * @throws the system's error when the port cannot be had
 */
export async function serveUsbip(options: UsbipOptions): Promise<UsbipServer> {
  const listeners = new Set<(demand: UsbipDemand) => void>();
  const tell = (demand: UsbipDemand): void => {
    for (const listener of [...listeners]) listener(demand);
  };
  const session: Session = {
    exports: new Exports(options.bench),
    tell,
    log: options.log,
    silenceMs: options.silenceMs ?? usbipLimits.silenceMs,
  };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Errors end in 'close' as well, which is what the readers wait for.
    socket.on('error', (error) => options.log.write('debug', 'usbip', error.message));
    socket.on('timeout', () => socket.destroy());
    serveConnection(socket, session).catch((error: unknown) => {
      options.log.write('error', 'usbip', `connection failed: ${String(error)}`);
      socket.destroy();
    });
  });
  server.maxConnections = usbipLimits.connections;
  await listen(server, options.port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    onDemand(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** What every connection of one server shares. */
interface Session {
  readonly exports: Exports;
  readonly tell: (demand: UsbipDemand) => void;
  readonly log: Log;
  readonly silenceMs: number;
}

async function serveConnection(socket: Socket, session: Session): Promise<void> {
  const { exports, tell, log, silenceMs } = session;
  const reader = new ExactReader(socket, silenceMs);
  const header = await reader.read(introductionBytes, 'must come');
  const wish = header === undefined ? undefined : parseIntroduction(header);
  if (wish === 'list') {
    socket.end(encodeDeviceList(exports.list()));
    tell({ kind: 'listed', portPath: '' });
    await reader.parted();
  } else if (wish === 'import') {
    const field = await reader.read(busIdBytes, 'must come');
    const busId = field === undefined ? undefined : parseBusId(field);
    if (busId === undefined) socket.destroy();
    else await serveImport(socket, reader, busId, session);
  } else {
    if (header !== undefined) log.write('warn', 'usbip', 'not USB/IP 1.1.1: connection closed');
    socket.destroy();
  }
}

async function serveImport(
  socket: Socket,
  reader: ExactReader,
  busId: string,
  session: Session,
): Promise<void> {
  const { exports, tell, log } = session;
  using taken = exports.take(busId, () => endGently(socket));
  if (typeof taken.result === 'string') {
    socket.end(encodeImportRefused(taken.result));
    tell({ kind: 'refused', portPath: busId });
    await reader.parted();
    return;
  }
  const { place, device } = taken.result;
  socket.write(encodeImported(place, device));
  log.write('info', 'usbip', `${busId}: imported`);
  tell({ kind: 'imported', portPath: busId });
  const transfers = new Transfers(socket, reader, device, (kind) => tell({ kind, portPath: busId }), log);
  const reason = await transfers.serve();
  socket.destroy();
  log.write('info', 'usbip', `${busId}: connection ended: ${reason}`);
  tell({ kind: 'released', portPath: busId });
}

/**
 * The board left: answers already given still arrive, then the end. A plain destroy with unread commands in the
 * socket would be a TCP reset, which may overtake them.
 */
function endGently(socket: Socket): void {
  socket.end();
  socket.setTimeout(usbipLimits.partingMs);
}
