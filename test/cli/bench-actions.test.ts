// What people type to move a virtual board: every verb does what its name says, to the board that is meant.
import { describe, expect, it } from 'vitest';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard, type BoardName } from '../../main/bench/boards/registry.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { actByLine, benchVerbs } from '../../main/cli/bench-actions.ts';

function benchWith(...names: readonly BoardName[]): Bench {
  const clock = new SimulatedClock();
  const bench = new Bench({ clock });
  for (const name of names) bench.plug(createBoard(name, { clock, startIn: 'app' }));
  return bench;
}

const button = 'MCLR button (S1)';
const ways = 'menu CONFIG > DFU > RESET AND ENTER DFU';

describe('a line that moves a board', () => {
  const scripts: readonly (readonly [BoardName, readonly (readonly [string, RegExp])[]])[] = [
    [
      'pytrack',
      [
        ['hold S1', /^1-1: on USB; MCLR button \(S1\) \(held\)$/],
        ['let-go 1-1 S1', /^1-1: on USB; MCLR button \(S1\) \(let go\)$/],
        [`press ${button}`, /^1-1: on USB; MCLR button \(S1\) \(let go\)$/],
        ['unplug', /^1-1: not on USB; /],
        ['plug', /^1-1: on USB; /],
      ],
    ],
    [
      'nanovna-h4',
      [
        ['close-jumper BOOT0 to VDD', /jumper BOOT0 to VDD \(closed\)/],
        ['open-jumper 1-1 BOOT0 to VDD', /jumper BOOT0 to VDD \(open\)/],
        ['switch-off', /^1-1: not on USB; .*\(off\)/],
        ['switch-on', /^1-1: .*\(on\)/],
        ['choose CONFIG > DFU > RESET AND ENTER DFU', new RegExp(`^1-1: .*${ways}`)],
      ],
    ],
    [
      'odrive-v3',
      [
        ['switch 1-1 DFU / RUN switch to DFU', /DFU \/ RUN switch \(.*: at DFU\)/],
        ['switch DFU / RUN switch to RUN', /DFU \/ RUN switch \(.*: at RUN\)/],
      ],
    ],
  ];

  it.each(scripts)('is done to a %s, which says how it stands then', (name, lines) => {
    const bench = benchWith(name);
    for (const [line, stands] of lines)
      expect([line, actByLine(bench, line)]).toEqual([line, expect.stringMatching(stands)]);
  });

  it('is tried here with every verb there is', () => {
    const tried = scripts.flatMap(([, lines]) => lines.map(([line]) => line.split(' ')[0]));
    expect(new Set(tried)).toEqual(new Set(Object.keys(benchVerbs)));
  });

  it('names its port where there are several boards, and moves no other', () => {
    const bench = benchWith('pytrack', 'pytrack');
    expect(() => actByLine(bench, 'unplug')).toThrow(expect.objectContaining({ code: 'usage' }) as Error);
    actByLine(bench, 'unplug 1-2');
    expect(bench.ports.map(({ device }) => device !== undefined)).toEqual([true, false]);
  });

  it.each([
    '',
    'sing',
    'hold',
    'press S9',
    'switch DFU / RUN switch',
    'choose',
    'plug in the cable',
    'constructor',
  ])('"%s" moves nothing, and is told to be wrong', (line) => {
    const bench = benchWith('pytrack');
    const before = JSON.stringify(bench.ports[0]?.board?.controls);
    expect(() => actByLine(bench, line)).toThrow(expect.objectContaining({ code: 'usage' }) as Error);
    expect(JSON.stringify(bench.ports[0]?.board?.controls)).toBe(before);
    expect(bench.ports[0]?.device).toBeDefined();
  });
});
