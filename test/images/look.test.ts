// Pieces, places and comparisons of whole images, and their bounds.
import { describe, expect, it } from 'vitest';
import { addressedPart, type FirmwareImage } from '../../main/images/image.ts';
import { bytesOfPart, compareImages, findPlace, searchedBytes } from '../../main/images/look.ts';
import { readImage } from '../../main/images/registry.ts';
import { limits } from '../../shared/limits.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

function imageOf(...parts: [address: number | undefined, bytes: Uint8Array][]): FirmwareImage {
  const image = readImage(new Uint8Array(4), 'four.bin');
  return { ...image, parts: parts.map(([address, bytes]) => addressedPart(address, bytes)) };
}

describe('bytes of a part', () => {
  it('end where it ends, and are refused where there is none', () => {
    const image = imageOf([0x100, ascii('abcdef')]);
    expect(bytesOfPart(image, { part: 0, offset: 4 }, 16)).toEqual(ascii('ef'));
    expect(bytesOfPart(image, { part: 0, offset: 600 }, 16)).toEqual(ascii(''));
    expect(() => bytesOfPart(image, { part: 1, offset: 0 }, 16)).toThrow(/api.unknown/);
  });
});

describe('a search', () => {
  it('goes by address, whatever the order of the parts', () => {
    const image = imageOf([0x900, ascii('x..x')], [0x100, ascii('..x')]);
    const what = { kind: 'text', value: 'x' } as const;
    expect(findPlace(image, what, undefined)).toEqual({ part: 1, offset: 2, bytes: 1 });
    expect(findPlace(image, what, { part: 1, offset: 3 })).toEqual({ part: 0, offset: 0, bytes: 1 });
    expect(findPlace(image, what, { part: 0, offset: 1 })).toEqual({ part: 0, offset: 3, bytes: 1 });
    expect(findPlace(image, what, { part: 0, offset: 4 })).toBeUndefined();
  });

  it('knows hex and both kinds of text', () => {
    expect(searchedBytes({ kind: 'hex', value: '4e 6F\n00' })).toEqual([Uint8Array.of(0x4e, 0x6f, 0)]);
    expect(searchedBytes({ kind: 'text', value: 'ab' })).toEqual([
      ascii('ab'),
      Uint8Array.of(0x61, 0, 0x62, 0),
    ]);
    expect(() => searchedBytes({ kind: 'hex', value: '4e6' })).toThrow(RangeError);
  });
});

describe('a comparison', () => {
  it('lays plain bytes over the start of an image with addresses', () => {
    const addressed = imageOf([0x08000000, ascii('abcd')]);
    const plain = imageOf([undefined, ascii('abXd')]);
    expect(compareImages(addressed, plain)).toMatchObject({
      changed: [{ start: 0x08000002, end: 0x08000003 }],
      shift: 0x08000000,
    });
    expect(compareImages(plain, addressed)).toMatchObject({
      changed: [{ start: 2, end: 3 }],
      onlySecond: [],
      shift: -0x08000000,
    });
    expect(compareImages(plain, plain)).toMatchObject({ changed: [], shift: 0 });
  });

  it('never lists more than its limit, and says so', () => {
    // Every 32nd byte differs: nothing that could be shown as one.
    const zeros = new Uint8Array(limits.differences * 64);
    const dotted = zeros.map((_, at) => (at % 32 === 0 ? 1 : 0));
    const { changed, more } = compareImages(imageOf([0, zeros]), imageOf([0, dotted]));
    expect(changed.length).toBe(limits.differences);
    expect(more).toBe(true);
    expect(changed[1]).toEqual({ start: 32, end: 33 });
  });

  it('takes many parts against many in its stride', () => {
    const scattered = Array.from({ length: limits.elements }, (_, at): [number, Uint8Array] => [
      at * 16,
      Uint8Array.of(at & 0xff),
    ]);
    const image = imageOf(...scattered);
    const started = performance.now();
    expect(compareImages(image, image)).toMatchObject({ changed: [], onlyFirst: [], onlySecond: [] });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
