// A board stays the board it is while what it shows changes; and is never taken for another.
import { describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { app, face, nanoVna, Ports, rom, stranger, withBoard } from './tracked-ports.ts';

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
