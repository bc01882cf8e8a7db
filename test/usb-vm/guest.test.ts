// The tier's own ground: that the guest, the USB/IP door and the link between them can be trusted.
import { expect, it } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard, type BoardName, type BoardOptions } from '../../main/bench/boards/registry.ts';
import { ScriptedDevice, ScriptedPort, scriptedBench } from '../bench/scripted-usb.ts';
import { bundleForGuest } from './bundle.ts';
import { describeInGuest } from './in-guest.ts';
import { sameBytes } from '../../main/base/bytes.ts';

describeInGuest('a guest with a real USB stack', { timeout: 60_000 }, (here) => {
  function scriptedPorts(...paths: string[]): ScriptedPort[] {
    return paths.map((path) => {
      const port = new ScriptedPort(path);
      port.plug(new ScriptedDevice());
      return port;
    });
  }

  async function kernelSays(kernelPath: string, attribute: string): Promise<string> {
    const bytes = await here.guest.readFile(`/sys/bus/usb/devices/${kernelPath}/${attribute}`);
    return new TextDecoder().decode(bytes).trim();
  }

  it('boots within its time, with a clock that runs like ours', async () => {
    console.log(`guest: kernel ${here.guest.kernelVersion}, up in ${Math.round(here.guest.bootMs)} ms`);
    expect(here.guest.bootMs).toBeLessThan(60_000);
    const [inside, outside] = [await here.guest.time(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const elapsedInside = (await here.guest.time()).monotonicMs - inside.monotonicMs;
    expect(elapsedInside / (performance.now() - outside)).toBeCloseTo(1, 1);
  });

  it('runs programs: output, status, input, a time limit, a kill', async () => {
    const result = await here.guest.run(['sh', '-c', 'cat; echo wrong >&2; exit 3'], { stdin: 'hello' });
    expect(result).toMatchObject({ exitCode: 3, stdout: 'hello', stderr: 'wrong\n', timedOut: false });
    expect(await here.guest.run(['sleep', '30'], { timeoutMs: 200 })).toMatchObject({
      signal: 'SIGKILL',
      timedOut: true,
    });
    await expect(here.guest.run(['/no/such/program'])).rejects.toThrow('ENOENT');
    const program = here.guest.start(['sh', '-c', 'echo ready; sleep 30']);
    await program.waitForOutput(/ready/, 5_000);
    await program.kill();
    expect(await program.ended).toMatchObject({ signal: 'SIGTERM' });
  });

  it('shows the host its files, and keeps its changes to itself', async () => {
    const path = `${here.guest.repository}/package.json`;
    await here.guest.writeFile(path, 'changed');
    expect(new TextDecoder().decode(await here.guest.readFile(path))).toBe('changed');
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(path, 'utf8')).toContain('"rekindle"');
  });

  it('shows a plugged board at its own path, and forgets it when it leaves', async () => {
    const [first, second] = scriptedPorts('1-1', '1-2');
    const present = await here.plugIn(scriptedBench(...([first, second] as ScriptedPort[])));
    expect(present.get('1-2')?.kernelPath).toBe('1-2');
    expect(await kernelSays('1-2', 'idVendor')).toBe('0483');
    expect(await kernelSays('1-2', 'speed')).toBe('12');
    second?.plug(undefined);
    expect([...(await here.link.settled())].map(([path]) => path)).toEqual(['1-1']);
    await expect(kernelSays('1-2', 'idVendor')).rejects.toThrow('ENOENT');
  });

  it('gives boards that return in reverse order their own ports', async () => {
    const ports = scriptedPorts('1-1', '1-2', '1-3');
    await here.plugIn(scriptedBench(...ports));
    for (const port of ports) port.plug(undefined);
    for (const port of ports.toReversed()) {
      const device = new ScriptedDevice();
      // bcdDevice tells them apart.
      device.deviceDescriptor[12] = Number(port.portPath.slice(2));
      port.plug(device);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await here.link.settled();
    for (const port of ports) {
      expect(await kernelSays(port.portPath, 'bcdDevice')).toBe(`220${port.portPath.slice(2)}`);
    }
  });

  it('cancels a held transfer through libusb, and lets others by', async () => {
    const [port] = scriptedPorts('1-1');
    const device = port?.device as ScriptedDevice;
    const node = (await here.plugIn({ ports: [port as ScriptedPort] })).get('1-1')?.node ?? '';
    const answer = await probe('cancel', node);
    // LIBUSB_TRANSFER_CANCELLED is 3.
    expect(answer).toMatchObject({
      held: { error: 3 },
      other: { error: 0, bytes: 4 },
      after: { error: 0, bytes: 4 },
    });
    expect((answer as { held: { tookMs: number } }).held.tookMs).toBeLessThan(600);
    expect(device.held.map(({ signal }) => signal.aborted)).toEqual([true]);
  });

  it('tells the model of a bus reset, which the wire never carries', async () => {
    const [port] = scriptedPorts('1-1');
    const device = port?.device as ScriptedDevice;
    const node = (await here.plugIn({ ports: [port as ScriptedPort] })).get('1-1')?.node ?? '';
    expect(device.resets).toBe(0);
    expect(await probe('reset', node)).toMatchObject({ reset: 0, after: { error: 0 } });
    expect(device.resets).toBe(1);
  });

  it('lets a user of plugdev in by a udev rule, and keeps others out', async () => {
    const ports = scriptedPorts('1-1');
    let node = (await here.plugIn({ ports })).get('1-1')?.node ?? '';
    const mayWrite = async (user: 'member' | 'outsider'): Promise<boolean> =>
      (await here.guest.run(['test', '-w', node], { user })).exitCode === 0;
    expect([await mayWrite('member'), await mayWrite('outsider')]).toEqual([false, false]);
    await here.guest.setUdevRules(
      '70-test.rules',
      'SUBSYSTEM=="usb", ATTR{idVendor}=="0483", MODE="0660", GROUP="plugdev", TAG+="uaccess"\n',
    );
    expect([await mayWrite('member'), await mayWrite('outsider')]).toEqual([true, false]);
    // The rule holds for the next arrival as well.
    ports[0]?.plug(undefined);
    ports[0]?.plug(new ScriptedDevice());
    node = (await here.link.settled()).get('1-1')?.node ?? '';
    expect([await mayWrite('member'), await mayWrite('outsider')]).toEqual([true, false]);
    await here.guest.setUdevRules('70-test.rules', undefined);
  });

  function boardOnBench(
    name: BoardName,
    switches: Partial<BoardOptions> = {},
  ): { bench: Bench; flash: Uint8Array } {
    const bench = new Bench({ clock: realClock });
    const board = createBoard(name, { clock: realClock, timeScale: 0.1, ...switches });
    bench.plug(board);
    return { bench, flash: board.flash };
  }

  it('shows dfu-util both alternates of a NanoVNA-H, names and serial as its ROM sends them', async () => {
    await here.plugIn(boardOnBench('nanovna-h').bench);
    const { stdout } = await here.guest.run(['dfu-util', '-l']);
    const found = stdout.split('\n').filter((line) => line.startsWith('Found DFU'));
    const shown = found.map((line) => line.replace(/devnum=\d+, /, '')).toSorted();
    const start = 'Found DFU: [0483:df11] ver=2200, cfg=1, intf=0, path="1-1",';
    const serial = 'serial="FFFFFFFEFFFF"';
    expect(shown).toEqual([
      `${start} alt=0, name="@Internal Flash  /0x08000000/064*0002Kg", ${serial}`,
      `${start} alt=1, name="@Option Bytes  /0x1FFFF800/01*016 e", ${serial}`,
    ]);
  });

  it('lets dfu-util read and write the flash of a NanoVNA-H', async () => {
    const { bench, flash } = boardOnBench('nanovna-h');
    await here.plugIn(bench);
    const read = await here.guest.run([
      'dfu-util',
      '-a',
      '0',
      '-s',
      '0x08000000:131072',
      '-U',
      '/tmp/read.bin',
    ]);
    expect(read).toMatchObject({ exitCode: 0 });
    expect(sameBytes(await here.guest.readFile('/tmp/read.bin'), flash)).toBe(true);
    const image = Uint8Array.from({ length: 10_000 }, (_, index) => (index * 31) >> 3);
    const before = flash.slice();
    await here.guest.writeFile('/tmp/image.bin', image);
    const write = await here.guest.run(['dfu-util', '-a', '0', '-s', '0x08002000', '-D', '/tmp/image.bin']);
    expect(write.stdout).toContain('File downloaded successfully');
    expect(sameBytes(flash.subarray(0x2000, 0x2000 + image.length), image)).toBe(true);
    expect(sameBytes(flash.subarray(0, 0x2000), before.subarray(0, 0x2000))).toBe(true);
  });

  it.each([
    ['by itself', true, 'Device will detach and reattach'],
    ['by a bus reset alone', false, 'Resetting USB'],
  ])('follows a board that detaches %s', async (_name, willDetach, words) => {
    await here.plugIn(boardOnBench('runtime-dfu', { willDetach }).bench);
    const idBefore = await kernelSays('1-1', 'idProduct');
    const returned = new Promise<void>((resolve) => {
      here.link.server.onDemand(({ kind }) => {
        if (kind === 'imported') resolve();
      });
    });
    expect((await here.guest.run(['dfu-util', '-e'])).stdout).toContain(words);
    await returned;
    await here.link.settled();
    expect(await kernelSays('1-1', 'idProduct')).not.toBe(idBefore);
    expect((await here.guest.run(['dfu-util', '-l'])).stdout).toContain('Found DFU');
  });

  it('gives a serial board its port in /dev', async () => {
    await here.plugIn(boardOnBench('nanovna-h', { startIn: 'app' }).bench);
    await here.guest.settle();
    const { stdout } = await here.guest.run(['udevadm', 'info', '--query=property', '--name=/dev/ttyACM0']);
    expect(stdout).toContain('ID_MODEL=NanoVNA-H\n');
    const opened = await here.guest.run(['sh', '-c', 'timeout 1 cat </dev/ttyACM0; echo status $?']);
    expect(opened.stdout).toBe('status 124\n');
  });

  async function probe(what: string, node: string): Promise<unknown> {
    const entry = `${here.guest.repository}/test/usb-vm/programs/libusb-probe.ts`;
    await here.guest.writeFile('/tmp/libusb-probe.cjs', await bundleForGuest(entry));
    const result = await here.guest.run([here.guest.node, '/tmp/libusb-probe.cjs', what, node], {
      env: { NODE_PATH: `${here.guest.repository}/node_modules` },
      timeoutMs: 20_000,
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    return JSON.parse(result.stdout);
  }
});
