// Writing Intel HEX: linear addresses, 16 bytes a line, no record across 64 KiB (Intel HEX specification; dfu.md 3.4).
import type { ViewRun } from '../view.ts';

const bytesALine = 16;
const bank = 0x1_0000;

/** The text of these runs. They are written in the order given, and must lie within 32 bits. */
export function writeIntelHex(runs: readonly ViewRun[], entry?: number): Uint8Array {
  const lines: string[] = [];
  let upper = 0;
  for (const { start, bytes } of runs) {
    for (let offset = 0; offset < bytes.length;) {
      const address = start + offset;
      const high = Math.floor(address / bank);
      if (high !== upper) lines.push(line(4, 0, [high >> 8, high & 0xff]));
      upper = high;
      const room = bank - (address % bank);
      const count = Math.min(bytesALine, room, bytes.length - offset);
      lines.push(line(0, address % bank, bytes.subarray(offset, offset + count)));
      offset += count;
    }
  }
  if (entry !== undefined)
    lines.push(line(5, 0, [entry >>> 24, (entry >>> 16) & 0xff, (entry >>> 8) & 0xff, entry & 0xff]));
  lines.push(line(1, 0, []), '');
  return new TextEncoder().encode(lines.join('\r\n'));
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

function line(type: number, address: number, data: ArrayLike<number>): string {
  const head = [data.length, address >> 8, address & 0xff, type];
  let text = ':';
  let sum = 0;
  for (const byte of head) {
    text += digits[byte] ?? '';
    sum += byte;
  }
  for (let index = 0; index < data.length; index++) {
    const byte = data[index] ?? 0;
    text += digits[byte] ?? '';
    sum += byte;
  }
  return text + (digits[-sum & 0xff] ?? '');
}
