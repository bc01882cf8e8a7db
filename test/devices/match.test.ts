// What a device may be: ids and maps leave boards out, texts name them, and nothing more is claimed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boardsWithChip, isGeneric, matchProfiles, runningAs, type Seen } from '../../main/devices/match.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import type { Profile } from '../../shared/profile.ts';
import { profile } from '../support/profiles.ts';

const nothing = { manufacturer: undefined, product: undefined, chip: undefined };

function seen(ids: string, mode: Seen['mode'], more: Partial<Seen> = {}): Seen {
  const [vendor = '', product = ''] = ids.split(':');
  const [vendorId, productId] = [Number.parseInt(vendor, 16), Number.parseInt(product, 16)];
  return { vendorId, productId, mode, ...nothing, ...more };
}

/** `nanovna-h flash possible` */
function told(device: Seen, profiles: readonly Profile[] = builtInProfiles): string[] {
  return matchProfiles(device, profiles).map((one) => `${one.profile.id} ${one.mode} ${one.certainty}`);
}

const own = { kind: 'flash' as const, ids: ['1234:0001'], source: 'a test' };
const mineOf = (
  modes: NonNullable<Parameters<typeof profile>[0]>['modes'] & object,
  id = 'mine-board',
): Profile => profile({ id, name: id, modes });

const rom = (chip?: string, product = 'STM32  BOOTLOADER'): Seen =>
  seen('0483:df11', 'dfu', { manufacturer: 'STMicroelectronics', product, chip });
const program = (manufacturer: string, product: string): Seen =>
  seen('0483:5740', 'other', { manufacturer, product });

describe('in its boot ROM', () => {
  it('an STM32F072 may be a NanoVNA-H, is surely no H4, and is an STM32 in its ROM beyond doubt', () => {
    expect(told(rom('stm32f072'))).toEqual(['nanovna-h flash possible', 'stm32-rom flash sure']);
  });

  it('a chip without a map we know, or without a board we know, is an STM32', () => {
    expect(told(rom('stm32f411'))).toEqual(['stm32-rom flash sure']);
  });

  it('before it was opened it may be any of them', () => {
    const ids = told(seen('0483:df11', 'dfu')).map((one) => one.split(' ')[0]);
    expect(ids).toEqual(expect.arrayContaining(['nanovna-h', 'nanovna-h4', 'odrive-v3', 'stm32-rom']));
    expect(ids.at(-1)).toBe('stm32-rom');
  });

  it('a memory map never proves a board, whatever its profile claims', () => {
    const mine = mineOf([{ kind: 'flash', ids: ['0483:df11'], chips: ['stm32f411'], source: 'a test' }]);
    expect(told(rom('stm32f411'), [mine, ...builtInProfiles])[0]).toBe('mine-board flash possible');
  });
});

describe('running its program', () => {
  it.each([
    ['NanoVNA-H', 'nanovna-h application sure'],
    ['NanoVNA-H4', 'nanovna-h4 application sure'],
    ['  NanoVNA-H  ', 'nanovna-h application sure'],
  ])('a board that calls itself %s is one', (product, expected) => {
    expect(told(program('nanovna.com', product))).toEqual([expected]);
  });

  it('a ChibiOS program may be a NanoVNA: many boards say the same', () => {
    expect(told(program('STMicroelectronics', 'ChibiOS/RT Virtual COM Port'))).toEqual([
      'nanovna-h application possible',
    ]);
  });

  it('a virtual serial port of another maker is no board of ours', () => {
    expect(told(program('Somebody', 'Oscilloscope'))).toEqual([]);
  });

  it('texts that could not be read leave it open', () => {
    expect(told(seen('0483:5740', 'other'))).toEqual([
      'nanovna-h application possible',
      'nanovna-h4 application possible',
    ]);
  });

  it("an ODrive is told by ids of its own and its maker's name", () => {
    expect(told(seen('1209:0d32', 'other', { manufacturer: 'ODrive Robotics', product: '' }))).toEqual([
      'odrive-v3 application sure',
    ]);
    expect(told(seen('1209:0d32', 'other', { manufacturer: 'Somebody', product: '' }))).toEqual([]);
  });
});

describe('what a device is asked as while its program runs', () => {
  const running = (device: Seen, profiles: readonly Profile[] = builtInProfiles): string[] =>
    runningAs(matchProfiles(device, profiles)).map(({ id }) => id);

  it('is whatever its names do not contradict', () => {
    const one = mineOf(
      [{ kind: 'application', ids: ['0483:5740'], products: ['One', 'Uno'], source: 'me' }],
      'one',
    );
    const other = mineOf(
      [
        { kind: 'application', ids: ['0483:5740'], manufacturers: ['Other'], source: 'me' },
        { kind: 'flash', ids: ['0483:df11'], source: 'me' },
      ],
      'other',
    );
    const shows = (manufacturer?: string, product?: string): string[] =>
      running(seen('0483:5740', 'other', { manufacturer, product }), [one, other]).toSorted();
    expect(shows()).toEqual(['one', 'other']);
    expect(shows('Other', 'Uno')).toEqual(['one', 'other']);
    expect(shows('Test', 'Uno')).toEqual(['one']);
    expect(shows('Other', 'Two')).toEqual(['other']);
    expect(shows('Test', 'Two')).toEqual([]);
  });

  it('is nothing in flash mode, also where a loader calls itself a program', () => {
    expect(running(seen('0483:df11', 'dfu'))).toEqual([]);
    expect(running(seen('04d8:f014', 'runtime'))).toEqual([]);
  });

  it('is nothing where only a family of bootloaders fits', () => {
    expect(running(seen('1209:0001', 'runtime'))).toEqual([]);
  });
});

describe('boards that look the same', () => {
  it.each([
    ['04d8:f014', 'dfu', ['pycom-pytrack flash possible', 'pycom-pytrack-2x flash possible']],
    // Its loader may call itself a program (devices.md 2.2).
    ['04d8:f014', 'runtime', ['pycom-pytrack flash possible', 'pycom-pytrack-2x flash possible']],
    ['04d8:f013', 'other', ['pycom-pytrack application possible', 'pycom-pytrack-2x application possible']],
    ['04d8:ef99', 'dfu', ['pycom-expansion-3-0 flash possible', 'pycom-expansion-3-1 flash possible']],
    ['04d8:ef37', 'dfu', ['pycom-pyscan flash sure']],
  ] as const)('%s in %s', (ids, mode, expected) => {
    expect(told(seen(ids, mode))).toEqual(expected);
  });
});

describe('profiles of a family of bootloaders', () => {
  it('are those, and no board is one', () => {
    const generic = builtInProfiles.filter(isGeneric).map((one) => one.id);
    expect(generic.toSorted()).toEqual(['dfu-generic', 'gd32vf103', 'pic16-dfu', 'stm32-rom']);
  });

  it('the last resort takes any DFU device, in flash mode and before, and nothing else', () => {
    expect(told(seen('1209:0001', 'dfu'))).toEqual(['dfu-generic flash sure']);
    expect(told(seen('1209:0001', 'runtime'))).toEqual(['dfu-generic runtime-dfu sure']);
    expect(told(seen('1209:0001', 'other'))).toEqual([]);
    expect(told(seen('2b04:d01a', 'dfu'))).toEqual(['particle-tracker flash sure']);
  });
});

it('two profiles that are both sure are both only possible', () => {
  const [one, two] = [mineOf([own]), mineOf([own], 'other-board')];
  expect(told(seen('1234:0001', 'dfu'), [one, two])).toEqual([
    'mine-board flash possible',
    'other-board flash possible',
  ]);
});

it('a wildcard never proves a board', () => {
  expect(told(seen('1366:0101', 'other'))).toEqual(['segger-j-link application possible']);
});

it('a program and its loader with the same ids are told apart by their descriptors', () => {
  const mine = mineOf([
    { kind: 'runtime-dfu', ids: ['1234:0001'], source: 'a test' },
    { kind: 'flash', ids: ['1234:0001'], source: 'a test' },
  ]);
  expect(told(seen('1234:0001', 'runtime'), [mine])).toEqual(['mine-board runtime-dfu sure']);
  expect(told(seen('1234:0001', 'dfu'), [mine])).toEqual(['mine-board flash sure']);
  expect(told(seen('1234:0001', 'other'), [mine])).toEqual([]);
});

it('a chip names the boards whose loader shows it', () => {
  expect(boardsWithChip(builtInProfiles, 'stm32f303')).toEqual(['NanoVNA-H4']);
  expect(boardsWithChip(builtInProfiles, 'stm32f411')).toEqual([]);
});

it('whatever a device shows: specific before generic, sure before possible, at most one board sure, no profile twice', () => {
  const ids = [...new Set(builtInProfiles.flatMap((one) => one.modes.flatMap((mode) => mode.ids)))].map(
    (one) => one.replaceAll('*', '0001'),
  );
  const text = fc.constantFrom(undefined, '', 'NanoVNA-H', 'NanoVNA-H4', 'ODrive Robotics', 'DFU in FS Mode');
  const device = fc.record({
    ids: fc.constantFrom(...ids, 'ffff:ffff'),
    mode: fc.constantFrom<Seen['mode']>('dfu', 'runtime', 'other'),
    manufacturer: text,
    product: text,
    chip: fc.constantFrom(undefined, 'stm32f072', 'stm32f303', 'stm32f405', 'stm32f411'),
  });
  fc.assert(
    fc.property(
      device,
      fc.array(fc.nat(), { minLength: 50, maxLength: 50 }),
      ({ ids: of, ...rest }, order) => {
        const shuffled = builtInProfiles
          .map((profile, index) => ({ profile, at: order[index] ?? 0 }))
          .toSorted((a, b) => a.at - b.at)
          .map((one) => one.profile);
        const found = matchProfiles(seen(of, rest.mode, rest), shuffled);
        const ranks = found.map(
          (one) => (isGeneric(one.profile) ? 2 : 0) + (one.certainty === 'sure' ? 0 : 1),
        );
        const generic = found.map((one) => isGeneric(one.profile));
        expect(generic).toEqual(generic.toSorted());
        expect(ranks.filter((rank) => rank < 2)).toEqual(ranks.filter((rank) => rank < 2).toSorted());
        expect(ranks.filter((rank) => rank === 0).length).toBeLessThanOrEqual(1);
        expect(new Set(found.map((one) => one.profile.id)).size).toBe(found.length);
        // The order of the profiles changes neither what fits nor how surely.
        const names = (all: readonly Profile[]) => told(seen(of, rest.mode, rest), all).toSorted();
        expect(names(shuffled)).toEqual(names(builtInProfiles));
      },
    ),
  );
});
