// A board stays the board it is while what it shows changes; and is never taken for another.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchProfiles, type Seen } from '../../main/devices/match.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { isTelling } from '../../main/devices/serial-worth.ts';
import { Tracker } from '../../main/devices/tracker.ts';
import type { Unit } from '../../main/devices/unit.ts';

/** What a board shows in one mode. */
interface Face extends Omit<Seen, 'manufacturer'> {
  readonly serial: string;
}

const face = (ids: string, more: Partial<Face> = {}): Face => {
  const [vendor = '', product = ''] = ids.split(':');
  return {
    vendorId: Number.parseInt(vendor, 16),
    productId: Number.parseInt(product, 16),
    mode: 'other',
    product: '',
    chip: undefined,
    serial: '',
    ...more,
  };
};
const app = (serial = '400', product = 'NanoVNA-H'): Face => face('0483:5740', { product, serial });
const rom = (chip = 'stm32f072'): Face =>
  face('0483:df11', { mode: 'dfu', product: 'STM32  BOOTLOADER', chip, serial: 'FFFFFFFEFFFF' });
const stranger = face('1209:0001', { mode: 'dfu' });

/** A computer with ports, and what a look at them tells the tracker. */
class Ports {
  readonly tracker = new Tracker(builtInProfiles);
  readonly #boards = new Map<string, { face: Face; generation: number }>();
  #generation = 0;
  now = 0;

  put(portPath: string, shown: Face): void {
    this.#boards.set(portPath, { face: shown, generation: ++this.#generation });
  }

  pull(portPath: string): void {
    this.#boards.delete(portPath);
  }

  /** A list as it is now, to be told whenever. */
  list(): { portPath: string; generation: number; vendorId: number; productId: number }[] {
    return [...this.#boards].map(([portPath, { face: shown, generation }]) => ({
      portPath,
      generation,
      vendorId: shown.vendorId,
      productId: shown.productId,
    }));
  }

  /** @param open false: a job has the ports, and nothing is opened */
  look(open = true): void {
    this.tracker.see('usb', this.list(), this.now);
    for (const [portPath, { face: shown, generation }] of open ? this.#boards : []) {
      const matches = matchProfiles({ ...shown, manufacturer: '' }, builtInProfiles);
      const { serial, product } = shown;
      this.tracker.learn({ bus: 'usb', portPath, generation }, { serial, product, matches }, this.now);
    }
  }

  /** After some time. */
  after(milliseconds: number, open = true): void {
    this.now += milliseconds;
    this.look(open);
  }

  at(portPath: string): Unit {
    const generation = this.#boards.get(portPath)?.generation ?? -1;
    const unit = this.tracker.unitAt({ bus: 'usb', portPath, generation });
    if (unit === undefined) throw new Error(`nothing at ${portPath}`);
    return unit;
  }

  /** From one mode to another, seen to be away in between. */
  change(portPath: string, shown: Face, awayMs = 500): void {
    this.pull(portPath);
    this.after(10);
    this.put(portPath, shown);
    this.after(awayMs);
  }
}

function withBoard(shown: Face, portPath = '1-1'): Ports {
  const ports = new Ports();
  ports.put(portPath, shown);
  ports.look();
  return ports;
}

const nanoVna = { id: 'nanovna-h', how: 'proven', name: 'NanoVNA-H' };

describe('one board', () => {
  it('is the NanoVNA-H it was as a program in flash mode, and as a program again', () => {
    const ports = withBoard(app());
    const { id } = ports.at('1-1');
    for (const next of [rom(), app(), rom()]) {
      ports.change('1-1', next);
      expect(ports.at('1-1')).toMatchObject({ id, profile: nanoVna, confidence: 'port' });
    }
    expect(ports.at('1-1').sightings.map(({ ids }) => ids)).toEqual([
      '0483:5740',
      '0483:df11',
      '0483:5740',
      '0483:df11',
    ]);
  });

  it('keeps the first number that told it from others, whatever its loader shows', () => {
    const ports = withBoard(app('3A0012345678'));
    const number = (): string | undefined => ports.tracker.numberOn({ bus: 'usb', portPath: '1-1' });
    for (const next of [rom(), app('3A0012345678')]) {
      expect(number()).toBe('3A0012345678');
      ports.change('1-1', next);
    }
    expect(number()).toBe('3A0012345678');
    // One that shows none has none, and is no other for having been away.
    expect(withBoard(rom()).tracker.numberOn({ bus: 'usb', portPath: '1-1' })).toBeUndefined();
  });

  it('stays it while a job has it and nothing is opened', () => {
    const ports = withBoard(app());
    const { id } = ports.at('1-1');
    for (const next of [rom(), app()]) {
      ports.pull('1-1');
      ports.after(10, false);
      ports.put('1-1', next);
      ports.after(500, false);
    }
    expect(ports.at('1-1')).toMatchObject({ id, profile: nanoVna });
  });

  it('is another once it was away for too long to have changed its mode', () => {
    const ports = withBoard(app());
    const { id } = ports.at('1-1');
    ports.change('1-1', rom(), 10_001);
    expect(ports.at('1-1').id).not.toBe(id);
    expect(ports.at('1-1').profile).toBeUndefined();
  });

  it('is another when it comes back as it was, later than a reset takes', () => {
    const ports = withBoard(rom());
    const { id } = ports.at('1-1');
    ports.change('1-1', rom(), 1_900);
    expect(ports.at('1-1').id).toBe(id);
    ports.change('1-1', rom(), 2_100);
    expect(ports.at('1-1').id).not.toBe(id);
  });

  it('is another when its ids are none that it could have', () => {
    const ports = withBoard(app());
    ports.change('1-1', stranger);
    expect(ports.at('1-1')).toMatchObject({ confidence: 'new', profile: undefined });
  });

  it('is another when its chip is none that it could have', () => {
    const ports = withBoard(app('400', 'NanoVNA-H4'));
    const { id } = ports.at('1-1');
    ports.change('1-1', rom('stm32f072'));
    expect(ports.at('1-1').id).not.toBe(id);
    expect(ports.at('1-1').profile).toBeUndefined();
  });

  it('a ChibiOS program proves nothing for its flash mode', () => {
    const ports = withBoard(app('400', 'ChibiOS/RT Virtual COM Port'));
    const { id } = ports.at('1-1');
    ports.change('1-1', rom());
    expect(ports.at('1-1')).toMatchObject({ id, profile: undefined });
  });
});

describe('what a person says', () => {
  const pytrack = (ids: string) => face(ids, { mode: ids === '04d8:f014' ? 'dfu' : 'other' });
  const two = builtInProfiles.find(({ id }) => id === 'pycom-pytrack-2x');

  function tell(ports: Ports): void {
    ports.tracker.tell(ports.at('1-1').place, two);
  }

  it('goes along from mode to mode, and can be taken back', () => {
    const ports = withBoard(pytrack('04d8:f013'));
    tell(ports);
    ports.change('1-1', pytrack('04d8:f014'));
    expect(ports.at('1-1').profile).toEqual({ id: 'pycom-pytrack-2x', how: 'told', name: 'Pytrack 2X' });
    ports.tracker.tell(ports.at('1-1').place, undefined);
    expect(ports.at('1-1').profile).toBeUndefined();
  });

  it('is forgotten when another board comes, also one of the same kind', () => {
    for (const next of [pytrack('04d8:f013'), stranger, rom()]) {
      const ports = withBoard(pytrack('04d8:f013'));
      tell(ports);
      ports.change('1-1', next, 3_000);
      expect(ports.at('1-1').profile).toBeUndefined();
    }
  });

  it('is forgotten when a board comes anew as it was, however fast: a hand may have changed it', () => {
    const ports = withBoard(pytrack('04d8:f013'));
    tell(ports);
    ports.put('1-1', pytrack('04d8:f013'));
    ports.after(10);
    expect(ports.at('1-1').profile).toBeUndefined();
  });

  it('is not heard of an arrival that is over', () => {
    const ports = withBoard(pytrack('04d8:f013'));
    const { place } = ports.at('1-1');
    ports.change('1-1', stranger);
    expect(ports.tracker.tell(place, two)).toBe(false);
    expect(ports.at('1-1').profile).toBeUndefined();
  });
});

describe('lists on bad days', () => {
  it('a departure nobody told of: the board stands there in its other mode at once', () => {
    const ports = withBoard(app());
    const { id } = ports.at('1-1');
    ports.put('1-1', rom());
    ports.after(300);
    expect(ports.at('1-1')).toMatchObject({ id, profile: nanoVna });
  });

  it('doubled: twice the same changes nothing', () => {
    const ports = withBoard(app());
    const before = ports.at('1-1');
    ports.look();
    ports.tracker.see('usb', [...ports.list(), ...ports.list()], ports.now);
    expect(ports.at('1-1')).toEqual(before);
  });

  it('reversed: an old list that comes late takes nothing back', () => {
    const ports = withBoard(app());
    const old = ports.list();
    ports.change('1-1', rom());
    const before = ports.at('1-1');
    ports.tracker.see('usb', old, ports.now);
    ports.tracker.see('usb', [], ports.now);
    ports.after(50);
    expect(ports.at('1-1')).toEqual(before);
  });

  it('of one bus say nothing of another', () => {
    const ports = withBoard(app());
    ports.tracker.see('bench', [], ports.now);
    expect(ports.at('1-1').present).toBe(true);
  });

  it('a device that comes and goes without end is not remembered without end', () => {
    const ports = new Ports();
    for (let round = 0; round < 2_000; round++) {
      ports.put('1-1', round % 2 === 0 ? stranger : app());
      ports.after(5_000);
      ports.pull('1-1');
      ports.after(5_000);
    }
    ports.put('1-1', app());
    ports.look();
    expect(ports.at('1-1').sightings.length).toBeLessThanOrEqual(8);
  });
});

describe('two boards', () => {
  it('two NanoVNAs with one serial number are two, by their ports, through all their modes', () => {
    const ports = withBoard(app());
    ports.put('1-2', app());
    ports.look();
    const ids = [ports.at('1-1').id, ports.at('1-2').id];
    expect(new Set(ids).size).toBe(2);
    ports.change('1-1', rom());
    ports.change('1-2', rom());
    ports.change('1-2', app());
    ports.change('1-1', app());
    expect([ports.at('1-1').id, ports.at('1-2').id]).toEqual(ids);
    expect(ports.at('1-1').learned.serials).toEqual([]);
  });

  it('with numbers of their own, swapped between their ports, are known again', () => {
    const [one, two] = [app('3A0012345678'), app('3A0087654321')];
    const ports = withBoard(one);
    ports.put('1-2', two);
    ports.look();
    const [a, b] = [ports.at('1-1').id, ports.at('1-2').id];
    ports.pull('1-1');
    ports.pull('1-2');
    ports.after(10);
    ports.put('1-1', two);
    ports.put('1-2', one);
    ports.after(1_000);
    expect([ports.at('1-1').id, ports.at('1-2').id]).toEqual([b, a]);
    expect(ports.at('1-1').confidence).toBe('number');
  });

  it('a serial number that two show at once tells nothing any more', () => {
    const shown = app('3A0012345678');
    const ports = withBoard(shown);
    ports.put('1-2', shown);
    ports.look();
    expect(ports.at('1-1').id).not.toBe(ports.at('1-2').id);
    expect(ports.at('1-1').learned.serials).toEqual([]);
    const { id } = ports.at('1-1');
    ports.pull('1-1');
    ports.after(10);
    ports.put('1-3', shown);
    ports.after(500);
    expect(ports.at('1-3').id).not.toBe(id);
  });

  it('one with a number of its own is the same on another port, and knows what it was told', () => {
    const ports = withBoard(app('3A0012345678'));
    const { id } = ports.at('1-1');
    ports.pull('1-1');
    ports.after(60_000);
    ports.put('2-4', app('3A0012345678'));
    ports.after(1_000);
    expect(ports.at('2-4')).toMatchObject({ id, profile: nanoVna, confidence: 'number' });
  });

  it('without one is the same on another port for whoever followed it there, and its old port is another’s', () => {
    const ports = withBoard(app());
    const { id } = ports.at('1-1');
    ports.pull('1-1');
    ports.put('1-2', rom());
    const [there] = ports.list();
    if (there === undefined) throw new Error('nothing there');
    ports.tracker.follow('usb', '1-1', there, ports.now);
    expect(ports.at('1-2')).toMatchObject({ id, profile: nanoVna, confidence: 'followed' });
    ports.put('1-1', app());
    ports.after(100);
    expect(ports.at('1-1').id).not.toBe(id);
    expect(ports.at('1-2').id).toBe(id);
  });

  it('never by the number alone: another kind of device with it is another', () => {
    const ports = withBoard(app('3A0012345678'));
    const { id } = ports.at('1-1');
    ports.pull('1-1');
    ports.after(10);
    ports.put('1-2', { ...stranger, serial: '3A0012345678' });
    ports.after(500);
    expect(ports.at('1-2').id).not.toBe(id);
  });
});

it.each([
  ['FFFFFFFEFFFF', false],
  ['400', false],
  ['', false],
  ['0123456789', false],
  ['123456789ABC', false],
  ['000000000001', false],
  ['208737815056', true],
  ['Pyabcde0', true],
])('the serial number %s could be a board\u2019s own: %s', (serial, telling) =>
  expect(isTelling(serial)).toBe(telling),
);

it('whatever happens, no two ports have one unit, and a unit has one arrival', () => {
  const faces = [
    app(),
    app('3A0012345678'),
    app('3A0087654321', 'NanoVNA-H4'),
    rom(),
    rom('stm32f303'),
    stranger,
  ];
  const act = fc.record({
    port: fc.constantFrom('1-1', '1-2', '1-3'),
    what: fc.constantFrom('put', 'pull', 'look', 'late'),
    board: fc.nat(faces.length - 1),
    ms: fc.nat(4_000),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const ports = new Ports();
      let late = ports.list();
      for (const { port, what, board, ms } of acts) {
        if (what === 'put') ports.put(port, faces[board] ?? stranger);
        if (what === 'pull') ports.pull(port);
        if (what === 'late') ports.tracker.see('usb', late, ports.now);
        late = ports.list();
        ports.after(ms);
        const units = ports.list().map(({ portPath }) => ports.at(portPath));
        expect(new Set(units.map(({ id }) => id)).size).toBe(units.length);
        for (const unit of units) expect(unit.present).toBe(true);
      }
    }),
  );
});
