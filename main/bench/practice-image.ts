// What is put onto a virtual board by somebody who practises: a program that board starts, and nothing else.
import { dfuCrc32 } from '../base/crc.ts';
import { gd32Program } from './boards/gd32vf103.ts';
import { nanovnaProgram } from './boards/nanovna-program.ts';
import { odriveProgram } from './boards/odrive.ts';
import { oldFirmware } from './boards/old-firmware.ts';
import { pycomFlashId, pycomImage } from './boards/pycom.ts';
import type { BoardName } from './boards/registry.ts';

export interface PracticeImage {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it goes, where its format does not say. */
  readonly address: number | undefined;
}

const flashStart = 0x0800_0000;
/** Another one than the board comes with, and no older: nothing is to be asked once it is there. */
const seed = 77;

/** A file for a virtual board. */
export function practiceImage(board: BoardName): PracticeImage {
  const name = `practice-${board}.bin`;
  const program = (bytes: Uint8Array): PracticeImage => ({
    name,
    bytes: Uint8Array.from(bytes),
    address: flashStart,
  });
  switch (board) {
    case 'nanovna-h':
      return program(
        nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '9.9.9' }, undefined, seed),
      );
    case 'nanovna-h4':
      return program(
        nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H4', version: '9.9.9' }, undefined, seed),
      );
    case 'odrive-v3':
      return program(odriveProgram({ board: '3.6-56V', version: '0.5.1' }, seed));
    case 'stm32f405':
      return program(oldFirmware(60_000, 0x2002_0000, 0x0800_0201, seed));
    case 'gd32vf103':
      return program(gd32Program(60_000, seed));
    case 'pytrack':
    case 'pysense':
    case 'pyscan':
    case 'pygate':
    case 'expansion-board-3':
      return {
        name: `practice-${board}.dfu`,
        bytes: withSuffix(pycomImage(seed), 0x04d8, pycomFlashId(board)),
        address: undefined,
      };
    case 'plain-dfu':
    case 'runtime-dfu':
      return { name, bytes: Uint8Array.from(oldFirmware(16_384, 0, 0, seed)), address: undefined };
  }
}

/** Followed by the 16 bytes that say whose it is (DFU 1.1 appendix B). */
function withSuffix(image: Uint8Array, vendorId: number, productId: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(image.length + 16);
  file.set(image);
  const view = new DataView(file.buffer, image.length);
  view.setUint16(0, 0xffff, true);
  view.setUint16(2, productId, true);
  view.setUint16(4, vendorId, true);
  view.setUint16(6, 0x0100, true);
  file.set([0x55, 0x46, 0x44, 16], image.length + 8);
  view.setUint32(12, dfuCrc32(file.subarray(0, file.length - 4)), true);
  return file;
}
