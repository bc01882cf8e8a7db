// Which ODrive a program is for: by its USB product name, and by the file's name (devices.md 3.1, 3.4).
import type { ImageFact } from '../../../shared/image-facts.ts';
import { indexOfBytes } from '../../base/bytes.ts';
import { textAt } from '../reader.ts';
import { placeIn, searchedBytes, type Finder } from './finding.ts';

const chip = 'stm32f405';
const label = 'ODrive 3.';
/** Kept as ASCII by the compiler, or as UTF-16 the way USB wants it. */
const spellings = [
  Uint8Array.from(label, (letter) => letter.charCodeAt(0)),
  Uint8Array.from(Array.from(label, (letter) => [letter.charCodeAt(0), 0]).flat()),
];

export const findOdrive: Finder = ({ name, parts }) => {
  const facts: ImageFact[] = [];
  for (const part of parts) {
    const bytes = part.bytes.subarray(0, searchedBytes);
    const at = spellings.flatMap((spelling) => indexOfBytes(bytes, spelling) ?? [])[0];
    if (at === undefined) continue;
    const text = textAt(bytes, at, 2 * label.length + 4).replaceAll('\0', '');
    const minor = /^ODrive 3\.(\d)/.exec(text)?.[1];
    if (minor === undefined) continue;
    const evidence = 'its USB product name';
    facts.push({ code: 'product', at: placeIn(part, at), product: `ODrive v3.${minor}`, evidence });
    break;
  }
  const [, board, volts] = /ODriveFirmware_v(\d\.\d)-(\d\d)V/i.exec(name) ?? [];
  if (board !== undefined && volts !== undefined)
    facts.push({ code: 'product', at: {}, product: `ODrive v${board} ${volts}V`, evidence: 'its name' });
  const [first] = facts;
  if (first?.code !== 'product') return facts;
  facts.push({ code: 'chip', at: first.at, chip, evidence: `${first.evidence}, ${first.product}` });
  // There is no version in a fixed place of the image (devices.md 3.4); release files are often named after theirs.
  const version = /(?<![\d.])0\.\d{1,2}\.\d{1,2}(?![\d.]*\d)/.exec(name)?.[0];
  if (version !== undefined) facts.push({ code: 'version', at: {}, of: 'ODrive', version });
  return facts;
};
