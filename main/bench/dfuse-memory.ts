// What DfuSe blocks mean to an STM32 ROM (AN3156; dfu.md 2.3 to 2.7): commands in block 0, data from block 2.
import { viewOf } from '../base/bytes.ts';
import { DfuStatus } from '../protocols/dfu/constants.ts';
import { DfuseCommand, firstDataBlock } from '../protocols/dfuse/constants.ts';
import type { BoardStatistics } from './board.ts';
import type { FaultScript } from './faults.ts';
import type { FlashMemory } from './flash-memory.ts';
import type { DfuMemory } from './machine-options.ts';
import type { Work } from './work-runner.ts';

/** One alternate setting's memory. */
export interface DfuseRegion {
  readonly memory: FlashMemory;
  readonly kind: 'flash' | 'option-bytes' | 'otp' | 'feature';
  /** Of option bytes: where the read protection byte is (dfu.md 2.7, unverified there for F4). */
  readonly protectionOffset?: number;
}

export interface DfuseMemoryOptions {
  readonly regions: readonly DfuseRegion[];
  readonly transferSize: number;
  readonly statistics: BoardStatistics;
  readonly faults: FaultScript;
  /** Time to program one byte, ms. */
  readonly programMsPerByte: number;
  /** bwPollTimeout for an erase and for a block; undefined gives the true time. */
  readonly erasePollMs?: number;
  readonly programPollMs?: number;
  readonly uploadByRequestLength: boolean;
  readonly isProtected: () => boolean;
  /** Lifts read protection: the chip erases itself and restarts. */
  unprotect(): void;
  /** Option bytes were written: the chip restarts, with this read protection level. */
  restart(protection: number | undefined): void;
  /** Where a leave goes. */
  jump(address: number): void;
}

/** The flash, option bytes and so on behind one DfuSe interface. */
export class DfuseMemory implements DfuMemory {
  readonly #options: DfuseMemoryOptions;
  #pointer = 0x08000000;
  #alternate = 0;

  constructor(options: DfuseMemoryOptions) {
    this.#options = options;
  }

  select(alternate: number): boolean {
    if (this.#options.regions[alternate] === undefined) return false;
    this.#alternate = alternate;
    return true;
  }

  download(block: number, data: Uint8Array): Work | number {
    if (block === 0) return this.#command(data);
    const { transferSize } = this.#options;
    if (block < firstDataBlock || data.length > transferSize) return DfuStatus.errStalledPacket;
    const address = this.#pointer + (block - firstDataBlock) * transferSize;
    const { programMsPerByte, programPollMs } = this.#options;
    const ms = data.length * programMsPerByte;
    const copy = data.slice();
    return {
      kind: 'block',
      ms,
      pollMs: programPollMs ?? Math.ceil(ms),
      finish: () => this.#program(address, copy),
      interrupt: () => {
        // Option bytes are taken over by a restart, and without power there is none.
        if (this.#regionAt(address)?.kind !== 'option-bytes')
          this.#program(address, copy.subarray(0, copy.length >> 1));
      },
    };
  }

  upload(block: number, length: number): Uint8Array | number {
    if (block === 0)
      return Uint8Array.of(
        DfuseCommand.getCommands,
        DfuseCommand.setAddress,
        DfuseCommand.erase,
        DfuseCommand.readUnprotect,
      ).subarray(0, length);
    if (block < firstDataBlock) return DfuStatus.errStalledPacket;
    if (this.#refusesAccess()) return DfuStatus.errVendor;
    const unit = this.#options.uploadByRequestLength ? length : this.#options.transferSize;
    const address = this.#pointer + (block - firstDataBlock) * unit;
    const region = this.#regionAt(address);
    if (region === undefined) return DfuStatus.errAddress;
    const end = region.memory.start + region.memory.bytes.length;
    return region.memory.read(address, Math.min(length, end - address));
  }

  manifest(): { ms: number; then: 'leave' } {
    this.#options.jump(this.#pointer);
    return { ms: 1, then: 'leave' };
  }

  #refusesAccess(): boolean {
    return this.#options.isProtected() && this.#options.regions[this.#alternate]?.kind !== 'feature';
  }

  #regionAt(address: number): DfuseRegion | undefined {
    const selected = this.#options.regions[this.#alternate];
    return selected?.memory.contains(address) === true ? selected : undefined;
  }

  #command(data: Uint8Array): Work | number {
    const [code] = data;
    const address = data.length === 5 ? viewOf(data).getUint32(1, true) : undefined;
    if (code === DfuseCommand.setAddress && address !== undefined) return this.#setAddress(address);
    if (code === DfuseCommand.erase && address !== undefined) return this.#erase(address);
    if (code === DfuseCommand.erase && data.length === 1) return this.#massErase();
    if (code === DfuseCommand.readUnprotect && data.length === 1) return this.#readUnprotect();
    return DfuStatus.errStalledPacket;
  }

  /** Instant, with a poll time that means nothing (dfu.md 2.4). */
  #setAddress(address: number): Work {
    this.#options.statistics.setAddress++;
    return {
      kind: 'address',
      ms: 0,
      pollMs: 1,
      finish: () => {
        if (this.#regionAt(address) === undefined) return DfuStatus.errTarget;
        this.#pointer = address;
        return DfuStatus.ok;
      },
    };
  }

  #erase(address: number): Work {
    const region = this.#regionAt(address);
    const sector = region?.kind === 'flash' ? region.memory.sectorAt(address) : undefined;
    const ms = sector?.eraseMs ?? 0;
    return {
      kind: 'erase',
      ms,
      pollMs: this.#options.erasePollMs ?? Math.ceil(ms),
      finish: () => {
        if (this.#refusesAccess()) return DfuStatus.errVendor;
        if (region === undefined || sector === undefined) return DfuStatus.errTarget;
        region.memory.erase(sector.offset, sector.size);
        return DfuStatus.ok;
      },
      interrupt: () => {
        if (sector !== undefined && !this.#refusesAccess())
          region?.memory.erase(sector.offset, sector.size >> 1);
      },
    };
  }

  #massErase(): Work {
    const flash = this.#options.regions.find((region) => region.kind === 'flash');
    const total = flash === undefined ? 0 : this.#sumOfErases(flash.memory);
    return {
      kind: 'erase',
      ms: total,
      // Says 100 ms and needs up to 32 s (dfu.md 2.11).
      pollMs: 100,
      finish: () => {
        if (this.#refusesAccess()) return DfuStatus.errVendor;
        flash?.memory.erase(0, flash.memory.bytes.length);
        return DfuStatus.ok;
      },
      interrupt: () => {
        if (!this.#refusesAccess()) flash?.memory.erase(0, flash.memory.bytes.length >> 1);
      },
    };
  }

  #sumOfErases(memory: FlashMemory): number {
    let sum = 0;
    for (let offset = 0; offset < memory.bytes.length;) {
      const sector = memory.sectorAt(memory.start + offset);
      if (sector === undefined) break;
      sum += sector.eraseMs;
      offset += sector.size;
    }
    // Small pages are erased all at once; large sectors one after the other (dfu.md 2.10).
    return memory.bytes.length <= 256 * 1024 ? 30 : sum;
  }

  #readUnprotect(): Work {
    return {
      kind: 'other',
      ms: 2_000,
      pollMs: 2_000,
      finish: () => {
        this.#options.unprotect();
        return DfuStatus.ok;
      },
    };
  }

  #program(address: number, data: Uint8Array): number {
    if (this.#refusesAccess()) return DfuStatus.errVendor;
    const region = this.#regionAt(address);
    if (region === undefined || !region.memory.contains(address, data.length)) return DfuStatus.errAddress;
    switch (region.kind) {
      case 'otp':
        // Bits cleared here are cleared for ever: counted as damage, and played all the same.
        this.#options.statistics.otpWrites++;
        region.memory.program(address, data);
        return DfuStatus.ok;
      case 'flash':
        region.memory.program(address, data);
        return DfuStatus.ok;
      case 'feature':
        return DfuStatus.ok;
      case 'option-bytes':
        region.memory.bytes.set(data, address - region.memory.start);
        // Level 2 is for ever: counted, and not played.
        if (data[(region.protectionOffset ?? 0) - (address - region.memory.start)] === 0xcc)
          this.#options.statistics.lockAttempts++;
        this.#options.restart(region.memory.bytes[region.protectionOffset ?? 0]);
        return DfuStatus.ok;
    }
  }
}
