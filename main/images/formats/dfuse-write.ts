// Writing DfuSe containers, the ST way: the size in the prefix leaves the suffix out (dfu.md 3.2).
import { viewOf } from '../../base/bytes.ts';
import type { ImageIds } from '../image.ts';
import { withSuffix } from '../suffix.ts';
import { elementHeaderBytes, prefixBytes, targetNameBytes, targetPrefixBytes } from './dfuse.ts';

export interface DfuseElement {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface DfuseTargetContent {
  readonly alternate: number;
  readonly name?: string;
  readonly elements: readonly DfuseElement[];
}

const dfuseVersion = 0x011a;

/** A DfuSe file of these targets, with a suffix naming these ids. */
export function writeDfuse(content: { targets: readonly DfuseTargetContent[]; ids: ImageIds }): Uint8Array {
  const { targets, ids } = content;
  const size = prefixBytes + targets.reduce((sum, target) => sum + targetPrefixBytes + sizeOf(target), 0);
  const body = new Uint8Array(size);
  const view = viewOf(body);
  body.set(ascii('DfuSe'));
  view.setUint8(5, 1);
  view.setUint32(6, size, true);
  view.setUint8(10, targets.length);
  let offset = prefixBytes;
  for (const target of targets) {
    body.set(ascii('Target'), offset);
    view.setUint8(offset + 6, target.alternate);
    view.setUint32(offset + 7, target.name === undefined ? 0 : 1, true);
    body.set(ascii(target.name ?? '').subarray(0, targetNameBytes - 1), offset + 11);
    view.setUint32(offset + 266, sizeOf(target), true);
    view.setUint32(offset + 270, target.elements.length, true);
    offset += targetPrefixBytes;
    for (const { address, bytes } of target.elements) {
      view.setUint32(offset, address, true);
      view.setUint32(offset + 4, bytes.length, true);
      body.set(bytes, offset + elementHeaderBytes);
      offset += elementHeaderBytes + bytes.length;
    }
  }
  return withSuffix(body, ids, dfuseVersion);
}

function sizeOf(target: DfuseTargetContent): number {
  return target.elements.reduce((sum, element) => sum + elementHeaderBytes + element.bytes.length, 0);
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from([...text], (letter) => letter.charCodeAt(0) & 0x7f);
}
