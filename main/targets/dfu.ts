// Plain DFU 1.0 and 1.1 as a target (DFU 1.1; dfu.md 1): no addresses, no erase, one image from block 0.
import type { Flow } from '../base/flow.ts';
import { shrink, type Wait } from '../base/wait.ts';
import type { Range } from '../../shared/ranges.ts';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { finishDownload, sendImage } from '../protocols/dfu/download.ts';
import { bringToIdle, type DfuSession } from '../protocols/dfu/session.ts';
import { uploadImage } from '../protocols/dfu/upload.ts';
import type { NamedAlternate } from './alternate-names.ts';
import { kindOf } from './regions.ts';
import type { Abilities, LeaveEnd, Region, Target, WritingEnd } from './target.ts';
import { detachAndReset, tidyUp } from './tidy-up.ts';

/** A plain DFU bootloader. */
export class DfuTarget implements Target {
  readonly protocol = 'dfu';
  readonly addressed = false;
  readonly regions: readonly Region[];
  readonly abilities: Abilities;
  readonly serial: string;
  readonly #session: DfuSession;
  #selected: number;
  #sentBytes = 0;

  constructor(session: DfuSession, names: readonly NamedAlternate[], serial: string) {
    this.serial = serial;
    this.#session = session;
    this.#selected = names[0]?.alternate ?? 0;
    this.regions = names.map(({ alternate, name }) => ({
      alternate,
      name,
      kind: kindOf(name) === 'other' ? 'main-flash' : kindOf(name),
      runs: [],
    }));
    const { canUpload, canDownload, manifestationTolerant } = session.dfu;
    const yes = { possible: true } as const;
    this.abilities = {
      write: canDownload ? yes : { possible: false, why: 'download-not-offered' },
      read: canUpload ? yes : { possible: false, why: 'upload-not-offered' },
      erase: { possible: false, why: 'erases-while-writing' },
      verify: !canUpload
        ? { possible: false, why: 'upload-not-offered' }
        : manifestationTolerant
          ? yes
          : { possible: false, why: 'leaves-after-writing' },
      leave: yes,
    };
  }

  get transferSize(): number {
    return this.#session.transferSize;
  }

  get requestCounts(): Readonly<Record<string, number>> {
    return this.#session.requests.sent;
  }

  async read(region: Region, range: Range | undefined, flow: Flow): Promise<Uint8Array> {
    await this.#select(region, flow.wait);
    return await uploadImage(this.#session, flow, range?.end);
  }

  async erase(): Promise<void> {
    throw new FlashError('internal', { detail: 'plain DFU has no erase' });
  }

  async massErase(): Promise<void> {
    throw new FlashError('dfuse.unsupported', { command: 'mass erase' });
  }

  async readUnprotect(): Promise<void> {
    throw new FlashError('dfuse.unsupported', { command: 'read unprotect' });
  }

  async write(region: Region, _address: number, bytes: Uint8Array, flow: Flow): Promise<void> {
    await this.#select(region, flow.wait);
    this.#sentBytes = bytes.length;
    await sendImage(this.#session, bytes, flow);
  }

  async finishWriting(flow: Flow): Promise<WritingEnd> {
    const end = await finishDownload(this.#session, this.#sentBytes, flow.wait);
    return end === 'idle' ? 'in-session' : end;
  }

  /** A tolerant device goes on in DFU mode, and has no request that ends it (DFU 1.1 section 7). */
  canLeave(end: WritingEnd): boolean {
    return end !== 'in-session' || this.#session.quirks['detach-for-attach'] === true;
  }

  /** A device in dfuMANIFEST-WAIT-RESET waits for a bus reset; one back in dfuIDLE leaves when it pleases. */
  async leave(_region: Region, _address: number, end: WritingEnd, flow: Flow): Promise<LeaveEnd> {
    if (end === 'left') return 'left-early';
    const { device, clock, requests } = this.#session;
    if (end === 'in-session') {
      if (!this.canLeave(end)) return 'stayed';
      await requests.detach(0, shrink(flow.wait, clock, 2_000));
      return 'left';
    }
    try {
      await device.reset(shrink(flow.wait, clock, 5_000));
    } catch (error) {
      if (isFlashError(error, 'job.aborted')) throw error;
    }
    return 'left';
  }

  detachAndReset(wait: Wait): Promise<void> {
    return detachAndReset(this.#session, wait);
  }

  tidyUp(wait: Wait): Promise<void> {
    return tidyUp(this.#session, wait);
  }

  async #select(region: Region, wait: Wait): Promise<void> {
    if (region.alternate === this.#selected) return;
    await bringToIdle(this.#session, wait);
    await this.#session.device.setAlternate(this.#session.dfu.interfaceNumber, region.alternate, wait);
    this.#selected = region.alternate;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.device[Symbol.asyncDispose]();
  }
}
