// Which Pycom board a file is for: by its suffix and, as two generations share their ids, by its name (devices.md 2.1, 2.4).
import type { ImageFact } from '../../../shared/image-facts.ts';
import type { Finder } from './finding.ts';

const pycomVendor = 0x04d8;
/** 8192 words of 14 bits, two bytes each. */
const imageBytes = 16_384;
/** By product id in flash mode: the board, and the name its second generation goes by. */
const boards: Readonly<Record<number, readonly [first: string, second: RegExp, secondName: string]>> = {
  0xf014: ['Pytrack', /pytrack2/i, 'Pytrack 2X'],
  0xf011: ['Pysense', /pysense2/i, 'Pysense 2X'],
  0xef37: ['Pyscan', /^$/, 'Pyscan'],
  0xef99: ['Expansion Board 3.0', /expansion31/i, 'Expansion Board 3.1'],
  0xed15: ['Pygate', /^$/, 'Pygate'],
};

export const findPycom: Finder = ({ format, name, ids, parts }) => {
  if (format !== 'dfu' || ids?.vendorId !== pycomVendor) return [];
  const board = boards[ids.productId];
  if (board === undefined || parts[0]?.bytes.length !== imageBytes) return [];
  const [first, second, secondName] = board;
  const product = second.test(name) ? secondName : first;
  const fact: ImageFact = { code: 'product', at: {}, product, evidence: 'its suffix and its name' };
  const [, version] = /_v?(\d+\.\d+\.\d+)/.exec(name) ?? [];
  // The image has no version in it.
  return version === undefined ? [fact] : [fact, { code: 'version', at: {}, of: product, version }];
};
