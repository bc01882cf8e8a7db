import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usbipLimits } from '../../main/bench/usbip/constants.ts';
import { serveUsbip, type UsbipServer } from '../../main/bench/usbip/server.ts';
import { silentLog } from '../../main/log/log.ts';
import { ScriptedDevice, scriptedBench, ScriptedPort } from './scripted-usb.ts';
import { UsbipClient } from './usbip-client.ts';

let server: UsbipServer;
const device = new ScriptedDevice();
const failures: unknown[] = [];
const keep = (error: unknown): void => void failures.push(error);

beforeAll(async () => {
  const port = new ScriptedPort('1-1');
  port.plug(device);
  server = await serveUsbip({ bench: scriptedBench(port), port: 0, log: silentLog });
  process.on('unhandledRejection', keep);
});
afterAll(async () => {
  process.off('unhandledRejection', keep);
  await server.close();
});

/** Waits for an import to be possible: the server notices a closed connection a moment later. */
async function imported(): Promise<UsbipClient> {
  for (;;) {
    const client = new UsbipClient(server.port);
    if ((await client.import('1-1')).status === 0) return client;
    client.end();
  }
}

/** The server is well: a new client can import and is answered. */
async function expectWell(): Promise<void> {
  const client = await imported();
  client.control(1, 'c0 01 07 00 00 00 01 00');
  expect(await client.answer()).toMatchObject({ sequence: 1, status: 0, actual: 1 });
  client.end();
}

describe('a hostile USB/IP client', () => {
  it.each([
    ['another protocol', 'GET / HTTP/1.1\r\n\r\n'],
    ['another version', Buffer.from('0106800500000000', 'hex')],
    ['an unknown operation', Buffer.from('0111800700000000', 'hex')],
    ['a bus id that is no text', Buffer.from(`0111800300000000${'ff'.repeat(32)}`, 'hex')],
  ])('is cut off after %s', async (_name, bytes) => {
    const client = new UsbipClient(server.port);
    client.send(Buffer.from(bytes));
    expect((await client.closed()).length).toBe(0);
    await expectWell();
  });

  const setup = (length: number): Buffer => Buffer.of(0x40, 1, 0, 0, 0, 0, length & 0xff, length >> 8);
  it.each([
    ['a negative length', { direction: 0, endpoint: 0, length: -1 }],
    ['a length over the limit', { direction: 0, endpoint: 2, length: usbipLimits.transferBytes + 1 }],
    ['a third direction', { direction: 2, endpoint: 0, length: 0 }],
    ['an endpoint past 15', { direction: 1, endpoint: 16, length: 1 }],
    ['an endpoint the device lacks', { direction: 1, endpoint: 5, length: 1 }],
    ['a data stage and a buffer that differ', { direction: 0, endpoint: 0, length: 3, setup: setup(2) }],
    ['a direction against the set-up packet', { direction: 1, endpoint: 0, length: 2, setup: setup(2) }],
  ])('is cut off after %s', async (_name, fields) => {
    const client = await imported();
    client.submit({ sequence: 1, ...fields });
    expect((await client.closed()).length).toBe(0);
    await expectWell();
  });

  it('is cut off after an unknown command, and after a sequence number twice', async () => {
    const unknown = await imported();
    unknown.send(Buffer.from(`00000005${'00'.repeat(44)}`, 'hex'));
    await unknown.closed();
    const twice = await imported();
    twice.control(1, 'c0 02 00 00 00 00 04 00');
    twice.control(1, 'c0 02 00 00 00 00 04 00');
    await twice.closed();
    await expectWell();
  });

  it('cannot make the server hold more than its limits', async () => {
    const many = await imported();
    const first = device.held.length;
    for (let i = 0; i <= usbipLimits.pendingTransfers; i++) many.control(i, 'c0 02 00 00 00 00 04 00');
    await many.closed();
    expect(device.held.length - first).toBe(usbipLimits.pendingTransfers);
    expect(device.held.slice(first).every(({ signal }) => signal.aborted)).toBe(true);
    const large = await imported();
    const before = device.held.length;
    for (let i = 0; i < 100; i++) large.control(i, 'c0 02 00 00 00 00 ff ff');
    await large.closed();
    expect(device.held.length - before).toBeLessThanOrEqual(usbipLimits.pendingBytes / 0xffff);
    await expectWell();
  });

  it.each([
    ['before its first message', ''],
    ['in the middle of it', '0111'],
    ['in the middle of a bus id', '0111800300000000312d31'],
  ])('is cut off when it falls silent %s', async (_name, bytes) => {
    const impatient = await serveUsbip({ bench: scriptedBench(), port: 0, log: silentLog, silenceMs: 30 });
    const client = new UsbipClient(impatient.port);
    client.send(Buffer.from(bytes, 'hex'));
    expect((await client.closed()).length).toBe(0);
    await impatient.close();
  });

  it('may be silent between transfers, and not within one', async () => {
    // Whoever serves has this long to see both halves of a message that were sent together.
    const enoughMs = 1_000;
    const port = new ScriptedPort('1-1');
    port.plug(new ScriptedDevice());
    const impatient = await serveUsbip({
      bench: scriptedBench(port),
      port: 0,
      log: silentLog,
      silenceMs: enoughMs,
    });
    const client = new UsbipClient(impatient.port);
    await client.import('1-1');
    await new Promise((resolve) => setTimeout(resolve, 2 * enoughMs));
    client.control(1, 'c0 01 07 00 00 00 01 00');
    expect(await client.answer()).toMatchObject({ status: 0 });
    client.submit({ sequence: 2, direction: 0, endpoint: 2, length: 100, data: new Uint8Array(99) });
    await client.closed();
    await impatient.close();
  });

  it('survives any bytes, before and after an import, whole or cut short', async () => {
    const word = fc.oneof(fc.constantFrom(0, 1, 2, 3, 4, 64, 0xffffffff), fc.nat(0xffffffff));
    const command = fc
      .tuple(fc.array(word, { minLength: 10, maxLength: 10 }), fc.uint8Array({ minLength: 8, maxLength: 8 }))
      .map(([words, tail]) => {
        const header = Buffer.alloc(48);
        words.forEach((value, index) => header.writeUInt32BE(value, 4 * index));
        header.set(tail, 40);
        return header;
      });
    const piece = fc.oneof(command, command, fc.uint8Array({ maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(piece, { maxLength: 8 }), async (afterImport, pieces) => {
        const client = afterImport ? await imported() : new UsbipClient(server.port);
        for (const bytes of pieces) client.send(bytes);
        await client.finish();
      }),
      { numRuns: 200 },
    );
    await expectWell();
    expect(failures).toEqual([]);
  });
});
