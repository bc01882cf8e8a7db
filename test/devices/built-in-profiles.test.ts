// Every profile that comes with the program, and the table of ids that all of them must cover (devices.md 0.1).
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { boardNames, createBoard, isBoardName } from '../../main/bench/boards/registry.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { profilesFor } from '../../main/devices/match-ids.ts';
import { senseOf } from '../../main/devices/profile-sense.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { profileSchema } from '../../shared/profile.ts';

const folder = 'assets/profiles';
const files = readdirSync(folder);

function fitting(ids: string): string[] {
  const [vendorId = 0, productId = 0] = ids.split(':').map((part) => Number.parseInt(part, 16));
  return profilesFor(builtInProfiles, { vendorId, productId })
    .map((profile) => profile.id)
    .toSorted();
}

describe('the profiles that come with the program', () => {
  it.each(files)('%s follows the schema, makes sense and bears its own name', (file) => {
    const read: unknown = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
    const profile = v.parse(profileSchema, read);
    expect(`${profile.id}.json`).toBe(file);
    expect(senseOf(profile, file === 'dfu-generic.json')).toEqual([]);
  });

  it('are all in the program', () => {
    expect(builtInProfiles.map((profile) => `${profile.id}.json`).toSorted()).toEqual(files.toSorted());
  });

  const particle = {
    'particle-photon': 0x06,
    'particle-p1': 0x08,
    'particle-electron': 0x0a,
    'particle-argon': 0x0c,
    'particle-boron': 0x0d,
    'particle-e-som-x': 0x0f,
    'particle-a-som': 0x16,
    'particle-b-som': 0x17,
    'particle-b5-som': 0x19,
    'particle-tracker': 0x1a,
    'particle-tracker-m': 0x1c,
    'particle-photon-2': 0x20,
    'particle-m-som': 0x23,
    'particle-electron-2': 0x25,
  };
  const table: Readonly<Record<string, readonly string[]>> = {
    ...Object.fromEntries(
      Object.entries(particle).flatMap(([id, platform]) => {
        const low = platform.toString(16).padStart(2, '0');
        return [
          [`2b04:c0${low}`, [id]],
          [`2b04:d0${low}`, [id]],
        ];
      }),
    ),
    '1d50:607d': ['particle-core'],
    '1d50:607f': ['particle-core'],
    '04d8:f013': ['pycom-pytrack', 'pycom-pytrack-2x'],
    '04d8:f014': ['pycom-pytrack', 'pycom-pytrack-2x'],
    '04d8:f012': ['pycom-pysense', 'pycom-pysense-2x'],
    '04d8:f011': ['pycom-pysense', 'pycom-pysense-2x'],
    '04d8:ef38': ['pycom-pyscan'],
    '04d8:ef37': ['pycom-pyscan'],
    '04d8:ef98': ['pycom-expansion-3-0', 'pycom-expansion-3-1'],
    '04d8:ef99': ['pycom-expansion-3-0', 'pycom-expansion-3-1'],
    '04d8:ed14': ['pycom-pygate'],
    '04d8:ed15': ['pycom-pygate'],
    '0403:6015': ['pycom-expansion-2-0'],
    '1209:2002': ['pic16-dfu'],
    '1209:0d31': ['odrive-v3'],
    '1209:0d32': ['odrive-v3'],
    '1209:0d33': ['odrive-v3'],
    '0483:df11': ['nanovna-h', 'nanovna-h4', 'odrive-s1', 'odrive-v3', 'stm32-rom'],
    '0483:5740': ['nanovna-h', 'nanovna-h4'],
    '1366:0101': ['segger-j-link'],
    '1366:1061': ['segger-j-link'],
    '1915:520f': ['nordic-thingy-91'],
    '1915:9100': ['nordic-thingy-91'],
    '1915:521f': ['nordic-nrf52-bootloader'],
    '1915:c00a': ['nordic-nrf52-bootloader'],
    '1915:cafe': ['nordic-nrf52-bootloader'],
    '1915:530c': ['nordic-thingy-53'],
    '1915:53ab': ['nordic-npm1300-ek'],
    '1915:53ac': ['nordic-npm1300-ek'],
    '2e8a:0003': ['raspberry-pi-pico'],
    '303a:1001': ['espressif-native-usb'],
    '28e9:0189': ['gd32vf103'],
    // Nobody's: any DFU device.
    '1234:5678': ['dfu-generic'],
  };
  it.each(Object.keys(table))('know whose %s is', (ids) => expect(fitting(ids)).toEqual(table[ids]));

  it('tell boards apart by the name printed on them where their flash mode has the same ids and chip', () => {
    for (const one of builtInProfiles.filter((profile) => profile.id.startsWith('pycom-'))) {
      const flash = one.modes.find((mode) => mode.kind === 'flash');
      const twins = builtInProfiles.filter(
        (other) =>
          other !== one &&
          other.modes.some(
            (mode) => mode.kind === 'flash' && mode.ids.some((ids) => flash?.ids.includes(ids)),
          ),
      );
      expect([one.id, one.printed !== undefined]).toEqual([one.id, twins.length > 0]);
    }
  });

  it('that were tried on a virtual board name one that there is', () => {
    for (const { id, tested, virtual } of builtInProfiles) {
      expect([id, virtual !== undefined]).toEqual([id, tested === 'simulator']);
      if (virtual !== undefined) expect(boardNames).toContain(virtual);
    }
  });

  it('call controls what the virtual board calls them', () => {
    for (const { id, virtual, ways, after } of builtInProfiles) {
      if (virtual === undefined || !isBoardName(virtual) || id === 'stm32-rom' || id === 'dfu-generic')
        continue;
      const board = createBoard(virtual, { clock: new SimulatedClock() });
      const names = board.controls.flatMap((control) => ('name' in control ? [control.name] : []));
      const steps = [
        ...ways.flatMap((way) => (way.kind === 'by-hand' ? [...way.steps, ...way.after] : [])),
        ...after,
      ];
      for (const step of steps)
        if ('control' in step) expect([id, names]).toEqual([id, expect.arrayContaining([step.control])]);
    }
  });

  it('claim full support only for boards a source lets us serve', () => {
    const full = builtInProfiles.filter((profile) => profile.support === 'full').map(({ maker }) => maker);
    expect(new Set(full)).toEqual(
      new Set(['NanoVNA', 'Pycom', 'STMicroelectronics', 'GigaDevice', 'any maker']),
    );
  });

  it('offer no way into flash mode of an ODrive, which an old one does not survive (devices.md 3.3)', () => {
    expect(builtInProfiles.find((profile) => profile.id === 'odrive-v3')?.ways).toEqual([]);
  });

  it('never touch the line or the loader of a board that is known by name only', () => {
    const named = builtInProfiles.filter((profile) => profile.support === 'named');
    expect(named.length).toBeGreaterThan(15);
    for (const profile of named) expect([profile.id, profile.ways]).toEqual([profile.id, []]);
  });

  it('know the windows and watchdogs that sources state', () => {
    const windows = builtInProfiles.filter(({ window }) => window !== undefined);
    expect(new Set(windows.map(({ maker }) => maker))).toEqual(new Set(['Pycom']));
    expect(new Set(windows.map(({ window }) => window?.ms))).toEqual(new Set([7000]));
    const dogs = builtInProfiles.filter(({ watchdog }) => watchdog !== undefined);
    expect(dogs.map(({ id }) => id)).toEqual(['particle-tracker']);
    expect(dogs[0]?.watchdog?.source).toContain('[I]');
  });
});
