// A computer with ports, and boards on them that change what they show, for tests of the tracker.
import { matchProfiles, type Seen } from '../../main/devices/match.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { Tracker } from '../../main/devices/tracker.ts';
import type { Unit } from '../../main/devices/unit.ts';

/** What a board shows in one mode. */
export interface Face extends Omit<Seen, 'manufacturer'> {
  readonly serial: string;
}

export const face = (ids: string, more: Partial<Face> = {}): Face => {
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
export const app = (serial = '400', product = 'NanoVNA-H'): Face => face('0483:5740', { product, serial });
export const rom = (chip = 'stm32f072'): Face =>
  face('0483:df11', { mode: 'dfu', product: 'STM32  BOOTLOADER', chip, serial: 'FFFFFFFEFFFF' });
export const stranger = face('1209:0001', { mode: 'dfu' });

/** A computer with ports, and what a look at them tells the tracker. */
export class Ports {
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

export function withBoard(shown: Face, portPath = '1-1'): Ports {
  const ports = new Ports();
  ports.put(portPath, shown);
  ports.look();
  return ports;
}

export const nanoVna = { id: 'nanovna-h', how: 'proven', name: 'NanoVNA-H' };
