import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveUsbip, type UsbipServer } from '../../main/bench/usbip/server.ts';
import { silentLog } from '../../main/log/log.ts';
import { ScriptedDevice, scriptedBench, ScriptedPort } from './scripted-usb.ts';
import { UsbipClient } from './usbip-client.ts';

let server: UsbipServer;
let device: ScriptedDevice;
let port: ScriptedPort;
let client: UsbipClient;

beforeEach(async () => {
  device = new ScriptedDevice();
  port = new ScriptedPort('1-1');
  port.plug(device);
  server = await serveUsbip({ bench: scriptedBench(port), port: 0, log: silentLog });
  client = new UsbipClient(server.port);
  await client.import('1-1');
});
afterEach(async () => {
  client.end();
  await server.close();
});

const holdIn = 'c0 02 00 00 00 00 04 00';

describe('USB/IP transfers', () => {
  it('carries control data both ways', async () => {
    client.control(1, 'c0 01 07 00 00 00 03 00');
    expect(await client.answer()).toEqual({
      kind: 'submit',
      sequence: 1,
      status: 0,
      actual: 3,
      data: Buffer.of(7, 7, 7),
    });
    client.control(2, '40 01 00 00 00 00 02 00', Uint8Array.of(1, 2));
    expect(await client.answer()).toMatchObject({ sequence: 2, status: 0, actual: 2 });
  });

  it.each([
    ['a stall', 'c0 03 00 00 00 00 04 00', -32, 0],
    ['gone', 'c0 04 00 00 00 00 04 00', -19, 0],
    ['more than asked for', 'c0 05 00 00 00 00 04 00', -75, 4],
  ])('answers %s with the Linux error', async (_name, setup, status, actual) => {
    client.control(1, setup);
    expect(await client.answer()).toMatchObject({ status, actual });
  });

  it('holds one transfer while others go by', async () => {
    client.control(1, holdIn);
    client.control(2, holdIn);
    await device.holds(2);
    client.control(3, 'c0 01 07 00 00 00 01 00');
    expect(await client.answer()).toMatchObject({ sequence: 3, status: 0 });
    device.held[1]?.answer({ kind: 'data', bytes: Uint8Array.of(2) });
    expect(await client.answer()).toMatchObject({ sequence: 2, actual: 1 });
    device.held[0]?.answer({ kind: 'data', bytes: Uint8Array.of(1) });
    expect(await client.answer()).toMatchObject({ sequence: 1, actual: 1, data: Buffer.of(1) });
  });

  it('unlinks a pending transfer: the model is told, and the transfer has no answer of its own', async () => {
    client.control(1, holdIn);
    client.control(2, holdIn);
    await device.holds(2);
    client.unlink(3, 1);
    expect(await client.answer()).toEqual({ kind: 'unlink', sequence: 3, status: -104 });
    expect(device.held[0]?.signal.aborted).toBe(true);
    expect(device.held[1]?.signal.aborted).toBe(false);
    device.held[0]?.answer({ kind: 'data', bytes: Uint8Array.of(1) });
    device.held[1]?.answer({ kind: 'data', bytes: Uint8Array.of(2) });
    expect(await client.answer()).toMatchObject({ kind: 'submit', sequence: 2 });
  });

  it('answers 0 to the unlink of a transfer that is done', async () => {
    client.control(1, 'c0 01 07 00 00 00 01 00');
    expect(await client.answer()).toMatchObject({ sequence: 1 });
    client.unlink(2, 1);
    expect(await client.answer()).toEqual({ kind: 'unlink', sequence: 2, status: 0 });
  });

  it('takes a sequence number again after an unlink, without mixing the two up', async () => {
    client.control(1, holdIn);
    await device.holds(1);
    client.unlink(2, 1);
    expect(await client.answer()).toMatchObject({ status: -104 });
    client.control(1, holdIn);
    await device.holds(2);
    device.held[0]?.answer({ kind: 'data', bytes: Uint8Array.of(1) });
    device.held[1]?.answer({ kind: 'data', bytes: Uint8Array.of(2) });
    expect(await client.answer()).toMatchObject({ sequence: 1, data: Buffer.of(2) });
  });

  it('tells the model when the client disappears', async () => {
    client.control(1, holdIn);
    const [held] = await device.holds(1);
    client.end();
    await new Promise<void>((resolve) => held?.signal.addEventListener('abort', () => resolve()));
  });

  it('carries bulk transfers, and calls a short one an error only where the client does', async () => {
    client.submit({ sequence: 1, direction: 1, endpoint: 1, length: 64 });
    expect(await client.answer()).toMatchObject({ status: 0, actual: 1, data: Buffer.of(0x81) });
    client.submit({ sequence: 2, direction: 1, endpoint: 1, length: 64, flags: 1 });
    expect(await client.answer()).toMatchObject({ status: -121, actual: 1 });
    client.submit({ sequence: 3, direction: 0, endpoint: 2, length: 3, data: Uint8Array.of(1, 2, 3) });
    expect(await client.answer()).toMatchObject({ status: 0, actual: 3 });
    expect(device.bulkOut).toEqual([Uint8Array.of(1, 2, 3)]);
  });
});

describe('what the bus does for a device', () => {
  const readDevice = '80 06 00 01 00 00';
  const configure = '00 09 01 00 00 00 00 00';

  async function ask(sequence: number, setup: string): Promise<Buffer> {
    client.control(sequence, setup);
    const answer = await client.answer();
    expect(answer).toMatchObject({ kind: 'submit', status: 0 });
    return answer.kind === 'submit' ? answer.data : Buffer.alloc(0);
  }

  it('reads descriptors, cut to the length asked for', async () => {
    expect((await ask(1, `${readDevice} 08 00`)).length).toBe(8);
    expect((await ask(2, '80 06 00 02 00 00 ff 00')).length).toBe(0x32);
    expect((await ask(3, '80 06 01 03 09 04 ff 00')).toString('hex')).toBe('04034100');
    client.control(4, '80 06 09 03 09 04 ff 00');
    expect(await client.answer()).toMatchObject({ status: -32 });
  });

  it('keeps the configuration, and refuses one the device does not have', async () => {
    expect(await ask(1, '80 08 00 00 00 00 01 00')).toEqual(Buffer.of(0));
    await ask(2, configure);
    expect(await ask(3, '80 08 00 00 00 00 01 00')).toEqual(Buffer.of(1));
    client.control(4, '00 09 02 00 00 00 00 00');
    expect(await client.answer()).toMatchObject({ status: -32 });
  });

  it('infers a bus reset from a 64-byte read after configuring, and only then', async () => {
    const demands: string[] = [];
    using _watch = server.onDemand(({ kind }) => demands.push(kind));
    await ask(1, `${readDevice} 40 00`);
    await ask(2, `${readDevice} 12 00`);
    await ask(3, configure);
    await ask(4, `${readDevice} 12 00`);
    expect(device.resets).toBe(0);
    expect((await ask(5, `${readDevice} 40 00`)).length).toBe(18);
    expect(device.resets).toBe(1);
    // The kernel may read several times while it enumerates anew.
    await ask(6, `${readDevice} 40 00`);
    expect(device.resets).toBe(1);
    await ask(7, configure);
    await ask(8, `${readDevice} 40 00`);
    expect(device.resets).toBe(2);
    expect(demands).toEqual(['configured', 'reset', 'configured', 'reset']);
  });

  it('ends the connection when the reset makes the device leave', async () => {
    device.busReset = () => port.plug(undefined);
    await ask(1, configure);
    client.control(2, `${readDevice} 40 00`);
    expect((await client.closed()).length).toBe(0);
  });
});
