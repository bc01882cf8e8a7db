import { FlashMemory } from '../flash-memory.ts';
import { Stm32Board, type Stm32Options } from './stm32.ts';
import { oldFirmware } from './old-firmware.ts';

/** 53.5 µs typical for each half-word (dfu.md 2.10, unverified there). */
const programMsPerByte = 0.0535 / 2;

/** NanoVNA-H: STM32F072CB, 128 KB in 64 pages (devices.md 5). */
export function nanovnaH(options: Stm32Options): Stm32Board {
  const flash = new FlashMemory(0x08000000, [{ size: 2048, count: 64, eraseMs: 20 }]);
  flash.bytes.set(oldFirmware(90 * 1024 + 300, 0x20003ff0, 0x080001d5, 1));
  // Saved settings of the old firmware, in the last page (devices.md 5.5).
  flash.bytes.set(oldFirmware(600, 0x434f4e56, 0x434f4e54, 2), 0x1f800);
  const options1 = new FlashMemory(0x1ffff800, [{ size: 16, count: 1, eraseMs: 0 }]);
  options1.bytes.set([0xaa, 0x55, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00]);
  return new Stm32Board(
    {
      name: 'nanovna-h',
      flash,
      regions: [
        { memory: flash, kind: 'flash', map: '@Internal Flash  /0x08000000/064*0002Kg' },
        { memory: options1, kind: 'option-bytes', map: '@Option Bytes  /0x1FFFF800/01*016 e' },
      ],
      romTexts: ['STMicroelectronics', 'STM32  BOOTLOADER', 'FFFFFFFEFFFF'],
      appTexts: ['nanovna.com', 'NanoVNA-H', '400'],
      programMsPerByte,
      sram: { start: 0x20000000, end: 0x20004000 },
    },
    options,
  );
}
