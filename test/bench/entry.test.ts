// From a running program into flash mode: by its shell, by the touch, by whatever works; and every way that does not.
import { describe, expect, it } from 'vitest';
import type { VirtualBoard } from '../../main/bench/board.ts';
import type { DirectRequest } from '../../main/jobs/request.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { verdictOf } from '../../shared/result.ts';
import { dfuseImage, flashRequest, program } from '../support/rig.ts';
import { ProgramBoard, scriptedDoor, ScriptedPort, shellOn } from '../support/scripted-serial.ts';
import { type Scene, detach, scene, obeys, triedIn, busy } from '../support/entry-scene.ts';

describe('a NanoVNA that runs', () => {
  it('is flashed without a hand on it, and seen running again', async () => {
    const here = scene();
    obeys(here);
    const bytes = program(60_000);
    const result = await here.run(flashRequest([dfuseImage([{ address: 0x08000000, bytes }])]));
    expect(result.error).toBeUndefined();
    expect(verdictOf(result)).toBe('verified-and-running');
    expect(here.loader.flash.subarray(0, bytes.length)).toEqual(bytes);
    // What its program says is asked first; the way itself is the last that is sent.
    expect(here.port.received).toMatch(/\rreset dfu\r$/);
    const asked = new Set(here.port.received.split('\r').map((line) => line.replace(/ \d+$/, '')));
    expect(asked).toEqual(
      new Set(
        ['', 'info', 'version', 'sweep', 'frequencies', 'recall', 'data', 'reset dfu'].filter((one) =>
          asked.has(one),
        ),
      ),
    );
    expect(here.port.acts.slice(-2)).toEqual(['open 115200', 'close']);
    expect(here.rig.events).toContainEqual({
      type: 'tried',
      tried: { kind: 'serial-command', outcome: 'worked' },
    });
  });

  it('is brought into flash mode by detach, and backed up', async () => {
    const here = scene();
    obeys(here);
    expect((await here.run()).outcome).toBe('done');
    const again = scene();
    obeys(again);
    const result = await again.run({
      kind: 'backup',
      selection: { waitMs: 0 },
      raw: false,
      leave: false,
      reset: false,
    });
    expect(result).toMatchObject({
      outcome: 'done',
      app: 'running',
      backup: { path: expect.any(String) as string },
    });
  });

  it('is told apart from no other by names that cannot be read: boards with the same ways need not be', async () => {
    const here = scene({ product: '' });
    obeys(here);
    expect((await here.run()).outcome).toBe('done');
  });

  it('finds its prompt behind what somebody else has half typed', async () => {
    const here = scene();
    obeys(here);
    const { hear } = here.port;
    hear('AT+GCAP');
    expect((await here.run()).outcome).toBe('done');
    expect(here.port.received).toBe('\rreset dfu\r');
  });

  it('is told again when somebody else typed into the command', async () => {
    const here = scene();
    obeys(here);
    const { hear } = here.port;
    let typed = false;
    here.port.hear = (text) => {
      if (text.startsWith('reset') && !typed) {
        typed = true;
        hear('AT');
      }
      hear(text);
    };
    expect((await here.run()).outcome).toBe('done');
    expect(here.port.received).toBe('\rreset dfu\r\rreset dfu\r');
  });

  it('is not running when another device is on its port afterwards', async () => {
    const here = scene();
    const { loader, rig } = here;
    const stranger: VirtualBoard = {
      ...{ name: 'stranger', flash: loader.flash, statistics: loader.statistics, controls: [] },
      plugIn(socket) {
        let arrivals = 0;
        loader.plugIn({
          appear(device) {
            if (arrivals++ === 0) socket.appear(device);
            else new ProgramBoard(rig.clock, { productId: 0x1234 }).plugIn(socket);
          },
          vanish: () => socket.vanish(),
          pulled: () => socket.pulled(),
        });
      },
      unplug: () => loader.unplug(),
      act: () => undefined,
    };
    obeys(here, stranger);
    const bytes = program(4_000);
    const result = await here.run(flashRequest([dfuseImage([{ address: 0x08000000, bytes }])]));
    expect(result.content.kind).toBe('verified');
    expect(result.app).toBe('not-seen');
  });
});

describe('a board whose program does not do as it is told', () => {
  it('gets nothing but line ends where no prompt answers', async () => {
    const here = scene({ product: 'ChibiOS/RT Virtual COM Port' });
    const [tried] = triedIn(await here.run());
    expect(tried).toMatchObject({
      kind: 'serial-command',
      outcome: 'failed',
      code: 'entry.no-prompt',
      params: { wanted: 'ch> ', heard: '' },
    });
    expect(here.port.received).toBe('\r\r\r');
    expect(here.port.acts).toEqual(['open 115200', 'close']);
  });

  it.each<[string, string, string]>([
    ['another shell', '\r\n$ ', '$ '],
    ['noise', '\0\xff\x1b[2J\x80', '\u{fffd}\u{fffd}\u{fffd}[2J\u{fffd}'],
  ])('gets nothing but line ends where %s answers', async (_name, answer, heard) => {
    const here = scene();
    here.port.hear = () => here.port.say(answer);
    const [tried] = triedIn(await here.run());
    expect(tried).toMatchObject({ code: 'entry.no-prompt', params: { heard } });
    expect(here.port.received).toBe('\r\r\r');
  });

  it('is not listened to for ever when it never stops talking', async () => {
    const here = scene();
    const { clock } = here.rig;
    let talking = true;
    const talk = (): void => {
      here.port.say('.'.repeat(4096));
      if (talking) clock.after(20, talk);
    };
    talk();
    const [tried] = triedIn(await here.run());
    talking = false;
    expect(tried).toMatchObject({ code: 'entry.no-prompt', params: { heard: '.'.repeat(60) } });
    expect(clock.now()).toBeLessThan(30_000);
  });

  it('says what it said to a command it does not know', async () => {
    const here = scene();
    shellOn(here.port, (command) => `${command.split(' ')[0] ?? ''}?`);
    const [tried] = triedIn(await here.run());
    expect(tried).toMatchObject({ outcome: 'failed', code: 'entry.stayed', params: { answer: 'reset?' } });
  });

  it.each<[string, string, (here: Scene) => void]>([
    ['comes back with its program', 'device.still-runtime', ({ board }) => board.become({})],
    [
      'comes back as something else',
      'entry.other-device',
      ({ board }) => board.become({ productId: 0x1234 }),
    ],
    ['never comes back', 'device.not-returned', ({ board }) => board.become()],
  ])('%s: %s', async (_name, code, reset) => {
    const here = scene();
    shellOn(here.port, () => {
      here.port.vanish();
      reset(here);
      return undefined;
    });
    expect(triedIn(await here.run())).toMatchObject([{ kind: 'serial-command', outcome: 'failed', code }]);
  });

  it('is not told anything when it goes before its prompt', async () => {
    const here = scene();
    here.port.hear = () => {
      here.port.vanish();
      here.board.become();
    };
    expect(triedIn(await here.run())).toMatchObject([{ outcome: 'failed', code: 'serial.gone' }]);
    expect(here.port.received).toBe('\r');
  });

  it('can be given up in the middle, and its port is free again', async () => {
    const here = scene();
    here.port.hear = () => here.rig.abort.abort();
    const result = await here.run();
    expect(result).toMatchObject({ outcome: 'cancelled', error: { code: 'job.aborted' } });
    expect(here.port.acts).toEqual(['open 115200', 'close']);
  });
});

describe('a serial port that cannot be had', () => {
  it('is waited for while ModemManager looks at it', async () => {
    const here = scene();
    obeys(here);
    here.port.refuse = () => (here.rig.clock.now() < 8_000 ? busy(undefined, true) : undefined);
    expect((await here.run()).outcome).toBe('done');
    const waiting = here.rig.events.filter((event) => event.type === 'waiting');
    expect(waiting).toEqual([{ type: 'waiting', for: 'serial-port', holder: undefined, modemManager: true }]);
  });

  it.each<[string, FlashError, number]>([
    ['ModemManager never lets go', busy(undefined, true), 20_000],
    ['somebody unseen has it', busy(undefined), 5_000],
    ['a terminal has it', busy('minicom (77)'), 1_000],
    [
      'no right to it',
      new FlashError('serial.access-denied', { path: '/dev/ttyACM0', platform: 'linux' }),
      5_000,
    ],
  ])('ends in words when %s', async (_name, error, withinMs) => {
    const here = scene();
    here.port.refuse = () => error;
    expect(triedIn(await here.run())).toMatchObject([
      { outcome: 'not-possible', code: error.code, params: error.params },
    ]);
    expect(here.port.received).toBe('');
    expect(here.rig.clock.now()).toBeLessThan(withinMs);
  });

  it('may get its rights a moment after it came', async () => {
    const here = scene();
    obeys(here);
    const denied = new FlashError('serial.access-denied', { path: '/dev/ttyACM0', platform: 'linux' });
    here.port.refuse = () => (here.rig.clock.now() < 700 ? denied : undefined);
    expect((await here.run()).outcome).toBe('done');
  });

  it('may come a moment after its board; one that never comes is not waited for long', async () => {
    const here = scene();
    obeys(here);
    here.port.listedFrom = 1_000;
    expect((await here.run()).outcome).toBe('done');
    const without = scene();
    without.port.listedFrom = Number.POSITIVE_INFINITY;
    expect(triedIn(await without.run())).toMatchObject([{ outcome: 'not-possible', code: 'serial.no-port' }]);
    expect(without.rig.clock.now()).toBeLessThan(10_000);
  });

  it('is not guessed where two boards are alike and the system says nothing', async () => {
    const here = scene();
    obeys(here);
    const { bench, clock } = here.rig;
    bench.plug(new ProgramBoard(clock), '1-2');
    const other = new ScriptedPort({ path: '/dev/ttyACM1', portPath: undefined });
    here.port.facts = { ...here.port.facts, portPath: undefined };
    const services = { serial: [scriptedDoor(clock, [here.port, other])] };
    expect(await here.run(detach, services)).toMatchObject({ error: { code: 'device.several' } });
    const chosen: DirectRequest = { kind: 'detach', selection: { waitMs: 0, device: '1-1' } };
    expect(triedIn(await here.run(chosen, services))).toMatchObject([
      {
        outcome: 'not-possible',
        code: 'serial.port-unknown',
        params: { paths: ['/dev/ttyACM0', '/dev/ttyACM1'] },
      },
    ]);
    expect(here.port.acts).toEqual([]);
    here.port.facts = { ...here.port.facts, portPath: '1-1' };
    expect((await here.run(chosen, services)).outcome).toBe('done');
    expect(other.acts).toEqual([]);
  });
});
