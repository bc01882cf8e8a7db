// Family ids of UF2 files (dfu.md 3.7, devices.md 6.3): the chip as in our names for chips, and a name for people.

/** @param id the family id; undefined where the table has none */
export function uf2Family(id: number): { readonly chip: string; readonly name: string } | undefined {
  const entry = families[id];
  return entry === undefined ? undefined : { chip: entry[0], name: entry[1] };
}

/** Its first block announces two and comes alone: a workaround for the RP2350 that picotool writes (not verified here). */
export const rp2xxxAbsolute = 0xe48bff57;

const families: Readonly<Record<number, readonly [chip: string, name: string]>> = {
  0x647824b6: ['stm32f0', 'STM32F0'],
  0x5ee21072: ['stm32f1', 'STM32F1'],
  0x5d1a0a2e: ['stm32f2', 'STM32F2'],
  0x6b846188: ['stm32f3', 'STM32F3'],
  0x57755a57: ['stm32f4', 'STM32F4'],
  0x6d0922fa: ['stm32f4', 'STM32F407'],
  0x8fb060fe: ['stm32f4', 'STM32F407VG'],
  0x2dc309c5: ['stm32f411', 'STM32F411xE'],
  0x06d1097b: ['stm32f411', 'STM32F411xC'],
  0x53b80f00: ['stm32f7', 'STM32F7'],
  0x300f5633: ['stm32g0', 'STM32G0'],
  0x4c71240a: ['stm32g4', 'STM32G4'],
  0x4e8f1c5d: ['stm32h5', 'STM32H5'],
  0x6db66082: ['stm32h7', 'STM32H7'],
  0x202e3a91: ['stm32l0', 'STM32L0'],
  0x1e1f432d: ['stm32l1', 'STM32L1'],
  0x00ff6919: ['stm32l4', 'STM32L4'],
  0x04240bdf: ['stm32l5', 'STM32L5'],
  0x70d16653: ['stm32wb', 'STM32WB'],
  0x21460ff0: ['stm32wl', 'STM32WL'],
  0x31d228c6: ['gd32f350', 'GD32F350'],
  0x9af03e33: ['gd32vf103', 'GD32VF103'],
  0xa0c97b8e: ['at32f415', 'AT32F415'],
  0x699b62ec: ['ch32v', 'CH32V'],
  0xe48bff56: ['rp2040', 'RP2040'],
  [rp2xxxAbsolute]: ['rp2', 'RP2040 and RP2350 (absolute addresses)'],
  0xe48bff58: ['rp2', 'RP2040 and RP2350 (data)'],
  0xe48bff59: ['rp2350', 'RP2350 (Arm, secure)'],
  0xe48bff5a: ['rp2350', 'RP2350 (RISC-V)'],
  0xe48bff5b: ['rp2350', 'RP2350 (Arm, non-secure)'],
  0xc47e5767: ['esp32s3', 'ESP32-S3'],
  0xada52840: ['nrf52840', 'nRF52840'],
  0x68ed2b88: ['samd21', 'SAMD21'],
  0x55114460: ['samd51', 'SAMD51'],
};
