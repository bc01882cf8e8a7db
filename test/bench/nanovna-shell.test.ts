// The NanoVNA's program and its shell, over its serial port (devices.md 5.2 to 5.5).
import { describe, expect, it } from 'vitest';
import { sleep } from '../../main/base/clock.ts';
import { startWait } from '../../main/base/wait.ts';
import { nanovnaLayouts } from '../../main/bench/boards/nanovna-layout.ts';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import type { BoardName } from '../../main/bench/boards/registry.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import { makeRig, program, type Rig } from '../support/rig.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const h = nanovnaLayouts.dislordF072;
const running = { startIn: 'app' } as const;

async function terminalOf(rig: Rig): Promise<Terminal> {
  const terminal = await openTerminal(rig);
  await terminal.answer();
  return terminal;
}

async function idsOf(rig: Rig): Promise<string | undefined> {
  const [facts] = await rig.bench.bus.list(startWait(rig.clock, 1_000));
  return facts && `${facts.vendorId.toString(16).padStart(4, '0')}:${facts.productId.toString(16)}`;
}

function hands(rig: Rig, ...actions: BenchAction[]): void {
  for (const action of actions) rig.port.act(action);
}

/** What is in the flash as if it had been flashed, then power off and on. */
function programInto(rig: Rig, bytes: Uint8Array): void {
  rig.board.flash.fill(0xff, 0, h.codeBytes);
  rig.board.flash.set(bytes);
  rig.port.replug();
}

describe('the shell', () => {
  it('echoes, answers, and shows its prompt again', async () => {
    const rig = makeRig('nanovna-h', running);
    await using terminal = await terminalOf(rig);
    await terminal.type('version\r');
    expect(await terminal.answer()).toBe('version\r\n1.2.40\r\nch> ');
    expect(await terminal.ask('info')).toContain('Board: NanoVNA');
    expect(await terminal.ask('info')).toContain('Version: 1.2.40');
    expect(await terminal.ask('vbat')).toEqual(['4015 mV']);
    expect((await terminal.ask('help')).join()).toMatch(/info.*recall.*reset/);
    expect(await terminal.ask('nonsense 1')).toEqual(['nonsense?']);
    expect(await terminal.ask('constructor')).toEqual(['constructor?']);
    expect(await terminal.ask('')).toEqual([]);
  });

  it('takes a correction, and a line that is too long without harm', async () => {
    const rig = makeRig('nanovna-h', running);
    await using terminal = await terminalOf(rig);
    await terminal.type('verzion\b\b\b\bsion\r');
    expect(await terminal.answer()).toContain('\r\n1.2.40\r\n');
    await terminal.type(`${'x'.repeat(1_000)}\r`);
    expect((await terminal.answer()).match(/x/g)).toHaveLength(128);
  });

  it.each<[BoardName, number, number]>([
    ['nanovna-h', 101, 5],
    ['nanovna-h4', 401, 7],
  ])('%s has %d points and %d slots', async (name, points, slots) => {
    const rig = makeRig(name, running);
    await using terminal = await terminalOf(rig);
    const frequencies = await terminal.ask('frequencies');
    expect(frequencies).toHaveLength(points);
    expect(Number(frequencies.at(-1))).toBe(900_000_000);
    for (let array = 0; array <= 6; array++) {
      const lines = await terminal.ask(`data ${array}`);
      expect(lines).toHaveLength(points);
      expect(lines.every((line) => /^-?\d+\.\d+ -?\d+\.\d+$/.test(line))).toBe(true);
    }
    expect(await terminal.ask('data 7')).toEqual(['usage: data [array]']);
    expect(await terminal.ask(`recall ${slots}`)).toEqual(['usage: recall {id}']);
    expect(await terminal.ask(`recall ${slots - 1}`)).toEqual(['Err, default load']);
    expect(await terminal.ask('recall 1')).toEqual([]);
  });

  it('keeps what is saved, also without power, and what clearconfig takes is gone', async () => {
    const rig = makeRig('nanovna-h', running);
    await using terminal = await terminalOf(rig);
    await terminal.ask('recall 1');
    const second = await terminal.ask('data 2');
    await terminal.ask('recall 0');
    expect(await terminal.ask('data 2')).not.toEqual(second);
    await terminal.ask('recall 1');
    await terminal.ask('sweep 1000000 2000000 51');
    expect(await terminal.ask('sweep')).toEqual(['1000000 2000000 51']);
    expect(await terminal.ask('save 3')).toEqual([]);
    await terminal.line[Symbol.asyncDispose]();
    rig.port.replug();
    await using again = await terminalOf(rig);
    expect(await again.ask('recall 3')).toEqual([]);
    expect(await again.ask('sweep')).toEqual(['1000000 2000000 101']);
    expect(await again.ask('data 2')).toEqual(second);
    expect((await again.ask('clearconfig'))[0]).toMatch(/^usage/);
    expect(await again.ask('recall 3')).toEqual([]);
    await again.ask('clearconfig 1234');
    expect(await again.ask('recall 3')).toEqual(['Err, default load']);
    expect(rig.board.flash.subarray(0x18000).every((byte) => byte === 0xff)).toBe(true);
    await again.ask('saveconfig');
    expect(new DataView(rig.board.flash.buffer).getUint32(h.config, true)).toBe(0x434f4e56);
  });
});

describe('another program in the flash', () => {
  it('says its own version, and keeps calibration of its own family', async () => {
    const rig = makeRig('nanovna-h', running);
    programInto(rig, nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '1.2.46' }));
    await using terminal = await terminalOf(rig);
    expect(await terminal.ask('version')).toEqual(['1.2.46']);
    expect(await terminal.ask('recall 0')).toEqual([]);
  });

  it('that says no version is told by its bytes', async () => {
    const rig = makeRig('nanovna-h', running);
    programInto(rig, program(50_000, 3));
    const first = await (await terminalOf(rig)).ask('version');
    programInto(rig, program(50_000, 4));
    const second = await (await terminalOf(rig)).ask('version');
    expect(first[0]).toMatch(/^virtual-[0-9a-f]{8}$/);
    expect(second).not.toEqual(first);
  });

  it('of the other family finds no calibration, and shows itself as ChibiOS does', async () => {
    const rig = makeRig('nanovna-h', running);
    programInto(rig, nanovnaProgram({ family: 'ttrftech', model: 'NanoVNA-H', version: '0.8.0' }));
    const { device } = rig.port;
    const product = device?.stringDescriptor(2, 0x0409)?.subarray(2);
    expect(new TextDecoder('utf-16le').decode(product)).toBe('ChibiOS/RT Virtual COM Port');
    await using terminal = await terminalOf(rig);
    for (const slot of [0, 1]) expect(await terminal.ask(`recall ${slot}`)).toEqual(['Err, default load']);
    expect((await terminal.ask('info')).join()).not.toContain('Board: ');
  });

  it('keeps the first family’s calibration where it comes with it', async () => {
    const rig = makeRig('nanovna-h', { ...running, firmware: 'ttrftech', firmwareVersion: '0.8.0' });
    expect(new DataView(rig.board.flash.buffer).getUint32(0x18800, true)).toBe(0x434f4e45);
    await using terminal = await terminalOf(rig);
    expect(await terminal.ask('version')).toEqual(['0.8.0']);
    expect(await terminal.ask('recall 1')).toEqual([]);
    await terminal.line[Symbol.asyncDispose]();
    programInto(rig, nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '1.2.46' }));
    await using other = await terminalOf(rig);
    expect(await other.ask('recall 1')).toEqual(['Err, default load']);
  });

  it.each<[string, BoardName, Uint8Array]>([
    ['garbage', 'nanovna-h', new Uint8Array(4096).fill(0x5a)],
    [
      'a program for the H4',
      'nanovna-h',
      nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H4', version: '1.2.46' }),
    ],
    [
      'a program for the H',
      'nanovna-h4',
      nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '1.2.46' }),
    ],
  ])('%s: nothing on USB until the jog or the jumper', async (_what, name, bytes) => {
    const rig = makeRig(name, running);
    programInto(rig, bytes);
    expect(rig.port.device).toBeUndefined();
    await sleep(rig.clock, 10_000);
    expect(rig.port.device).toBeUndefined();
    hands(rig, { act: 'unplug' }, { act: 'hold', control: 'jog switch' }, { act: 'plug' });
    expect(await idsOf(rig)).toBe('0483:df11');
    hands(rig, { act: 'let-go', control: 'jog' }, { act: 'unplug' }, { act: 'plug' });
    expect(rig.port.device).toBeUndefined();
    hands(rig, { act: 'unplug' }, { act: 'close-jumper', control: 'BOOT0 to VDD' }, { act: 'plug' });
    expect(await idsOf(rig)).toBe('0483:df11');
  });
});

describe('ways into the ROM', () => {
  it('reset dfu prints a line, goes, and comes back as the ROM', async () => {
    const rig = makeRig('nanovna-h4', running);
    await using terminal = await terminalOf(rig);
    await terminal.type('reset dfu\r');
    let text = '';
    const read = async (): Promise<never> => {
      for (;;) text += new TextDecoder().decode(await terminal.line.read(terminal.wait()));
    };
    await expect(read()).rejects.toMatchObject({ code: 'serial.gone' });
    expect(text).toMatch(/^reset dfu\r\n.+\r\n$/);
    expect(text).not.toContain('ch> ');
    expect(rig.port.device).toBeUndefined();
    await expect(terminal.type('version\r')).rejects.toMatchObject({ code: 'serial.gone' });
    await sleep(rig.clock, 1_000);
    expect(await idsOf(rig)).toBe('0483:df11');
    rig.port.replug();
    expect(await idsOf(rig)).toBe('0483:5740');
  });

  it('reset dfu of a program built without it is a reset', async () => {
    const rig = makeRig('nanovna-h4', { softwareDfu: false });
    await using terminal = await terminalOf(rig);
    await terminal.type('reset dfu\r');
    await sleep(rig.clock, 1_000);
    expect(await idsOf(rig)).toBe('0483:5740');
    expect(rig.port.generation).toBe(2);
  });

  it('a program that hangs says nothing at all', async () => {
    const rig = makeRig('nanovna-h4', { silentShell: true });
    await using terminal = await openTerminal(rig);
    await terminal.type('reset dfu\r');
    await expect(terminal.line.read(terminal.wait(5_000))).rejects.toMatchObject({ code: 'job.timeout' });
    expect(rig.port.generation).toBe(1);
  });

  it('reset comes back as the program', async () => {
    const rig = makeRig('nanovna-h', running);
    await using terminal = await terminalOf(rig);
    await terminal.type('reset\r');
    await sleep(rig.clock, 1_000);
    expect(await idsOf(rig)).toBe('0483:5740');
    expect(rig.port.generation).toBe(2);
  });

  it('its menu, while the program runs', async () => {
    const rig = makeRig('nanovna-h', running);
    const choose: BenchAction = { act: 'choose', path: ['CONFIG', 'DFU', 'RESET AND ENTER DFU'] };
    hands(rig, choose);
    await sleep(rig.clock, 1_000);
    expect(await idsOf(rig)).toBe('0483:df11');
    const { generation } = rig.port;
    hands(rig, choose);
    await sleep(rig.clock, 1_000);
    expect(rig.port.generation).toBe(generation);
    expect(() => hands(rig, { act: 'choose', path: ['CONFIG'] })).toThrow(
      expect.objectContaining({ code: 'api.unknown' }),
    );
  });

  it('the jog held while it is switched on, and not a moment later', async () => {
    const rig = makeRig('nanovna-h', running);
    hands(rig, { act: 'switch-off' });
    expect(rig.port.device).toBeUndefined();
    hands(rig, { act: 'switch-on' }, { act: 'hold', control: 'jog switch' });
    expect(await idsOf(rig)).toBe('0483:5740');
    hands(rig, { act: 'switch-off' }, { act: 'switch-on' }, { act: 'let-go', control: 'jog switch' });
    expect(await idsOf(rig)).toBe('0483:df11');
    hands(rig, { act: 'switch-off' }, { act: 'unplug' }, { act: 'plug' });
    expect(rig.port.device).toBeUndefined();
    hands(rig, { act: 'switch-on' });
    expect(await idsOf(rig)).toBe('0483:5740');
  });

  it('a control it does not have is refused', () => {
    const rig = makeRig('nanovna-h', running);
    for (const action of [
      { act: 'hold', control: 'S1' },
      { act: 'switch', control: 'jog switch', to: 'DFU' },
      { act: 'open-jumper', control: 'jog switch' },
    ] satisfies BenchAction[]) {
      expect(() => hands(rig, action)).toThrow(expect.objectContaining({ code: 'api.unknown' }));
    }
    expect(rig.board.controls).toContainEqual({ kind: 'button', name: 'jog switch', held: false });
  });
});
