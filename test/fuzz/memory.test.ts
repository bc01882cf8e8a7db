// Large and hostile files in a process of their own: at most eight times their size in memory, and never long.
import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { limits } from '../../shared/limits.ts';
import { mcubootFile, particleFile, zipFile } from '../support/maker-files.ts';
import { program } from '../support/rig.ts';
import { hexLine, linesFile, sLine } from '../support/text-records.ts';
import { workFolder } from '../support/tools.ts';

const mostTimes = 8;
const limitMs = 5_000;
const mebi = 1024 * 1024;
const any = { vendorId: 0xffff, productId: 0xffff, bcdDevice: 0xffff };

/** Bytes that do not pack. */
const noise = (length: number): Uint8Array => program(Math.max(8, length), 12_345).subarray(0, length);

/** Lines of hex for so many bytes, with a step between the records; turned round for the worst order. */
function hexFile(records: number, count: number, step: number, reversed: boolean): Uint8Array {
  const data = noise(count);
  const lines: string[] = [];
  for (let index = 0; index < records; index++) {
    const address = index * step;
    if (address % 0x10000 === 0 || reversed)
      lines.push(hexLine(4, 0, [(address >> 24) & 0xff, (address >> 16) & 0xff]));
    lines.push(hexLine(0, address & 0xffff, data));
  }
  if (reversed) {
    const pairs = Array.from({ length: records }, (_, index) => lines.slice(2 * index, 2 * index + 2));
    return linesFile([...pairs.toReversed().flat(), hexLine(1, 0)]);
  }
  return linesFile([...lines, hexLine(1, 0)]);
}

function uf2File(blocks: number, families: number): Uint8Array {
  const file = new Uint8Array(512 * blocks);
  const view = new DataView(file.buffer);
  for (let index = 0; index < blocks; index++) {
    const at = index * 512;
    const address = 0x10000000 + (blocks - index) * 256;
    const words = [0x0a324655, 0x9e5d5157, 0x2000, address, 256, 0, 1, 1 + (index % families)];
    for (const [word, value] of words.entries()) view.setUint32(at + word * 4, value, true);
    view.setUint32(at + 508, 0x0ab16f30, true);
  }
  return file;
}

const elements = (count: number, length: number): { address: number; bytes: Uint8Array }[] =>
  Array.from({ length: count }, (_, index) => ({ address: index * length * 2, bytes: noise(length) }));

const files: readonly (readonly [what: string, name: string, make: () => Uint8Array, outcome: RegExp])[] = [
  ['raw bytes', 'a.bin', () => noise(8 * mebi), /^raw$/],
  ['all FF', 'a.bin', () => new Uint8Array(8 * mebi).fill(0xff), /^raw$/],
  ['a DFU file', 'a.dfu', () => addDfuSuffix(noise(8 * mebi), any, 0x0100), /^dfu$/],
  [
    'DfuSe of many elements',
    'a.dfu',
    () => writeDfuse({ ids: any, targets: [{ alternate: 0, elements: elements(limits.elements, 400) }] }),
    /^dfuse$/,
  ],
  ['Intel HEX', 'a.hex', () => hexFile(100_000, 16, 16, false), /^ihex$/],
  ['Intel HEX from the last line to the first', 'a.hex', () => hexFile(60_000, 16, 16, true), /^ihex$/],
  ['Intel HEX of single bytes, turned round', 'a.hex', () => hexFile(60_000, 1, 1, true), /^ihex$/],
  ['Intel HEX of far too many pieces', 'a.hex', () => hexFile(100_000, 1, 3, true), /^image\.malformed$/],
  [
    'Intel HEX without an end',
    'a.hex',
    () => hexFile(100_000, 16, 16, false).slice(0, -12),
    /^image\.malformed$/,
  ],
  [
    'S-record of single bytes',
    'a.s19',
    () =>
      linesFile([
        ...Array.from({ length: 90_000 }, (_, index) => sLine(3, 90_000 - index, [1])),
        sLine(7, 0),
      ]),
    /^srec$/,
  ],
  ['UF2 in the wrong order', 'a.uf2', () => uf2File(4_096, 1), /^uf2$/],
  ['UF2 of many families', 'a.uf2', () => uf2File(4_096, 32), /^uf2$/],
  ['UF2 of too many families', 'a.uf2', () => uf2File(4_096, 33), /^image\.malformed$/],
  ['MCUboot', 'a.bin', () => mcubootFile({ body: noise(1.5 * mebi) }), /^mcuboot$/],
  ['a Particle module', 'a.bin', () => particleFile({ body: noise(1.5 * mebi) }), /^particle$/],
  ['a zip, stored', 'a.zip', () => zipFile({ 'a.bin': noise(4 * mebi) }, 0), /^raw$/],
  ['a zip, deflated', 'a.zip', () => zipFile({ 'a.bin': noise(4 * mebi) }), /^raw$/],
  [
    'a zip of several',
    'a.zip',
    () => zipFile({ 'a.bin': noise(3 * mebi), 'b.bin': noise(3 * mebi) }, 0),
    /^image\.several$/,
  ],
  [
    'a zip in a zip',
    'a.zip',
    () => zipFile({ 'a.zip': zipFile({ 'a.hex': hexFile(80_000, 16, 16, false) }, 0) }, 0),
    /^ihex$/,
  ],
  ['gzip', 'a.bin.gz', () => new Uint8Array(gzipSync(noise(4 * mebi))), /^raw$/],
  [
    'a bomb of gzip',
    'a.bin.gz',
    () => new Uint8Array(gzipSync(new Uint8Array(1_100 * mebi))),
    /^image\.archive-limit$/,
  ],
  [
    'a bomb of gzip that lies about its size',
    'a.bin.gz',
    () => {
      const file = new Uint8Array(gzipSync(new Uint8Array(1_100 * mebi)));
      new DataView(file.buffer).setUint32(file.length - 4, mebi, true);
      return file;
    },
    /^image\.malformed$/,
  ],
];

describe('reading in at most eight times the size of the file', () => {
  it.each(files)('%s', { timeout: 60_000 }, (_what, name, make, outcome) => {
    using folder = workFolder();
    const path = folder.write('input', make());
    const child = spawnSync(
      process.execPath,
      ['--expose-gc', '--no-warnings', 'test/fuzz/memory-child.ts', path, name],
      { encoding: 'utf8', timeout: 6 * limitMs },
    );
    expect(child.stderr).toBe('');
    const told = JSON.parse(child.stdout) as { outcome: string; ms: number; bytes: number; growth: number };
    expect(told.bytes).toBeGreaterThanOrEqual(mebi);
    expect(told.outcome).toMatch(outcome);
    expect(told.growth / told.bytes).toBeLessThan(mostTimes);
    expect(told.ms).toBeLessThan(limitMs);
  });
});
