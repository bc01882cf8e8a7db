// A disk for the guest whose power can be cut: an NBD server in our own process, which QEMU takes as a drive.
//
// What is simulated: the guest's memory is gone, and so is all it had not handed to the disk; a disk with a cache of its
// own, which says "done" while data is only in there and keeps for certain only what was flushed (or sent with FUA, force
// unit access). Of the rest, each sector of 512 bytes is on the disk or is not, by chance and in no order.
// What is not: a sector that is torn in itself, a disk that lies about its flushes, and one that loses what it once kept.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExactReader } from '../../main/bench/usbip/exact-reads.ts';

export interface PowerCutDisk extends AsyncDisposable {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Sectors that were not flushed at the last cut, and how many of them were lost. */
  readonly lastCut: { readonly open: number; readonly lost: number };
  /** From now on nothing more reaches it, until the next connection. */
  cut(): void;
}

const sectorBytes = 512;
/** Longest read or write; QEMU's own bound is 32 MiB. */
const longestBytes = 32 * 1024 * 1024;
const silenceMs = 60_000;

/**
 * An empty ext4 disk. The only client is QEMU.
 * @param random 0 to 1, for what a cut leaves
 * @throws Error with mkfs.ext4's words
 */
export async function makeDisk(sizeMiB: number, random: () => number): Promise<PowerCutDisk> {
  const kept = emptyExt4(sizeMiB);
  const cache = new Map<number, Uint8Array>();
  let lastCut = { open: 0, lost: 0 };
  let client: Socket | undefined;
  const store: Sectors = {
    size: kept.length,
    read(offset, length) {
      const bytes = kept.slice(offset, offset + length);
      for (let at = 0; at < length; at += sectorBytes) {
        const cached = cache.get((offset + at) / sectorBytes);
        if (cached !== undefined) bytes.set(cached, at);
      }
      return bytes;
    },
    write(offset, bytes) {
      for (let at = 0; at < bytes.length; at += sectorBytes)
        cache.set((offset + at) / sectorBytes, bytes.slice(at, at + sectorBytes));
    },
    flush() {
      for (const [sector, bytes] of cache) kept.set(bytes, sector * sectorBytes);
      cache.clear();
    },
  };
  const server = createServer({ noDelay: true }, (socket) => {
    client?.destroy();
    client = socket;
    socket.on('error', () => socket.destroy());
    void serve(socket, store, () => client === socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    client?.destroy();
    client = undefined;
    lastCut = { open: cache.size, lost: 0 };
    for (const [sector, bytes] of cache) {
      if (random() < 0.5) kept.set(bytes, sector * sectorBytes);
      else lastCut.lost++;
    }
    cache.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get lastCut() {
      return lastCut;
    },
    cut,
    [Symbol.asyncDispose]() {
      client?.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function emptyExt4(sizeMiB: number): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'rekindle-disk-'));
  try {
    const file = join(folder, 'disk');
    writeFileSync(file, '');
    truncateSync(file, sizeMiB * 1024 * 1024);
    const made = spawnSync('/usr/sbin/mkfs.ext4', ['-q', '-F', file], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`mkfs.ext4: ${made.error?.message ?? made.stderr}`);
    return new Uint8Array(readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Sectors {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  write(offset: number, bytes: Uint8Array): void;
  flush(): void;
}

// Numbers of the NBD protocol (NetworkBlockDevice/nbd, doc/proto.md), fixed newstyle, simple replies.
const Option = { info: 6, go: 7 } as const;
const Reply = { acknowledged: 1, info: 3, unsupported: 0x80000001 } as const;
const Command = { read: 0, write: 1, disconnect: 2, flush: 3 } as const;
const forceUnitAccess = 1;
/** Flags are there, flush and FUA are understood. */
const exportFlags = 1 | 4 | 8;

async function serve(socket: Socket, store: Sectors, isPowered: () => boolean): Promise<void> {
  const reader = new ExactReader(socket, silenceMs);
  const take = async (size: number, mustCome: 'must come' | 'may never come' = 'must come') => {
    const bytes = await reader.read(size, mustCome);
    if (bytes === undefined) throw new Error('the connection ended');
    return Buffer.from(bytes);
  };
  await greet(socket, take, store.size);
  for (;;) {
    const request = await take(28, 'may never come');
    const [flags, command] = [request.readUInt16BE(4), request.readUInt16BE(6)];
    const [offset, length] = [Number(request.readBigUInt64BE(16)), request.readUInt32BE(24)];
    if (command === Command.disconnect || length > longestBytes) break;
    const data = command === Command.write ? await take(length) : undefined;
    if (!isPowered()) break;
    const reply = Buffer.alloc(16);
    reply.writeUInt32BE(0x67446698, 0);
    request.copy(reply, 8, 8, 16);
    if (data !== undefined) store.write(offset, data);
    if (command === Command.flush || (flags & forceUnitAccess) !== 0) store.flush();
    socket.write(reply);
    if (command === Command.read) socket.write(store.read(offset, length));
  }
  socket.destroy();
}

/** Until the client has chosen the one export there is. */
async function greet(socket: Socket, take: (size: number) => Promise<Buffer>, size: number): Promise<void> {
  socket.write(Buffer.from('NBDMAGICIHAVEOPT\0\x03', 'latin1'));
  await take(4);
  for (;;) {
    const head = await take(16);
    const option = head.readUInt32BE(8);
    await take(Math.min(head.readUInt32BE(12), 4096));
    const reply = (type: number, data = Buffer.alloc(0)): void => {
      const start = Buffer.alloc(20);
      start.writeBigUInt64BE(0x3e889045565a9n, 0);
      start.writeUInt32BE(option, 8);
      start.writeUInt32BE(type, 12);
      start.writeUInt32BE(data.length, 16);
      socket.write(Buffer.concat([start, data]));
    };
    if (option !== Option.info && option !== Option.go) {
      reply(Reply.unsupported);
      continue;
    }
    const facts = Buffer.alloc(12);
    facts.writeBigUInt64BE(BigInt(size), 2);
    facts.writeUInt16BE(exportFlags, 10);
    reply(Reply.info, facts);
    reply(Reply.acknowledged);
    if (option === Option.go) return;
  }
}
