// Which NanoVNA a program is for (devices.md 5.7): DiSlord's builds say so, others do not.
import type { ImageFact } from '../../../shared/image-facts.ts';
import { indexOfBytes } from '../../base/bytes.ts';
import { textAt } from '../reader.ts';
import { placeIn, searchedBytes, type Finder } from './finding.ts';

const models = {
  h: { product: 'NanoVNA-H', chip: 'stm32f072' },
  h4: { product: 'NanoVNA-H4', chip: 'stm32f303' },
} as const;

const utf16 = (text: string): Uint8Array =>
  Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0), 0]));
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
/** The USB product name, and the label of the board's name in its `info`. */
const usbName = utf16('NanoVNA-H');
const boardLabel = ascii('Board: NanoVNA');
/** The label of the version in `info`; not verified by our facts. */
const versionLabel = ascii('Version: ');
const nearBytes = 512;

export const findNanovna: Finder = ({ parts }) => {
  for (const part of parts) {
    const bytes = part.bytes.subarray(0, searchedBytes);
    const usbAt = indexOfBytes(bytes, usbName);
    const labelAt = indexOfBytes(bytes, boardLabel);
    if (usbAt === undefined && labelAt === undefined) continue;
    const facts: ImageFact[] = [];
    if (usbAt !== undefined) {
      const model = bytes[usbAt + usbName.length] === 0x34 ? models.h4 : models.h;
      facts.push(...modelFacts(model, placeIn(part, usbAt), 'its USB product name'));
    }
    if (labelAt !== undefined) {
      const model = textAt(bytes, labelAt + boardLabel.length, 4) === '-H 4' ? models.h4 : models.h;
      if (facts.length === 0) facts.push(...modelFacts(model, placeIn(part, labelAt), 'its board name'));
      facts.push(...versionFacts(bytes, labelAt, (at) => placeIn(part, at)));
    }
    return facts;
  }
  return [];
};

function modelFacts(
  model: (typeof models)['h' | 'h4'],
  at: ReturnType<typeof placeIn>,
  evidence: string,
): ImageFact[] {
  const { product, chip } = model;
  return [
    { code: 'product', at, product, evidence },
    { code: 'chip', at, chip, evidence: `${evidence}, ${product}` },
  ];
}

function versionFacts(
  bytes: Uint8Array,
  from: number,
  place: (at: number) => ReturnType<typeof placeIn>,
): ImageFact[] {
  const at = indexOfBytes(bytes.subarray(0, from + nearBytes), versionLabel, from);
  if (at === undefined) return [];
  const version = /^\d+(\.\d+)+/.exec(textAt(bytes, at + versionLabel.length, 24))?.[0];
  return version === undefined ? [] : [{ code: 'version', at: place(at), of: 'NanoVNA', version }];
}
