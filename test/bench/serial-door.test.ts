// The bench's serial ports keep the contract of the seam, on good days and bad ones.
import { describe, expect, it } from 'vitest';
import { sleep } from '../../main/base/clock.ts';
import { startWait } from '../../main/base/wait.ts';
import type { SerialLine } from '../../main/transports/serial/serial-line.ts';
import { makeRig, type Rig } from '../support/rig.ts';
import { openTerminal } from './terminal.ts';

const running = { startIn: 'app' } as const;

async function openLine(rig: Rig, baud = 9_600): Promise<SerialLine> {
  const [facts] = await rig.bench.serial.list(startWait(rig.clock, 1_000));
  if (facts === undefined) throw new Error('no serial port');
  return await rig.bench.serial.open(facts, { baud }, startWait(rig.clock, 1_000));
}

describe('serial ports of the bench', () => {
  it('are those of boards that run a program with one', async () => {
    const rig = makeRig('nanovna-h', running);
    const list = () => rig.bench.serial.list(startWait(rig.clock, 1_000));
    expect(await list()).toEqual([
      { bus: 'bench', path: 'bench:1-1', vendorId: 0x0483, productId: 0x5740, portPath: '1-1' },
    ]);
    rig.port.unplug();
    expect(await list()).toEqual([]);
    rig.port.act({ act: 'close-jumper', control: 'BOOT0' });
    rig.port.act({ act: 'plug' });
    expect(await list()).toEqual([]);
  });

  it('may not say where they are plugged in', async () => {
    const rig = makeRig('nanovna-h', running, { serial: { portsUnknown: true } });
    expect(await rig.bench.serial.list(startWait(rig.clock, 1_000))).toMatchObject([{ portPath: undefined }]);
  });

  it('are busy for a second opener, and when another program holds them', async () => {
    const rig = makeRig('nanovna-h', running);
    const line = await openLine(rig);
    await expect(openLine(rig)).rejects.toMatchObject({ code: 'serial.busy' });
    await line[Symbol.asyncDispose]();
    await (await openLine(rig))[Symbol.asyncDispose]();
    const held = makeRig('nanovna-h', running, { serial: { held: true } });
    await expect(openLine(held)).rejects.toMatchObject({ code: 'serial.busy' });
  });

  it('set the line as they are told, and drop it when they close', async () => {
    const rig = makeRig('nanovna-h', running);
    const line = await openLine(rig, 1_200);
    const coding = async (): Promise<number[]> => {
      const setup = { requestType: 0xa1, request: 0x21, value: 0, index: 0, length: 7 };
      const reply = await rig.port.device?.control(setup, new Uint8Array(), new AbortController().signal);
      return reply?.kind === 'data' ? [...reply.bytes] : [];
    };
    expect(await coding()).toEqual([0xb0, 4, 0, 0, 0, 0, 8]);
    await line.setBaud(115_200, startWait(rig.clock, 1_000));
    expect(await coding()).toEqual([0, 0xc2, 1, 0, 0, 0, 8]);
  });

  it('end a read at its deadline, at its signal, and lose nothing by it', async () => {
    const rig = makeRig('nanovna-h', running);
    await using terminal = await openTerminal(rig);
    await terminal.answer();
    const before = rig.clock.now();
    await expect(terminal.line.read(terminal.wait(300))).rejects.toMatchObject({ code: 'job.timeout' });
    expect(rig.clock.now() - before).toBe(300);
    const stop = new AbortController();
    const read = terminal.line.read(startWait(rig.clock, 60_000, stop.signal));
    stop.abort();
    await expect(read).rejects.toMatchObject({ code: 'job.aborted' });
    expect(await terminal.ask('version')).toEqual(['1.2.40']);
  });

  it('are gone with the cable: a read that waits, one that follows, and whatever is written', async () => {
    const rig = makeRig('nanovna-h', running);
    await using terminal = await openTerminal(rig);
    await terminal.answer();
    await terminal.type('data 2');
    const read = (async () => {
      for (;;) await terminal.line.read(terminal.wait(60_000));
    })();
    await sleep(rig.clock, 10);
    rig.port.unplug();
    await expect(read).rejects.toMatchObject({ code: 'serial.gone' });
    await expect(terminal.line.read(terminal.wait())).rejects.toMatchObject({ code: 'serial.gone' });
    await expect(terminal.type('\r')).rejects.toMatchObject({ code: 'serial.gone' });
    await expect(terminal.line.setBaud(9_600, terminal.wait())).rejects.toMatchObject({
      code: 'serial.gone',
    });
    rig.port.replug();
    await expect(terminal.line.read(terminal.wait())).rejects.toMatchObject({ code: 'serial.gone' });
    await using again = await openTerminal(rig);
    await again.answer();
    expect(await again.ask('version')).toEqual(['1.2.40']);
  });

  it('opening what has left is refused', async () => {
    const rig = makeRig('nanovna-h', running);
    const [facts] = await rig.bench.serial.list(startWait(rig.clock, 1_000));
    if (facts === undefined) throw new Error('no serial port');
    rig.port.unplug();
    const open = rig.bench.serial.open(facts, { baud: 9_600 }, startWait(rig.clock, 1_000));
    await expect(open).rejects.toMatchObject({ code: 'serial.gone' });
  });
});
