import { afterEach, describe, expect, it } from 'vitest';
import { serveUsbip, type UsbipServer } from '../../main/bench/usbip/server.ts';
import { silentLog } from '../../main/log/log.ts';
import { ScriptedDevice, scriptedBench, ScriptedPort } from './scripted-usb.ts';
import { UsbipClient } from './usbip-client.ts';

let server: UsbipServer | undefined;
afterEach(async () => {
  await server?.close();
});

async function serve(...ports: ScriptedPort[]): Promise<UsbipServer> {
  return (server = await serveUsbip({ bench: scriptedBench(...ports), port: 0, log: silentLog }));
}

function pluggedPort(portPath: string): ScriptedPort {
  const port = new ScriptedPort(portPath);
  port.plug(new ScriptedDevice());
  return port;
}

async function list(port: number): Promise<Buffer> {
  const client = new UsbipClient(port);
  client.send(Buffer.from('0111800500000000', 'hex'));
  return client.closed();
}

describe('USB/IP introduction', () => {
  it('lists what is plugged in, imported or not, with the interfaces', async () => {
    const { port } = await serve(pluggedPort('1-1'), new ScriptedPort('1-2'), pluggedPort('1-3'));
    const importer = new UsbipClient(port);
    expect((await importer.import('1-1')).status).toBe(0);
    const reply = await list(port);
    expect(reply.subarray(0, 12).toString('hex')).toBe('01110005' + '00000000' + '00000002');
    expect(reply.length).toBe(12 + 2 * (312 + 4));
    const second = reply.subarray(12 + 316);
    expect(second.subarray(256, 260).toString('latin1')).toBe('1-3\0');
    // Full speed, 0483:df11, bcdDevice 2200, class 0/0/0, configuration 1, 1 configuration, 1 interface; fe/01/02.
    expect(second.subarray(296).toString('hex')).toBe(
      '00000002' + '0483df112200' + '000000' + '010101' + 'fe010200',
    );
    importer.end();
  });

  it('imports by port path, once at a time, and again after release', async () => {
    const { port, ...rest } = await serve(pluggedPort('1-1'));
    const released = new Promise<void>((resolve) => {
      rest.onDemand(({ kind }) => {
        if (kind === 'released') resolve();
      });
    });
    const first = new UsbipClient(port);
    const { status, record } = await first.import('1-1');
    expect(status).toBe(0);
    expect(record.subarray(256, 260).toString('latin1')).toBe('1-1\0');
    expect(await new UsbipClient(port).import('1-1')).toMatchObject({ status: 2 });
    expect(await new UsbipClient(port).import('1-9')).toMatchObject({ status: 4 });
    first.end();
    await released;
    expect(await new UsbipClient(port).import('1-1')).toMatchObject({ status: 0 });
  });

  it('listens on the loopback address only', async () => {
    const { port } = await serve(pluggedPort('1-1'));
    const { createServer } = await import('node:net');
    // Taken on 127.0.0.1 alone, the port is still free on another loopback address.
    await new Promise<void>((resolve, reject) => {
      const other = createServer().on('error', reject);
      other.listen(port, '127.0.0.2', () => other.close(() => resolve()));
    });
  });

  it('closes the connection when the board leaves, and gives the next arrival to a new importer', async () => {
    const board = pluggedPort('1-1');
    const { port } = await serve(board);
    const client = new UsbipClient(port);
    await client.import('1-1');
    client.control(1, 'c0 01 07 00 00 00 02 00');
    expect(await client.answer()).toMatchObject({ status: 0, actual: 2 });
    board.plug(undefined);
    expect((await client.closed()).length).toBe(0);
    expect(await new UsbipClient(port).import('1-1')).toMatchObject({ status: 4 });
    board.plug(new ScriptedDevice());
    expect(await new UsbipClient(port).import('1-1')).toMatchObject({ status: 0 });
  });

  it('sends the answer given just before the board leaves', async () => {
    const board = new ScriptedPort('1-1');
    const device = new ScriptedDevice();
    board.plug(device);
    const { port } = await serve(board);
    const client = new UsbipClient(port);
    await client.import('1-1');
    client.control(1, 'c0 02 00 00 00 00 01 00');
    const [held] = await device.holds(1);
    held?.answer({ kind: 'data', bytes: Uint8Array.of(9) });
    await Promise.resolve().then(() => undefined);
    setImmediate(() => board.plug(undefined));
    expect(await client.answer()).toMatchObject({ status: 0, actual: 1 });
    await client.closed();
  });

  it('serves a board only once when it is replaced by another at once', async () => {
    const board = pluggedPort('1-1');
    const { port } = await serve(board);
    const client = new UsbipClient(port);
    await client.import('1-1');
    board.plug(new ScriptedDevice());
    const next = new UsbipClient(port);
    expect(await next.import('1-1')).toMatchObject({ status: 0 });
    await client.closed();
    next.control(1, 'c0 01 07 00 00 00 01 00');
    expect(await next.answer()).toMatchObject({ status: 0, actual: 1 });
  });
});
