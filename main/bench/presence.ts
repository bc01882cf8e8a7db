// How a board comes and goes. Every departure ends what was planned before it.
import type { Clock } from '../base/clock.ts';
import type { BoardSocket } from './board.ts';
import { withProductId } from './dfu-device.ts';
import type { FaultScript } from './faults.ts';
import type { VirtualUsbDevice } from './virtual-usb.ts';

/** Answering the last request comes before leaving, ms. */
const leaveAfterMs = 2;

/** One board's place on the bus. */
export class Presence {
  readonly #clock: Clock;
  readonly #faults: FaultScript;
  #socket: BoardSocket | undefined;
  #cycle = 0;

  constructor(clock: Clock, faults: FaultScript) {
    this.#clock = clock;
    this.#faults = faults;
  }

  /** Plugged in; shows nothing where it has nothing to show. */
  plugIn(socket: BoardSocket, device: VirtualUsbDevice | undefined): void {
    this.#socket = socket;
    this.show(device);
  }

  /** Shows this from now on, or nothing; what was planned before is off. */
  show(device: VirtualUsbDevice | undefined): void {
    this.#cycle++;
    if (device === undefined) this.#socket?.vanish();
    else this.#socket?.appear(device);
  }

  unplug(): void {
    this.#cycle++;
    this.#socket = undefined;
  }

  /**
   * Leaves, at once, after its last answer or after a time in ms, and enumerates again after `backMs`; the faults
   * may think otherwise.
   */
  returnAs(
    device: () => VirtualUsbDevice | undefined,
    backMs: number,
    leave: 'at once' | 'after answering' | number,
  ): void {
    const faults = this.#faults;
    this.#cycle++;
    const leaveMs = leave === 'at once' ? 0 : leave === 'after answering' ? leaveAfterMs : leave;
    if (leaveMs === 0) this.#socket?.vanish();
    else this.#after(leaveMs, () => this.#socket?.vanish());
    if (faults.find('never-return') !== undefined) return;
    const productId = faults.find('return-as')?.productId;
    const appear = (): void => {
      const next = device();
      if (next !== undefined)
        this.#socket?.appear(productId === undefined ? next : withProductId(next, productId));
    };
    this.#after(leaveMs + (faults.find('return-after')?.ms ?? backMs), () => {
      appear();
      const twice = faults.strike('return-twice', () => true);
      if (twice === undefined) return;
      this.#after(twice.gapMs, () => this.#socket?.vanish());
      this.#after(2 * twice.gapMs, appear);
    });
  }

  /** The cable is pulled, and perhaps plugged in again. */
  pulled(returnAfterMs: number | undefined, plugInAgain: (socket: BoardSocket) => void): void {
    const socket = this.#socket;
    this.unplug();
    socket?.pulled();
    if (returnAfterMs !== undefined && socket !== undefined)
      this.#after(returnAfterMs, () => plugInAgain(socket));
  }

  #after(milliseconds: number, action: () => void): void {
    const cycle = this.#cycle;
    this.#clock.after(milliseconds, () => {
      if (cycle === this.#cycle) action();
    });
  }
}
