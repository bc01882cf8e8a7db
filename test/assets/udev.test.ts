import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { matchesPattern } from '../../main/rights/udev-glob.ts';
import { ruleLines } from '../../main/rights/udev-line.ts';

const folder = 'assets/udev';

/** Boards of ours that show a serial port while their program runs (devices.md 2.1, 3.1, 5.2). */
const portsOfPrograms: readonly (readonly [ids: string, product: string])[] = [
  ['0483:5740', 'NanoVNA-H'],
  ['0483:5740', 'NanoVNA-H4'],
  ['0483:5740', 'ChibiOS/RT Virtual COM Port'],
  ['04d8:f013', 'Pytrack'],
  ['04d8:f012', 'Pysense'],
  ['04d8:ef38', 'Pyscan'],
  ['04d8:ef98', 'Expansion3'],
  ['04d8:ed14', 'Pygate'],
  ['1209:0d31', 'ODrive'],
  ['1209:0d32', 'ODrive 3.6 CDC Interface'],
  ['1209:0d33', 'ODrive'],
];

interface Device {
  readonly subsystem: 'usb' | 'tty' | 'input';
  readonly vendor: string;
  readonly product: string;
  readonly name: string;
}

function board(ids: string, name: string): Device {
  const [vendor = '', product = ''] = ids.split(':');
  return { subsystem: 'usb', vendor, product, name };
}

/** What our rule sets for a device without a DFU interface: its lines read as udev reads them. */
function passed(device: Device): string {
  const values: Readonly<Record<string, string>> = {
    ACTION: 'add',
    SUBSYSTEM: device.subsystem,
    'ENV{DEVTYPE}': device.subsystem === 'usb' ? 'usb_device' : '',
    'ENV{ID_USB_INTERFACES}': ':020201:0a0000:',
  };
  const attributes: Readonly<Record<string, string>> = {
    idVendor: device.vendor,
    idProduct: device.product,
    product: device.name,
  };
  const set: string[] = [];
  let label = '';
  for (const { terms = [] } of ruleLines(readFileSync(`${folder}/70-rekindle.rules`, 'utf8'))) {
    if (terms.some((term) => term.key === 'LABEL' && term.value === label)) label = '';
    if (label !== '') continue;
    const fits = terms.every(({ key, attribute, operator, value }) => {
      if (operator !== '==' && operator !== '!=') return true;
      // A port's own attributes are others; its parents' are the board's.
      const own = key === 'ATTR' && device.subsystem !== 'usb' ? '' : attributes[attribute];
      const now = key.startsWith('ATTR') ? own : values[attribute === '' ? key : `${key}{${attribute}}`];
      return matchesPattern(value, now ?? '') === (operator === '==');
    });
    if (!fits) continue;
    label = terms.find((term) => term.key === 'GOTO')?.value ?? '';
    for (const { key, attribute, operator, value } of terms)
      if (!['==', '!='].includes(operator))
        set.push(`${key}${attribute === '' ? '' : `{${attribute}}`}${operator}"${value}"`);
  }
  return set.join(' ');
}

describe('the udev rules we ship', () => {
  it.each(readdirSync(folder))('%s lets in plugdev and the person at the screen, and nobody else', (name) => {
    // usb_id has run from 51 on; uaccess acts in 73 (dfu.md 7.1).
    const number = Number(/^(\d+)-.+\.rules$/.exec(name)?.[1]);
    expect(number).toBeGreaterThan(50);
    expect(number).toBeLessThan(73);
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    const opening = text.split('\n').filter((line) => line.includes('MODE='));
    expect(opening.length).toBeGreaterThan(0);
    for (const line of opening) {
      expect(line).toContain('MODE="0660"');
      expect(line).toContain('GROUP="plugdev"');
      expect(line).toContain('TAG+="uaccess"');
    }
    expect(text).not.toContain('0666');
  });

  describe.each(portsOfPrograms)('the serial port of %s, called %s', (ids, product) => {
    const after = (change: Partial<Device>) => passed({ ...board(ids, product), ...change });

    it('is let alone by ModemManager, as a device and as a port', () => {
      for (const subsystem of ['usb', 'tty'] as const) {
        expect(after({ subsystem })).toContain('ENV{ID_MM_DEVICE_IGNORE}="1"');
        expect(after({ subsystem })).toContain('ENV{ID_MM_PORT_IGNORE}="1"');
      }
    });

    it('lets the person at the screen in, and leaves the group as it is', () => {
      expect(after({ subsystem: 'tty' })).toContain('TAG+="uaccess"');
      expect(after({ subsystem: 'tty' })).not.toMatch(/MODE|GROUP/);
      // The board itself is nobody's but root's while its program runs.
      expect(after({ subsystem: 'usb' })).not.toMatch(/uaccess|MODE/);
    });
  });

  it('has a port for every profile whose program shows one', () => {
    const covered = portsOfPrograms.map(([ids]) => ids);
    const programs = builtInProfiles
      .filter((profile) => profile.support !== 'named')
      .flatMap((profile) => profile.modes.filter((mode) => mode.kind === 'application'))
      .flatMap((mode) => mode.ids);
    expect(new Set(programs)).toEqual(new Set(covered));
  });

  it("leaves everybody else's serial port to ModemManager", () => {
    // A modem, a board built from ST's example, a Pytrack in flash mode, a keyboard.
    for (const [ids, product] of [
      ['12d1:1001', 'HUAWEI Mobile'],
      ['0483:5740', 'STM32 Virtual ComPort'],
      ['04d8:f014', 'x'],
      ['1209:0d40', 'x'],
    ] as const) {
      for (const subsystem of ['usb', 'tty', 'input'] as const) {
        expect(passed({ ...board(ids, product), subsystem })).not.toMatch(/MM_|uaccess|MODE/);
      }
    }
  });

  it('covers program and flash mode of every DFU device', () => {
    const text = readFileSync(`${folder}/70-rekindle.rules`, 'utf8');
    for (const code of ['fe0100', 'fe0101', 'fe0102']) expect(text).toContain(`*:${code}:*`);
  });
});
