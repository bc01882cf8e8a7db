const table = new Uint32Array(256);
for (let i = 0; i < 256; i++) {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  table[i] = value;
}

/**
 * CRC-32 of a DFU suffix: reflected 0xEDB88320, start 0xFFFFFFFF, and no final inversion
 * (dfu.md 3.1; "123456789" gives 0x340BC6D9).
 */
export function dfuCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
  return crc >>> 0;
}
