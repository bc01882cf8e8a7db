// How fast firmware files are read: against nrf-intel-hex, and against copying the same bytes.
import { createHash } from 'node:crypto';
import { convertImage } from '../../main/images/convert.ts';
import { elf } from '../../main/images/formats/elf.ts';
import { ihex } from '../../main/images/formats/ihex.ts';
import { raw } from '../../main/images/formats/raw.ts';
import { addressedPart, type ImageFormat } from '../../main/images/image.ts';
import { readImage } from '../../main/images/registry.ts';
import { NrfMemoryMap } from '../support/nrf-intel-hex.ts';
import { program } from '../support/rig.ts';

const mebi = 1024 * 1024;
/** Wanted of Intel HEX: at least so many times as fast as nrf-intel-hex. */

export interface ParsingRow {
  readonly what: string;
  readonly bytes: number;
  readonly ms: number;
  /** The same work by someone else: nrf-intel-hex, a copy, a digest. */
  readonly other: { readonly what: string; readonly ms: number };
}

/** The shortest of several runs: what the machine can do when nothing else runs. */
function shortest(action: () => unknown, runs = 5): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    action();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** A small header before many bytes: one segment, no sections. */
function bigElf(length: number): Uint8Array {
  const file = new Uint8Array(84 + length);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(18, 40, true);
  view.setUint32(28, 52, true);
  view.setUint16(40, 52, true);
  view.setUint16(42, 32, true);
  view.setUint16(44, 1, true);
  for (const [at, value] of [
    [52, 1],
    [56, 84],
    [64, 0x08000000],
    [68, length],
  ] as const)
    view.setUint32(at, value, true);
  file.set(program(length), 84);
  return file;
}

export function measureParsing(): ParsingRow[] {
  const content = program(6 * mebi);
  const image = { ...readImage(program(64), 'a.bin'), parts: [addressedPart(0x08000000, content)] };
  const hex = convertImage(image, 'hex').subarray(0, 16 * mebi);
  // Cut at a line, and closed again.
  const lines = new TextDecoder().decode(hex.subarray(0, hex.lastIndexOf(0x0a) + 1)) + ':00000001FF\r\n';
  const text = new TextEncoder().encode(lines);
  const bin = program(16 * mebi);
  const big = bigElf(16 * mebi);
  const row = (
    what: string,
    format: ImageFormat,
    file: Uint8Array,
    other: ParsingRow['other'],
  ): ParsingRow => ({
    what,
    bytes: file.length,
    ms: shortest(() => format.parse(file, 'a')),
    other,
  });
  const copy = { what: 'copying', ms: shortest(() => bin.slice()) };
  const digest = { what: 'its SHA-256', ms: shortest(() => createHash('sha256').update(bin).digest()) };
  return [
    row('Intel HEX', ihex, text, {
      what: 'nrf-intel-hex',
      ms: shortest(() => NrfMemoryMap.fromHex(lines), 2),
    }),
    row('ELF', elf, big, copy),
    row('bin', raw, bin, copy),
    {
      what: 'bin, all of reading',
      bytes: bin.length,
      ms: shortest(() => readImage(bin, 'a.bin')),
      other: digest,
    },
  ];
}

/** Prints the rows. Wanted: Intel HEX at least ten times as fast as nrf-intel-hex. */
export function printParsing(rows: readonly ParsingRow[]): void {
  console.log('\nfile                        size       ours      other');
  for (const { what, bytes, ms, other } of rows) {
    const size = `${(bytes / mebi).toFixed(1)} MB`;
    const ratio = (other.ms / ms).toFixed(1);
    console.log(
      `${what.padEnd(22)}${size.padStart(10)}${`${ms.toFixed(1)} ms`.padStart(11)}${`${other.ms.toFixed(1)} ms`.padStart(11)}  ${other.what} takes ${ratio} times as long`,
    );
  }
}
