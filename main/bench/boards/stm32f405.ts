import { serialDevice, silentProgram } from '../cdc-device.ts';
import type { DfuseRegion } from '../dfuse-memory.ts';
import { FlashMemory } from '../flash-memory.ts';
import { oldFirmware } from './old-firmware.ts';
import { Stm32Board, vectorTable, type Stm32Options } from './stm32.ts';

/** What the F4 ROM takes and says. */
export const f405Times = {
  /** x8 parallelism, which the ROM assumes: 16 µs typical a byte (dfu.md 2.9, 2.10, unverified there). */
  programMsPerByte: 0.016,
  /** What it announces for any erase (dfu.md 2.10). */
  erasePollMs: 100,
} as const;
const kib = 1024;
const serial = '337938943430';
const identity = {
  vendorId: 0x0483,
  productId: 0x5740,
  texts: ['Rekindle', 'Virtual F405 program', serial],
} as const;

/** 1 MB in sectors of 16, 64 and 128 KB, blank. */
export function f405Flash(): FlashMemory {
  return new FlashMemory(0x08000000, [
    { size: 16 * kib, count: 4, eraseMs: 400 },
    { size: 64 * kib, count: 1, eraseMs: 1_200 },
    { size: 128 * kib, count: 7, eraseMs: 2_000 },
  ]);
}

/** The four alternates: flash, option bytes, OTP that is empty, device feature (devices.md 3.1). */
export function f405Regions(flash: FlashMemory): (DfuseRegion & { readonly map: string })[] {
  const optionBytes = new FlashMemory(0x1fffc000, [{ size: 16, count: 1, eraseMs: 0 }]);
  optionBytes.bytes.set([0xef, 0xaa, 0x10, 0x55]);
  const otp = new FlashMemory(0x1fff7800, [
    { size: 512, count: 1, eraseMs: 0 },
    { size: 16, count: 1, eraseMs: 0 },
  ]);
  const feature = new FlashMemory(0xffff0000, [{ size: 4, count: 1, eraseMs: 0 }]);
  return [
    { memory: flash, kind: 'flash', map: '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg' },
    {
      memory: optionBytes,
      kind: 'option-bytes',
      protectionOffset: 1,
      map: '@Option Bytes  /0x1FFFC000/01*016 e',
    },
    { memory: otp, kind: 'otp', map: '@OTP Memory /0x1FFF7800/01*512 e,01*016 e' },
    { memory: feature, kind: 'feature', map: '@Device Feature/0xFFFF0000/01*004 e' },
  ];
}

/** STM32F405 on no board in particular. */
export function stm32f405(options: Stm32Options): Stm32Board {
  const flash = f405Flash();
  flash.bytes.set(oldFirmware(200 * kib + 77, 0x20020000, 0x08000189, 3));
  return new Stm32Board(
    {
      name: 'stm32f405',
      flash,
      regions: f405Regions(flash),
      romTexts: ['STMicroelectronics', 'STM32  BOOTLOADER', serial],
      ...f405Times,
      runs: vectorTable(flash, { start: 0x20000000, end: 0x20020000 }),
      controls: [{ kind: 'jumper', name: 'BOOT0', closed: options.startIn !== 'app' }],
      startsInRom: (controls) => controls.isClosed('BOOT0'),
      program: () => serialDevice(identity, silentProgram),
    },
    options,
  );
}
