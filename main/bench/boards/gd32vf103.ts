import { FlashMemory } from '../flash-memory.ts';
import { oldFirmware } from './old-firmware.ts';
import { Stm32Board, type Stm32Options } from './stm32.ts';

const kib = 1024;
const start = 0x08000000;
/** What it announces for an erase, and for a block of 2 KB (dfu.md 2.10). What they truly take is stated nowhere: the same here. */
const times = { erasePollMs: 100, programPollMs: 104, programMsPerByte: 104 / 2048 } as const;
/** `B` at the third place: 128 KB (dfu.md 2.2). */
const serial = '3CBJ';
/** `jal x0, +8`: a RISC-V program begins with an instruction, and not with a stack pointer. */
const jumpOnward = 0x0080006f;

/** A RISC-V program for it, the same every time for the same seed. */
export function gd32Program(length: number, seed: number): Uint8Array {
  return oldFirmware(length, jumpOnward, 0, seed);
}

/** 128 KB in pages of 1 KB, blank. */
export function gd32Flash(): FlashMemory {
  return new FlashMemory(start, [{ size: kib, count: 128, eraseMs: times.erasePollMs }]);
}

/**
 * GD32VF103, a RISC-V chip whose ROM speaks DfuSe, on no board in particular (dfu.md 2.2, 2.10; devices.md 0.2): its map
 * is not its own, its serial tells the size in raw 8-bit text, and it leaves on the closing request. Where its option bytes
 * lie is elided in the facts; they are put where the same words stand on an F1 [I].
 */
export function gd32vf103(options: Stm32Options): Stm32Board {
  const flash = gd32Flash();
  flash.bytes.set(gd32Program(30 * kib + 77, 7));
  const optionBytes = new FlashMemory(0x1ffff800, [{ size: 16, count: 1, eraseMs: 0 }]);
  optionBytes.bytes[0] = 0xaa;
  return new Stm32Board(
    {
      name: 'gd32vf103',
      flash,
      romIds: { vendorId: 0x28e9, productId: 0x0189 },
      regions: [
        { memory: flash, kind: 'flash', map: '@Internal Flash  /0x08000000/512*002Kg' },
        {
          memory: optionBytes,
          kind: 'option-bytes',
          map: '@Option Bytes  /0x1FFFF800/01*016 g',
        },
      ],
      romTexts: ['Rekindle', 'Virtual GD32 bootloader', serial],
      serialManner: 'eight-bit',
      ...times,
      runs: (first) => first !== 0 && first !== 0xffff_ffff,
      controls: [{ kind: 'jumper', name: 'BOOT0', closed: options.startIn !== 'app' }],
      startsInRom: (controls) => controls.isClosed('BOOT0'),
      // What a program shows is its own affair, and this one shows nothing.
      program: () => undefined,
    },
    { leavesOnDownload: true, ...options },
  );
}
