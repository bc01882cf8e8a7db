// Pycom's shields and expansion boards (devices.md 2): a PIC that is a serial port, and for some seconds after
// power-on with its button held a DFU 1.0 bootloader.
import type { BenchControl } from '../../../shared/bench-action.ts';
import { newStatistics, type BoardSocket, type BoardSurroundings, type VirtualBoard } from '../board.ts';
import { serialDevice, silentProgram } from '../cdc-device.ts';
import { Controls, type BoardAction, type ControlModel } from '../controls.ts';
import {
  configurationDescriptor,
  deviceDescriptor,
  functionalDescriptor,
  interfaceDescriptor,
} from '../descriptor-bytes.ts';
import { DescribedDevice } from '../dfu-device.ts';
import {
  isPic16Valid,
  pic16,
  pic16Crc,
  Pic16Dfu,
  type Pic16Closing,
  type Pic16Upload,
} from '../pic16-dfu.ts';
import { Presence } from '../presence.ts';
import type { VirtualUsbDevice } from '../virtual-usb.ts';
import { oldFirmware } from './old-firmware.ts';

/** Which of the family it is; generations of one product share everything USB shows (devices.md 2.1). */
export type PycomProduct = 'pytrack' | 'pysense' | 'pyscan' | 'expansion-board-3' | 'pygate';

/** Switches of these boards. */
export interface PycomOptions extends BoardSurroundings {
  readonly reading?: Pic16Upload;
  readonly closing?: Pic16Closing;
  /** Flash mode ends this long after power-on, ms; about 7000, users count 6000 to 7000 (devices.md 2.3). */
  readonly windowMs?: number;
  /** Whether a block starts the window anew; not known of the real one (devices.md 8), so no unless asked for. */
  readonly transferExtendsWindow?: boolean;
  /** The application's checksum is wrong: it stays in flash mode by itself (devices.md 2.3). */
  readonly badApplication?: boolean;
}

interface Product {
  readonly ids: readonly [application: number, flash: number];
  readonly name: string;
  readonly button: ControlModel;
}

/** One button, two prints: S1, and MCLR on the shields (devices.md 2.3). */
const shieldButton: ControlModel = {
  kind: 'button',
  name: 'MCLR button (S1)',
  also: ['S1', 'MCLR', 'S1 button', 'DFU button'],
  held: false,
};
const boardButton: ControlModel = {
  kind: 'button',
  name: 'S1 button',
  also: ['S1', 'DFU button'],
  held: false,
};
/** What is printed beside it is not in our facts. */
const pygateButton: ControlModel = { kind: 'button', name: 'DFU button', also: ['S1', 'MCLR'], held: false };

const products: Readonly<Record<PycomProduct, Product>> = {
  pytrack: { ids: [0xf013, 0xf014], name: 'Pytrack', button: shieldButton },
  pysense: { ids: [0xf012, 0xf011], name: 'Pysense', button: shieldButton },
  pyscan: { ids: [0xef38, 0xef37], name: 'Pyscan', button: shieldButton },
  'expansion-board-3': { ids: [0xef98, 0xef99], name: 'Expansion Board 3', button: boardButton },
  pygate: { ids: [0xed14, 0xed15], name: 'Pygate', button: pygateButton },
};

/** The button must be kept for at least this long after power-on, ms (devices.md 2.3). */
const holdMs = 1_000;
const usualWindowMs = 7_000;
/** From leaving the bus to the application, ms; the bench's own figure. */
const restartMs = 300;

/** 16 KB of 14-bit words with an application that passes its checksum. */
export function pycomImage(seed: number): Uint8Array {
  const bytes = oldFirmware(pic16.rows * pic16.rowBytes, 0, 0, seed);
  for (let at = 1; at < bytes.length; at += 2) bytes[at] = (bytes[at] ?? 0) & 0x3f;
  new DataView(bytes.buffer).setUint16(2 * pic16.crcWord, pic16Crc(bytes), true);
  return bytes;
}

/** Makes boards of one product. Without its button one runs its application. */
export function pycomBoard(product: PycomProduct): (options: PycomOptions) => VirtualBoard {
  return (options) => new PycomBoard(product, options);
}

/** What its flash mode shows on USB. */
export function pycomFlashId(product: PycomProduct): number {
  return products[product].ids[1];
}

class PycomBoard implements VirtualBoard {
  readonly name: string;
  readonly statistics = newStatistics();
  readonly flash: Uint8Array;
  readonly #product: Product;
  readonly #options: PycomOptions;
  readonly #controls: Controls;
  readonly #presence: Presence;
  #dfu: Pic16Dfu | undefined;
  /** Held since power-on, and not for long enough yet. */
  #awaitsHold = false;
  /** Timers of the present power-on; another one makes them void. */
  #powerCycle = 0;
  #windowEnds = 0;

  constructor(product: PycomProduct, options: PycomOptions) {
    const { badApplication = false } = options;
    this.name = product;
    this.#product = products[product];
    this.#options = options;
    this.#controls = new Controls([this.#product.button]);
    this.#presence = new Presence(options.clock, options.faults);
    this.flash = pycomImage(21);
    if (badApplication) this.flash[2 * pic16.crcWord] = (this.flash[2 * pic16.crcWord] ?? 0) ^ 1;
  }

  get controls(): readonly BenchControl[] {
    return this.#controls.list;
  }

  plugIn(socket: BoardSocket): void {
    const { clock, windowMs = usualWindowMs } = this.#options;
    const cycle = ++this.#powerCycle;
    this.#windowEnds = clock.now() + windowMs;
    this.#awaitsHold = isPic16Valid(this.flash) && this.#controls.isHeld(this.#button);
    this.#presence.plugIn(socket, this.#awaitsHold ? undefined : this.#started());
    if (!this.#awaitsHold) return;
    // While the button decides, nothing is on USB; which of the two comes first is not in our facts.
    clock.after(holdMs, () => {
      if (cycle !== this.#powerCycle || !this.#awaitsHold) return;
      this.#awaitsHold = false;
      this.#presence.show(this.#bootloader());
    });
  }

  unplug(): void {
    this.#powerOff();
    this.#presence.unplug();
  }

  act(action: BoardAction): void {
    this.#controls.act(action);
    if (!this.#awaitsHold || this.#controls.isHeld(this.#button)) return;
    this.#awaitsHold = false;
    this.#presence.show(this.#started());
  }

  get #button(): string {
    return 'name' in this.#product.button ? this.#product.button.name : '';
  }

  #powerOff(): void {
    this.#powerCycle++;
    this.#awaitsHold = false;
    this.#dfu?.powerOff();
    this.#dfu = undefined;
  }

  #started(): VirtualUsbDevice {
    return isPic16Valid(this.flash) ? this.#application() : this.#bootloader();
  }

  #application(): VirtualUsbDevice {
    this.#dfu = undefined;
    const { ids, name } = this.#product;
    // Its serial looks like "Pyabcde0" (devices.md 2.1); maker and product are not in our facts.
    return serialDevice(
      { vendorId: 0x04d8, productId: ids[0], texts: ['Pycom', name, 'Pyabcde0'] },
      silentProgram,
    );
  }

  #bootloader(): VirtualUsbDevice {
    const { clock, timeScale, faults, reading = 'allowed', closing = 'answered' } = this.#options;
    const dfu = new Pic16Dfu({
      clock,
      timeScale,
      faults,
      statistics: this.statistics,
      flash: this.flash,
      upload: reading,
      closing,
      onBlock: () => this.#onBlock(),
      onClosed: () => {
        if (closing === 'gone') this.#restart('at once');
      },
      vanish: (returnAfterMs) => {
        this.#powerOff();
        this.#presence.pulled(returnAfterMs, (socket) => this.plugIn(socket));
      },
    });
    this.#dfu = dfu;
    this.#awaitWindow();
    return new DescribedDevice({
      deviceDescriptor: deviceDescriptor({
        bcdUsb: 0x0100,
        deviceClass: 0xfe,
        deviceSubClass: 1,
        vendorId: 0x04d8,
        productId: this.#product.ids[1],
        bcdDevice: 0x0100,
        strings: [0, 0, 0],
      }),
      // Protocol 1 although it is in flash mode (devices.md 2.2).
      configurationDescriptor: configurationDescriptor(1, [
        interfaceDescriptor(0, 0, [0xfe, 1, 1], 0),
        functionalDescriptor(0x03, 0, pic16.rowBytes, 0x0100),
      ]),
      texts: [],
      stringManner: 'no-language',
      classRequest: (setup, data, signal) => dfu.request(setup, data, signal),
      // SET_INTERFACE is not among what the bootloader's source answers.
      setAlternate: () => false,
    });
  }

  #onBlock(): void {
    const { clock, windowMs = usualWindowMs, transferExtendsWindow = false } = this.#options;
    if (transferExtendsWindow) this.#windowEnds = clock.now() + windowMs;
  }

  /** At the end of the window a whole application starts, whatever the host is doing; a broken one keeps it here. */
  #awaitWindow(): void {
    const { clock } = this.#options;
    const cycle = this.#powerCycle;
    const dfu = this.#dfu;
    const leftMs = this.#windowEnds - clock.now();
    if (leftMs <= 0) return;
    clock.after(leftMs, () => {
      if (cycle !== this.#powerCycle || dfu !== this.#dfu) return;
      if (this.#windowEnds > clock.now()) this.#awaitWindow();
      else if (isPic16Valid(this.flash)) this.#restart('at once');
    });
  }

  /** Off the bus with what it was writing, and on again as what the flash says. */
  #restart(when: 'at once' | 'after answering'): void {
    this.#dfu?.powerOff();
    this.#dfu = undefined;
    this.#presence.returnAs(() => this.#started(), restartMs, when);
  }
}
