import type { FirmwareImage } from '../../main/images/image.ts';

/** All bytes of an image from its lowest address on, gaps filled: what `objcopy -O binary` makes of it. */
export function flat(image: FirmwareImage, fill = 0): { start: number; bytes: Uint8Array } {
  const starts = image.parts.map((part) => part.address ?? 0);
  const start = Math.min(...starts);
  const end = Math.max(...image.parts.map((part, index) => (starts[index] ?? 0) + part.bytes.length));
  const bytes = new Uint8Array(end - start).fill(fill);
  for (const [index, part] of image.parts.entries()) bytes.set(part.bytes, (starts[index] ?? 0) - start);
  return { start, bytes };
}
