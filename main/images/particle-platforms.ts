/** Particle's platforms by id, with the chip as in our names for chips (devices.md 1.1). */
export const particlePlatforms: Readonly<Record<number, { readonly name: string; readonly chip: string }>> = {
  0: { name: 'Core', chip: 'stm32f1' },
  6: { name: 'Photon', chip: 'stm32f2' },
  8: { name: 'P1', chip: 'stm32f2' },
  10: { name: 'Electron', chip: 'stm32f2' },
  12: { name: 'Argon', chip: 'nrf52840' },
  13: { name: 'Boron', chip: 'nrf52840' },
  15: { name: 'E-SoM-X', chip: 'nrf52840' },
  22: { name: 'A-SoM', chip: 'nrf52840' },
  23: { name: 'B-SoM', chip: 'nrf52840' },
  25: { name: 'B5-SoM', chip: 'nrf52840' },
  26: { name: 'Tracker SoM, Tracker One', chip: 'nrf52840' },
  28: { name: 'Tracker-M', chip: 'rtl872x' },
  32: { name: 'P2, Photon 2', chip: 'rtl872x' },
  35: { name: 'M-SoM', chip: 'rtl872x' },
  37: { name: 'Electron 2', chip: 'rtl872x' },
};
