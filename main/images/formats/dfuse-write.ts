// Writing DfuSe containers, the ST way: the size in the prefix leaves the suffix out (dfu.md 3.2).
import { limits } from '../../../shared/limits.ts';
import { viewOf } from '../../base/bytes.ts';
import type { ImageIds } from '../image.ts';
import { checkField, withSuffix } from '../suffix.ts';
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
const lastAddress = 0xffff_ffff;

/**
 * A DfuSe file of these targets, with a suffix naming these ids. Names are Latin-1, as the reader takes them, and cut to
 * their field.
 * @throws FlashError `internal` for a number that does not fit its field
 */
export function writeDfuse(content: { targets: readonly DfuseTargetContent[]; ids: ImageIds }): Uint8Array {
  const { targets, ids } = content;
  const size = prefixBytes + targets.reduce((sum, target) => sum + targetPrefixBytes + sizeOf(target), 0);
  checkField(targets.length, 0xff);
  checkField(size, lastAddress);
  const body = new Uint8Array(size);
  const view = viewOf(body);
  body.set(latin1('DfuSe'));
  view.setUint8(5, 1);
  view.setUint32(6, size, true);
  view.setUint8(10, targets.length);
  let offset = prefixBytes;
  for (const target of targets) {
    checkField(target.alternate, 0xff);
    checkField(target.elements.length, limits.elements);
    body.set(latin1('Target'), offset);
    view.setUint8(offset + 6, target.alternate);
    view.setUint32(offset + 7, target.name === undefined ? 0 : 1, true);
    body.set(latin1(target.name ?? '').subarray(0, targetNameBytes - 1), offset + 11);
    view.setUint32(offset + 266, sizeOf(target), true);
    view.setUint32(offset + 270, target.elements.length, true);
    offset += targetPrefixBytes;
    for (const { address, bytes } of target.elements) {
      checkField(address, lastAddress);
      checkField(address + bytes.length, lastAddress + 1);
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

function latin1(text: string): Uint8Array {
  return Uint8Array.from([...text], (letter) => (letter > '\xff' ? 0x3f : letter.charCodeAt(0)));
}
