// Two boards are two, whatever they show, and wherever they go.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { app, nanoVna, Ports, rom, stranger, withBoard } from './tracked-ports.ts';

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
