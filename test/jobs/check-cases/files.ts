// Files and boards that checks are tried on.
import { writeDfuse } from '../../../main/images/formats/dfuse-write.ts';
import type { FirmwareImage } from '../../../main/images/image.ts';
import { readImage } from '../../../main/images/registry.ts';
import type { BoardFacts } from '../../../main/jobs/board-facts.ts';
import type { planFlash } from '../../../main/jobs/plan.ts';
import type { FlashRequest } from '../../../main/jobs/request.ts';
import { f405 } from '../../support/boards.ts';
import { particleFile, zipFile } from '../../support/maker-files.ts';
import { program } from '../../support/rig.ts';
import { hexLine, linesFile } from '../../support/text-records.ts';

export const start = 0x08000000;
export const at: Partial<FlashRequest> = { address: start };
export const any = { vendorId: 0xffff, productId: 0xffff, bcdDevice: 0xffff };
export const bin = (bytes: Uint8Array, name = 'a.bin'): FirmwareImage => readImage(bytes, name);
export const good = bin(program(64));

export function hex(address: number, bytes: Iterable<number>): FirmwareImage {
  const upper = [(address >>> 24) & 0xff, (address >>> 16) & 0xff];
  const data = [...bytes];
  const lines = [hexLine(4, 0, upper)];
  for (let from = 0; from < data.length; from += 16)
    lines.push(hexLine(0, (address + from) & 0xffff, data.slice(from, from + 16)));
  return readImage(linesFile([...lines, hexLine(1, 0)]), 'a.hex');
}

export function container(
  elements: readonly { address: number; bytes: Uint8Array }[],
  ids = any,
  alternate = 0,
): FirmwareImage {
  return readImage(writeDfuse({ ids, targets: [{ alternate, elements }] }), 'a.dfu');
}

export function uf2(family: number): FirmwareImage {
  const file = new Uint8Array(512);
  const view = new DataView(file.buffer);
  for (const [index, word] of [0x0a324655, 0x9e5d5157, 0x2000, start, 64, 0, 1, family].entries())
    view.setUint32(index * 4, word, true);
  file.set(program(64), 32);
  view.setUint32(508, 0x0ab16f30, true);
  return readImage(file, 'a.uf2');
}

/** A program with a text somewhere in it. */
export function programWith(text: string, encoding: 'ascii' | 'utf16', address = start): FirmwareImage {
  const bytes = program(4096);
  const letters = Array.from(text, (letter) => letter.charCodeAt(0));
  bytes.set(encoding === 'ascii' ? letters : letters.flatMap((code) => [code, 0]), 1024);
  return hex(address, bytes);
}

export const broken = (file: Uint8Array, offset: number): Uint8Array =>
  file.map((byte, index) => (index === offset ? byte ^ 1 : byte));
export const prefixed = Uint8Array.from([1, 0, 0, 0, 64, 0, 0, 0, ...program(64)]);
export const lpc = Uint8Array.from([
  0x1a,
  0x3f,
  2,
  0,
  ...new Uint8Array(8),
  0xff,
  0xff,
  0xff,
  0xff,
  ...program(64),
]);
export const unwritable: BoardFacts = {
  ...f405,
  abilities: { ...f405.abilities, write: { possible: false, why: 'download-not-offered' } },
};
export const bundle = readImage(zipFile({ 'app.bin': particleFile(), 'tone.wav': 'wav' }), 'app.zip');
export const release = readImage(
  zipFile({ 'app.bin': particleFile(), 'boot.bin': particleFile({ module: 2, start: 0xf4000 }) }),
  'release.zip',
);
/** A save of an older version, for boards that hold a newer one. */
export const nanovna = (version: string, model: string): FirmwareImage =>
  programWith(`Board: NanoVNA${model}\0Version: ${version} [`, 'ascii');
export const l4: BoardFacts = { ...f405, chip: 'stm32l4', slug: 'stm32l4' };

export interface Case {
  readonly what: string;
  readonly files: readonly FirmwareImage[];
  readonly board?: BoardFacts;
  readonly request?: Partial<FlashRequest>;
  readonly known?: Parameters<typeof planFlash>[2];
}
export type Trips = Case & { readonly verdict: 'tell' | 'ask' | 'refuse'; readonly says: RegExp };

export interface CheckCases {
  readonly trips: readonly Trips[];
  readonly passes: readonly Case[];
}
