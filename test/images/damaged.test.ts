// Files that were cut, flipped or made up: never a shorter image in silence, never memory on a header's word.
import { describe, expect, it } from 'vitest';
import { dfuCrc32 } from '../../main/base/crc.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { readImage } from '../../main/images/registry.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { fromHex } from '../../shared/hex.ts';
import { limits } from '../../shared/limits.ts';

const ids = { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0x0200 };
/** Begins like a program, so that no notice comes for want of a vector table. */
const program = fromHex('00100020 01010008 deadbeef');
const plain = addDfuSuffix(program, ids, 0x0100);
const container = writeDfuse({
  ids,
  targets: [
    { alternate: 0, elements: [{ address: 0x08000000, bytes: program }] },
    { alternate: 1, elements: [{ address: 0x1fffc000, bytes: program }] },
  ],
});

/** Offsets into a container whose first target begins right behind the prefix. */
const field = { size: 6, targets: 10, targetSize: 11 + 266, elements: 11 + 270, elementSize: 11 + 274 + 4 };

/** The container without its suffix, changed, and given a sound suffix again: a header that lies. */
function lying(change: (view: DataView) => void, extra = 0): Uint8Array {
  const body = new Uint8Array(container.length - 16 + extra);
  body.set(container.subarray(0, -16));
  change(new DataView(body.buffer));
  return addDfuSuffix(body, ids, 0x011a);
}

function outcome(file: Uint8Array, name: string): string {
  try {
    const image = readImage(file, name);
    return `${image.format} ${image.notices.map((notice) => notice.code).join(',')}`;
  } catch (error) {
    return isFlashError(error) ? error.code : String(error);
  }
}

describe('a file cut at any byte', () => {
  it('named .dfu is refused', () => {
    for (const whole of [plain, container])
      for (let length = 0; length < whole.length; length++)
        expect(outcome(whole.subarray(0, length), 'a.dfu')).toMatch(/^image\./);
  });

  it('is refused under any name when it is a container', () => {
    for (let length = 5; length < container.length; length++)
      expect(outcome(container.subarray(0, length), 'a.bin')).toMatch(/^image\./);
    for (let length = 1; length < 5; length++)
      expect(outcome(container.subarray(0, length), 'a.bin')).toBe('raw ');
  });

  it('is noticed under a raw name as long as a letter of its suffix tells', () => {
    for (let lost = 1; lost <= 5; lost++)
      expect(outcome(plain.subarray(0, -lost), 'a.bin')).toBe('raw looks-like');
  });

  it('and given a sound suffix again is refused all the same', () => {
    for (let length = 11; length < container.length - 16; length++) {
      const file = addDfuSuffix(container.subarray(0, length), ids, 0x011a);
      expect(outcome(file, 'a.dfu')).toMatch(/^image\.(truncated|malformed)$/);
    }
  });
});

describe('a suffix', () => {
  it('with any one bit changed is refused', () => {
    for (const whole of [plain, container]) {
      for (let bit = 0; bit < 16 * 8; bit++) {
        const file = whole.slice();
        const at = file.length - 16 + (bit >> 3);
        file[at] = (file[at] ?? 0) ^ (1 << (bit & 7));
        expect(outcome(file, 'a.dfu')).toMatch(/^image\.(bad-checksum|malformed|truncated)$/);
      }
    }
  });

  it('may be longer than sixteen bytes; all of it is taken off', () => {
    const file = addDfuSuffix(new Uint8Array([...program, 1, 2, 3, 4]), ids, 0x0100);
    file[file.length - 5] = 20;
    const resealed = reseal(file);
    expect(readImage(resealed, 'a.dfu').parts[0]?.bytes).toEqual(program);
    file[file.length - 5] = 0xff;
    expect(outcome(reseal(file), 'a.dfu')).toBe('image.malformed');
  });

  it('that says DfuSe needs a container before it', () => {
    expect(outcome(addDfuSuffix(program, ids, 0x011a), 'a.dfu')).toBe('image.malformed');
  });
});

describe('headers that lie', () => {
  it.each<[string, (view: DataView) => void, string]>([
    ['a size over the file', (view) => view.setUint32(field.size, 0xffffffff, true), 'image.truncated'],
    ['a size that leaves a target out', (view) => view.setUint32(field.size, 305, true), 'image.malformed'],
    ['more targets', (view) => view.setUint8(field.targets, 255), 'image.truncated'],
    ['no targets', (view) => view.setUint8(field.targets, 0), 'image.empty'],
    [
      'a target over the end',
      (view) => view.setUint32(field.targetSize, 0xffffffff, true),
      'image.truncated',
    ],
    ['a target cut short', (view) => view.setUint32(field.targetSize, 19, true), 'image.truncated'],
    ['more elements', (view) => view.setUint32(field.elements, 2, true), 'image.truncated'],
    [
      'elements over the limit',
      (view) => view.setUint32(field.elements, limits.elements + 1, true),
      'image.malformed',
    ],
    ['an element over its target', (view) => view.setUint32(field.elementSize, 13, true), 'image.truncated'],
    [
      'an element beyond 32 bits',
      (view) => view.setUint32(field.elementSize - 4, 0xfffffffc, true),
      'image.malformed',
    ],
    ['another version', (view) => view.setUint8(5, 2), 'image.malformed'],
  ])('%s', (_what, change, code) => {
    expect(outcome(lying(change), 'a.dfu')).toBe(code);
  });

  it('bytes that belong to no element are counted, inside a target and behind the last', () => {
    const inside = lying((view) => view.setUint32(field.elements, 0, true));
    expect(readImage(inside, 'a.dfu').notices).toEqual([{ code: 'leftover-bytes', count: 8 + 12 }]);
    const behind = lying(() => undefined, 7);
    expect(readImage(behind, 'a.dfu').notices).toEqual([{ code: 'leftover-bytes', count: 7 }]);
  });

  it('elements over all targets are limited', () => {
    const empty = { address: 0, bytes: new Uint8Array() };
    const half = { alternate: 0, elements: Array.from({ length: limits.elements / 2 }, () => empty) };
    const one = { alternate: 1, elements: [{ address: 0, bytes: program }] };
    expect(outcome(writeDfuse({ ids, targets: [half, half] }), 'a.dfu')).toBe('image.empty');
    expect(outcome(writeDfuse({ ids, targets: [half, half, one] }), 'a.dfu')).toBe('image.malformed');
  });

  it('empty elements are ignored, wherever they claim to lie', () => {
    const elements = [
      { address: 0xffffffff, bytes: new Uint8Array() },
      { address: 0x08000000, bytes: program },
    ];
    const image = readImage(writeDfuse({ ids, targets: [{ alternate: 0, elements }] }), 'a.dfu');
    expect(image.parts.map((part) => part.address)).toEqual([0x08000000]);
    expect(image.notices).toEqual([]);
  });

  it('parts are views of the file, never new memory', () => {
    for (const file of [plain, container, program])
      for (const part of readImage(file, 'a').parts) expect(part.bytes.buffer).toBe(file.buffer);
  });
});

describe('what does not fit the format', () => {
  const element = { address: 0, bytes: program };
  it.each([
    ['an alternate', { ids, targets: [{ alternate: 256, elements: [element] }] }],
    ['an address', { ids, targets: [{ alternate: 0, elements: [{ ...element, address: 0xfffffff8 }] }] }],
    [
      '256 targets',
      { ids, targets: Array.from({ length: 256 }, () => ({ alternate: 0, elements: [element] })) },
    ],
    ['an id', { ids: { ...ids, productId: 0x10000 }, targets: [{ alternate: 0, elements: [element] }] }],
  ])('%s is not written', (_what, content) => {
    expect(() => writeDfuse(content)).toThrow(expect.objectContaining({ code: 'internal' }));
  });
});

/** The same file with the checksum of what it now holds. */
function reseal(file: Uint8Array): Uint8Array {
  const sealed = file.slice();
  new DataView(sealed.buffer).setUint32(file.length - 4, dfuCrc32(file.subarray(0, -4)), true);
  return sealed;
}
