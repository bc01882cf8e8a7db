// Our command line on real libusb, judged by dfu-util, on every kind of DFU board.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { readImage } from '../../main/images/registry.ts';
import { ExitCode } from '../../shared/result.ts';
import { program } from '../support/rig.ts';
import { describeInGuest, quickBoard as board, resultOf } from './in-guest.ts';

const flashStart = 0x08000000;

describeInGuest('flashing through libusb', { timeout: 240_000, limitSeconds: 1_800 }, (here) => {
  const dfuseBoards = [
    ['nanovna-h', 131_072, 60_001],
    ['stm32f405', 1_048_576, 150_003],
    ['gd32vf103', 131_072, 40_001],
  ] as const;

  it.each(dfuseBoards)('%s: what we write, dfu-util reads', async (name, _size, length) => {
    const model = board(name);
    await here.plugInBoards(model);
    const image = program(length);
    await here.guest.writeFile('/tmp/image.bin', image);
    const run = await here.rekindle([
      'flash',
      '/tmp/image.bin',
      '--address',
      '0x08000000',
      '--yes',
      '--no-backup',
      '--no-leave',
      '--json',
    ]);
    expect(run).toMatchObject({ exitCode: ExitCode.done, stderr: '' });
    expect(resultOf(run).content.kind).toBe('verified');
    await here.guest.run(['rm', '-f', '/tmp/read.bin']);
    const read = await here.guest.run([
      'dfu-util',
      '-a',
      '0',
      '-s',
      `0x08000000:${length}`,
      '-U',
      '/tmp/read.bin',
    ]);
    expect(read.exitCode).toBe(0);
    expect(sameBytes(await here.guest.readFile('/tmp/read.bin'), image)).toBe(true);
  });

  it.each(dfuseBoards)('%s: what dfu-util writes, our backup reads', async (name, size, length) => {
    const model = board(name);
    await here.plugInBoards(model);
    const image = program(length, 11);
    await here.guest.writeFile('/tmp/image.bin', image);
    const write = await here.guest.run(['dfu-util', '-a', '0', '-s', '0x08000000', '-D', '/tmp/image.bin'], {
      timeoutMs: 80_000,
    });
    expect(write.exitCode).toBe(0);
    await here.guest.run(['rm', '-f', '/tmp/backup.dfu']);
    const run = await here.rekindle(['backup', '/tmp/backup.dfu', '--json']);
    expect(run).toMatchObject({ exitCode: ExitCode.done });
    const saved = readImage(await here.guest.readFile('/tmp/backup.dfu'), 'backup.dfu');
    expect(saved.parts.map((part) => [part.address, part.bytes.length])).toEqual([[flashStart, size]]);
    expect(sameBytes(saved.parts[0]?.bytes.subarray(0, length) ?? new Uint8Array(), image)).toBe(true);
    expect(sameBytes(saved.parts[0]?.bytes ?? new Uint8Array(), model.flash)).toBe(true);
    expect((await here.guest.run(['dfu-suffix', '-c', '/tmp/backup.dfu'])).exitCode).toBe(0);
  });

  it.each(['plain-dfu', 'runtime-dfu'] as const)(
    '%s: what we write, dfu-util reads, and the other way round',
    async (name) => {
      // Tolerant, so that it stays to be read.
      const model = board(name, { manifestationTolerant: true });
      await here.plugInBoards(model);
      if (name === 'runtime-dfu') {
        expect((await here.rekindle(['detach'])).exitCode).toBe(ExitCode.done);
        await here.link.settled();
      }
      const image = program(model.flash.length, 13);
      await here.guest.writeFile('/tmp/image.bin', image);
      const run = await here.rekindle(['flash', '/tmp/image.bin', '--yes', '--no-backup', '--json']);
      expect(resultOf(run)).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
      await here.guest.run(['rm', '-f', '/tmp/read.bin', '/tmp/backup.dfu']);
      expect((await here.guest.run(['dfu-util', '-U', '/tmp/read.bin'])).exitCode).toBe(0);
      expect(sameBytes(await here.guest.readFile('/tmp/read.bin'), image)).toBe(true);

      const other = program(model.flash.length, 17);
      await here.guest.writeFile('/tmp/other.bin', other);
      expect(
        (await here.guest.run(['dfu-util', '-D', '/tmp/other.bin'], { timeoutMs: 60_000 })).exitCode,
      ).toBe(0);
      expect((await here.rekindle(['backup', '/tmp/backup.dfu'])).exitCode).toBe(ExitCode.done);
      const saved = readImage(await here.guest.readFile('/tmp/backup.dfu'), 'backup.dfu');
      expect(sameBytes(saved.parts[0]?.bytes ?? new Uint8Array(), other)).toBe(true);
    },
  );

  it.each([true, false])(
    'takes a running board to flash mode and back, will-detach %s',
    async (willDetach) => {
      const model = board('runtime-dfu', { willDetach });
      await here.plugInBoards(model);
      const image = program(20_000, 19);
      await here.guest.writeFile('/tmp/image.bin', image);
      const run = await here.rekindle(['flash', '/tmp/image.bin', '--yes', '--json']);
      expect(resultOf(run)).toMatchObject({ outcome: 'done', content: { kind: 'written' }, app: 'running' });
      expect(sameBytes(model.flash.subarray(0, image.length), image)).toBe(true);
    },
  );

  it('flashes a container, sees the program start, and refuses a file that was cut short', async () => {
    const model = board('nanovna-h');
    await here.plugInBoards(model);
    const bytes = program(30_000, 23);
    const file = writeDfuse({
      ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff },
      targets: [{ alternate: 0, elements: [{ address: flashStart, bytes }] }],
    });
    const before = model.flash.slice();
    await here.guest.writeFile('/tmp/cut.dfu', file.subarray(0, 20_000));
    const refused = await here.rekindle(['flash', '/tmp/cut.dfu', '--yes']);
    expect(refused.exitCode).toBe(ExitCode.badFile);
    expect(refused.stderr).toContain('cut short');
    expect(sameBytes(model.flash, before)).toBe(true);
    await here.guest.writeFile('/tmp/whole.dfu', file);
    const run = await here.rekindle(['flash', '/tmp/whole.dfu', '--yes', '--json']);
    expect(resultOf(run)).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, app: 'running' });
  });

  it('tells the truth about a cable pulled at 40 %, and repairs it', async () => {
    const image = program(60_000, 29);
    const model = board('nanovna-h', { faults: [{ kind: 'vanish', at: { what: 'block', index: 12 } }] });
    const { ports } = await here.plugInBoards(model);
    await here.guest.writeFile('/tmp/image.bin', image);
    const args = ['flash', '/tmp/image.bin', '--address', '0x08000000', '--yes', '--json'];
    const pulled = await here.rekindle(args);
    expect(pulled.exitCode).toBe(ExitCode.resumable);
    const result = resultOf(pulled);
    expect(result).toMatchObject({ outcome: 'interrupted', next: 'continue', content: { kind: 'partial' } });
    expect(result.backup).toBeDefined();
    if (result.content.kind !== 'partial') throw new Error('not partial');
    for (const range of result.content.ranges) {
      const [from, to] = [range.start - flashStart, range.end - flashStart];
      expect(
        sameBytes(model.flash.subarray(from, Math.min(to, image.length)), image.subarray(from, to)),
      ).toBe(true);
    }
    ports[0]?.replug();
    await here.link.settled();
    expect(resultOf(await here.rekindle(args))).toMatchObject({
      outcome: 'done',
      content: { kind: 'verified' },
    });
    expect(sameBytes(model.flash.subarray(0, image.length), image)).toBe(true);
  });

  it('says what an ordinary user needs, and lets plugdev in by our rule', async () => {
    await here.plugInBoards(board('nanovna-h'));
    await here.guest.writeFile('/tmp/image.bin', program(4_000));
    const args = ['flash', '/tmp/image.bin', '--address', '0x08000000', '--yes'];
    const refused = await here.rekindle(args, { user: 'member' });
    expect(refused.exitCode).toBe(ExitCode.noPermission);
    expect(refused.stdout).toContain('your account may not open it');
    expect(refused.stdout).toContain('70-rekindle.rules');
    const rule = readFileSync(`${here.guest.repository}/assets/udev/70-rekindle.rules`, 'utf8');
    await here.guest.setUdevRules('70-rekindle.rules', rule);
    try {
      const stay = [...args, '--no-leave'];
      expect((await here.rekindle(stay, { user: 'member' })).exitCode).toBe(ExitCode.done);
      await here.link.settled();
      expect((await here.rekindle(['backup'], { user: 'outsider' })).exitCode).toBe(ExitCode.noPermission);
    } finally {
      await here.guest.setUdevRules('70-rekindle.rules', undefined);
    }
  });

  it('keeps two boards with one serial number apart by their ports', async () => {
    const [first, second] = [board('nanovna-h'), board('nanovna-h')];
    await here.plugInBoards(first, second);
    await here.guest.writeFile('/tmp/image.bin', program(10_000, 31));
    const args = ['flash', '/tmp/image.bin', '--address', '0x08000000', '--yes', '--no-backup', '--no-leave'];
    const several = await here.rekindle(args);
    expect(several.exitCode).toBe(ExitCode.noDevice);
    expect(several.stdout).toContain('--device');
    const untouched = first.flash.slice();
    expect((await here.rekindle([...args, '--device', '1-2'])).exitCode).toBe(ExitCode.done);
    expect(sameBytes(second.flash.subarray(0, 10_000), program(10_000, 31))).toBe(true);
    expect(sameBytes(first.flash, untouched)).toBe(true);
  });

  it('tells the second of two processes who has the board', async () => {
    // So slow that the first is still at it when both others have had their answer, however busy this machine is.
    const { ports } = await here.plugInBoards(board('nanovna-h', { timeScale: 100 }));
    await here.guest.writeFile('/tmp/image.bin', program(60_000, 37));
    const args = ['flash', '/tmp/image.bin', '--address', '0x08000000', '--yes', '--no-backup'];
    const first = here.startRekindle(args, { timeoutMs: 230_000 });
    await first.waitForOutput(/Erasing +10 %/, 60_000);
    const second = await here.rekindle(args);
    expect(second.exitCode).toBe(ExitCode.noPermission);
    expect(second.stdout).toMatch(/Another Rekindle \(command line, process \d+\)/);
    // Another account has other lock files, and meets the claim instead.
    const elsewhere = await here.rekindle(args, { env: { REKINDLE_DATA: '/tmp/rekindle-elsewhere' } });
    expect(elsewhere.exitCode).toBe(ExitCode.noPermission);
    expect(elsewhere.stdout).toMatch(/\(\d+\) is using the board/);
    ports[0]?.unplug();
    expect((await first.ended).exitCode).toBe(ExitCode.resumable);
  });

  /** A board that never answers its first GETSTATUS. */
  const silent = { faults: [{ kind: 'nak' as const, request: 3, index: 0 }] };

  it.each([
    ['deadline', 'usb.timeout'],
    ['abort', 'job.aborted'],
    ['gone', 'usb.gone'],
  ] as const)('ends a transfer that is never answered: %s', async (what, code) => {
    const { ports } = await here.plugInBoards(board('nanovna-h', silent));
    const entry = `${here.guest.repository}/dist/transport-probe.js`;
    const probe = here.guest.start([here.guest.node, entry, what], { timeoutMs: 40_000 });
    await probe.waitForOutput(/ready/, 20_000);
    if (what === 'gone') ports[0]?.unplug();
    const ended = await probe.ended;
    expect(ended.exitCode).toBe(0);
    const told = JSON.parse(ended.stdout.split('\n')[1] ?? '') as Record<
      'held' | 'after',
      { code: string; tookMs: number }
    >;
    expect(told.held.code).toBe(code);
    // 300 ms asked for at the deadline, 100 ms at the signal; the rest is the guest's slowness, ten times over.
    if (what !== 'gone') expect(told.held.tookMs).toBeLessThan(6_000);
    console.log(`${what}: ended after ${Math.round(told.held.tookMs)} ms`);
    expect(told.after.code).toBe(what === 'gone' ? 'usb.gone' : 'ok');
  });

  it('sees boards come and go', async () => {
    const { ports } = await here.plugInBoards(board('nanovna-h'));
    const watching = here.guest.start(
      [here.guest.node, `${here.guest.repository}/dist/cli.js`, 'devices', '--watch'],
      {
        env: { REKINDLE_DATA: '/tmp/rekindle-root' },
        timeoutMs: 60_000,
      },
    );
    await watching.waitForOutput(/\+ 1-1 {2}STM32F072/, 20_000);
    ports[0]?.unplug();
    await watching.waitForOutput(/- 1-1/, 20_000);
    ports[0]?.replug();
    await watching.waitForOutput(/- 1-1[^]*\+ 1-1/, 20_000);
    await watching.kill('SIGINT');
    expect((await watching.ended).exitCode).toBe(ExitCode.done);
  });
});
