// DfuSe as a target (AN3156; dfu.md 2).
import type { Flow } from '../base/flow.ts';
import type { Wait } from '../base/wait.ts';
import type { Range } from '../../shared/ranges.ts';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { bringToIdle, type DfuSession } from '../protocols/dfu/session.ts';
import { eraseSector, getCommands, massErase, readUnprotect } from '../protocols/dfuse/commands.ts';
import { DfuseCommand } from '../protocols/dfuse/constants.ts';
import { leave } from '../protocols/dfuse/leave.ts';
import { readRun } from '../protocols/dfuse/read.ts';
import { lostItsPlace, writeRun } from '../protocols/dfuse/write.ts';
import type { Abilities, LeaveEnd, Region, Target, WritingEnd } from './target.ts';
import { detachAndReset, tidyUp } from './tidy-up.ts';

/** A DfuSe bootloader: addresses, sectors, and a program to leave for. */
export class DfuseTarget implements Target {
  readonly protocol = 'dfuse';
  readonly addressed = true;
  readonly regions: readonly Region[];
  readonly abilities: Abilities;
  readonly serial: string;
  readonly #session: DfuSession;
  #selected: number;

  constructor(session: DfuSession, regions: readonly Region[], serial: string) {
    this.serial = serial;
    this.#session = session;
    this.#selected = session.dfu.alternates[0]?.alternate ?? 0;
    this.regions = regions;
    const readable = session.dfu.canUpload
      ? ({ possible: true } as const)
      : ({ possible: false, why: 'upload-not-offered' } as const);
    this.abilities = {
      write: { possible: true },
      read: readable,
      erase: { possible: true },
      verify: readable,
      leave: { possible: true },
    };
  }

  get transferSize(): number {
    return this.#session.transferSize;
  }

  get requestCounts(): Readonly<Record<string, number>> {
    return this.#session.requests.sent;
  }

  async read(region: Region, range: Range | undefined, flow: Flow): Promise<Uint8Array> {
    if (range === undefined) throw new FlashError('internal', { detail: 'DfuSe reads need a range' });
    await this.#select(region, flow.wait);
    return await readRun(this.#session, range.start, range.end - range.start, flow);
  }

  async erase(region: Region, sector: Range, flow: Flow): Promise<void> {
    await this.#select(region, flow.wait);
    const size = sector.end - sector.start;
    try {
      await eraseSector(this.#session, sector.start, size, flow.wait);
    } catch (error) {
      if (!lostItsPlace(error)) throw error;
      this.#session.poll.reportAnomaly();
      await bringToIdle(this.#session, flow.wait);
      await eraseSector(this.#session, sector.start, size, flow.wait);
    }
  }

  async massErase(region: Region, flow: Flow): Promise<void> {
    await this.#select(region, flow.wait);
    await massErase(this.#session, flow.wait);
  }

  async readUnprotect(flow: Flow): Promise<void> {
    const known = await getCommands(this.#session, flow.wait);
    // An empty list says nothing: several bootloaders do not keep one.
    if (known.length > 0 && !known.includes(DfuseCommand.readUnprotect)) {
      throw new FlashError('dfuse.unsupported', { command: 'read unprotect' });
    }
    await readUnprotect(this.#session, flow.wait);
  }

  async write(region: Region, address: number, bytes: Uint8Array, flow: Flow): Promise<void> {
    await this.#select(region, flow.wait);
    await writeRun(this.#session, address, bytes, flow, { willReset: region.kind === 'option-bytes' });
  }

  async finishWriting(): Promise<WritingEnd> {
    return 'in-session';
  }

  canLeave(): boolean {
    return true;
  }

  async leave(region: Region, address: number, _end: WritingEnd, flow: Flow): Promise<LeaveEnd> {
    await this.#select(region, flow.wait);
    const answer = await leave(this.#session, address, flow.wait);
    if (answer === 'stayed') return 'stayed';
    return answer === 'acknowledged' ? 'left' : 'left-early';
  }

  detachAndReset(wait: Wait): Promise<void> {
    return detachAndReset(this.#session, wait);
  }

  tidyUp(wait: Wait): Promise<void> {
    return tidyUp(this.#session, wait);
  }

  /** Switching needs dfuIDLE: several stacks reset their machine on SET_INTERFACE (dfu.md 1.8). */
  async #select(region: Region, wait: Wait): Promise<void> {
    if (region.alternate === this.#selected) return;
    await bringToIdle(this.#session, wait);
    try {
      await this.#session.device.setAlternate(this.#session.dfu.interfaceNumber, region.alternate, wait);
    } catch (error) {
      if (!isFlashError(error, 'usb.stall') || this.#session.dfu.alternates.length > 1) throw error;
    }
    this.#selected = region.alternate;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.device[Symbol.asyncDispose]();
  }
}
