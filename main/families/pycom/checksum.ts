// The checksum inside an image for a PIC16F145x loader: 14 bits, over the words of the application (devices.md 2.4). It starts
// at 0 and takes 16 bits of each word, as the loader counts it that Pycom's descends from, and the tool that makes files for
// that one (majbthrd/PIC16F1-USB-DFU-Bootloader: firmware/bootloader.asm, tools/454hex2dfu.c). Pycom's own build is closed:
// that it counts in the same way is unverified, and nobody is kept by it.

/** All words of the chip, two bytes each, the lower one first. */
const imageBytes = 16_384;
/** Words, the end not included; what the loader itself occupies, and high-endurance flash, is left out. */
const application = { start: 0x200, end: 0x1f7f };
const reflected = 0x23b1;
const shiftsEach = 16;

/** Whether the checksum in the image is the one of its application; undefined for what is no such image. */
export function checksumFits(image: Uint8Array): boolean | undefined {
  if (image.length !== imageBytes) return undefined;
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  let sum = 0;
  for (let word = application.start; word < application.end; word++) {
    // Both are shifted in step: what meets at the lowest bit decides.
    sum ^= view.getUint16(2 * word, true);
    for (let shift = 0; shift < shiftsEach; shift++) sum = (sum >>> 1) ^ ((sum & 1) === 1 ? reflected : 0);
  }
  return sum === view.getUint16(2 * application.end, true);
}
