// planFlash is pure: facts in, plan out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFlash } from '../../main/jobs/plan.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { subtract, totalSize, union } from '../../shared/ranges.ts';
import { f405, plain } from '../support/boards.ts';
import { flashRequest } from '../support/rig.ts';

function image(
  parts: readonly (readonly [address: number | undefined, bytes: Uint8Array, alternate?: number])[],
  changes: Partial<FirmwareImage> = {},
): FirmwareImage {
  return {
    format: 'dfuse',
    evidence: '',
    inside: [],
    name: 'x.dfu',
    sha256: 'x',
    fileBytes: 1,
    ids: undefined,
    entry: undefined,
    facts: [],
    notices: [],
    parts: parts.map(([address, bytes, alternate]) => ({
      address,
      bytes,
      alternate,
      alternateName: undefined,
    })),
    ...changes,
  };
}
const filled = (length: number, value = 0x55): Uint8Array => new Uint8Array(length).fill(value);
const plan = (images: FirmwareImage[], changes = {}, known: Parameters<typeof planFlash>[2] = []) =>
  planFlash(f405, flashRequest(images, changes), known);
const refusals = (images: FirmwareImage[], changes = {}): string[] =>
  plan(images, changes).plan.refusals.map((one) => one.code);

describe('what is refused before anything is touched', () => {
  it.each<[string, FirmwareImage, object, string]>([
    ['outside the memory', image([[0x080ffff0, filled(32)]]), {}, 'plan.outside-memory'],
    ['far outside', image([[0x90040000, filled(4)]]), {}, 'plan.outside-memory'],
    ['no address', image([[undefined, filled(4)]]), {}, 'image.address-missing'],
    ['option bytes without permission', image([[0x1fffc000, filled(4), 1]]), {}, 'plan.needs-permission'],
    [
      'OTP, whatever is allowed',
      image([[0x1fff7800, filled(4), 2]]),
      { allow: new Set(['option-bytes']) },
      'plan.forbidden-range',
    ],
    [
      'RDP level 2, whatever is allowed',
      image([[0x1fffc000, Uint8Array.of(0xef, 0xcc), 1]]),
      { allow: new Set(['option-bytes']) },
      'plan.locks-for-ever',
    ],
    ['an alternate that is not there', image([[0x08000000, filled(4), 7]]), {}, 'plan.no-such-alternate'],
    [
      'another device',
      image([[0x08000000, filled(4)]], { ids: { vendorId: 0x1234, productId: 1, bcdDevice: 0 } }),
      {},
      'plan.wrong-device',
    ],
    [
      'parts that disagree',
      image([
        [0x08000000, filled(8)],
        [0x08000004, filled(8, 1)],
      ]),
      {},
      'image.overlap',
    ],
    ['nothing in it', image([[0x08000000, filled(0)]]), {}, 'image.empty'],
  ])('%s', (_name, file, changes, code) => expect(refusals([file], changes)).toContain(code));

  it.each([
    [
      'ids of 0000',
      image([[0x08000000, filled(4)]], { ids: { vendorId: 0x0483, productId: 0, bcdDevice: 0 } }),
      {},
    ],
    [
      'parts that agree',
      image([
        [0x08000000, filled(8)],
        [0x08000004, filled(8)],
      ]),
      {},
    ],
    [
      'option bytes with permission',
      image([[0x1fffc000, Uint8Array.of(0xef, 0xaa), 1]]),
      { allow: new Set(['option-bytes']) },
    ],
    ['an address for a raw file', image([[undefined, filled(4)]]), { address: 0x08000000 }],
    ["a maker's own raw file", image([[undefined, filled(4)]]), { fromStart: true }],
  ])('but not %s', (_name, file, changes) => expect(refusals([file], changes)).toEqual([]));

  it('plain images on a DfuSe board and addresses on a plain one', () => {
    const codes = planFlash(plain, flashRequest([image([[0x08000000, filled(4)]])]), []).plan.refusals.map(
      (one) => one.code,
    );
    expect(codes).toEqual(['plan.unsupported-image']);
  });
});

describe('bytes without an address', () => {
  const starts = (changes: object): number[] =>
    plan([image([[undefined, filled(4)]])], changes).plan.regions.flatMap(({ write }) =>
      write.map(({ start }) => start),
    );

  it("go to where the memory begins, where they are the board's own firmware, and elsewhere only where told", () => {
    expect(starts({ fromStart: true })).toEqual([0x08000000]);
    expect(starts({ fromStart: true, address: 0x08010000 })).toEqual([0x08010000]);
    const two = [image([[undefined, filled(4)]]), image([[undefined, filled(4)]], { name: 'y.bin' })];
    expect(refusals(two, { fromStart: true })).toContain('plan.unsupported-image');
  });

  it('need none on a board that has none', () => {
    const request = flashRequest([image([[undefined, filled(4)]])], { fromStart: true });
    expect(planFlash(plain, request, []).plan.refusals).toEqual([]);
  });
});

describe('sectors', () => {
  it('erases the union over all images once, and writes everything', () => {
    const files = [
      image([
        [0x08000000, filled(100)],
        [0x08010000, filled(10)],
      ]),
      image([[0x08000100, filled(20_000)]]),
    ];
    const [region] = plan(files).plan.regions;
    expect(region?.erase.map((one) => one.start)).toEqual([0x08000000, 0x08004000, 0x08010000]);
    expect(region?.eraseSectors).toBe(3);
    const wanted = files.flatMap((file) =>
      file.parts.map((part) => ({ start: part.address ?? 0, end: (part.address ?? 0) + part.bytes.length })),
    );
    expect(subtract(wanted, region?.write ?? [])).toEqual([]);
  });

  it('skips sectors that hold the image, unless all is to be written', () => {
    const file = image([[0x08000000, filled(40_000)]]);
    const now = filled(1024 * 1024, 0xff);
    now.set(filled(16_384 + 5), 0);
    const known = [{ alternate: 0, start: 0x08000000, bytes: now }];
    const [region] = plan([file], {}, known).plan.regions;
    expect(region?.unchanged).toEqual([{ start: 0x08000000, end: 0x08004000 }]);
    expect(region?.erase[0]?.start).toBe(0x08004000);
    expect(plan([file], { full: true }, known).plan.regions[0]?.eraseSectors).toBe(3);
    expect(plan([file], {}, known).plan.hash).toBe(plan([file]).plan.hash);
  });

  it('says what is lost around the image, or keeps it', () => {
    const file = image([[0x08000020, filled(0x20)]]);
    const now = filled(1024 * 1024, 0xff);
    now.set(filled(0x10, 0x33), 0x10);
    now.set(filled(0x100, 0x44), 0x2000);
    const known = [{ alternate: 0, start: 0x08000000, bytes: now }];
    expect(plan([file], {}, known).plan.warnings.map((one) => one.code)).toContain('erases-more');
    const kept = plan([file], { keepRest: true }, known);
    expect(kept.plan.regions[0]?.lost).toEqual([]);
    const written = new Uint8Array(0x4000).fill(0xff);
    for (const run of kept.work[0]?.writes ?? []) written.set(run.bytes, run.start - 0x08000000);
    const expected = now.slice(0, 0x4000);
    expected.set(filled(0x20), 0x20);
    expect(written).toEqual(expected);
  });

  it('covers any image with whole sectors and never writes outside what is erased', () => {
    const part = fc.tuple(
      fc.integer({ min: 0x08000000, max: 0x080f0000 }),
      fc.integer({ min: 1, max: 50_000 }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), fc.boolean(), (parts, keepRest) => {
        const files = [image(parts.map(([address, length]) => [address, filled(length)]))];
        const made = plan(files, { keepRest });
        expect(made.plan.refusals).toEqual([]);
        const [region] = made.plan.regions;
        const wanted = union(parts.map(([start, length]) => ({ start, end: start + length })));
        expect(subtract(wanted, region?.write ?? [])).toEqual([]);
        expect(subtract(region?.write ?? [], region?.erase ?? [])).toEqual([]);
        expect(totalSize(region?.erase ?? [])).toBe(totalSize(union(region?.erase ?? [])));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a file for several kinds of chips', () => {
  const both = image([[0x08000000, filled(64)]]);
  const parts = ['stm32f4', 'rp2040'].map((chip, index) => ({
    address: 0x08000000,
    bytes: filled(64, index),
    alternate: undefined,
    alternateName: undefined,
    chip,
  }));
  const facts = parts.map(({ chip }) => ({ code: 'chip', at: {}, chip, evidence: 'x' }) as const);

  it('gives this board what is for its chip', () => {
    const made = planFlash(f405, flashRequest([{ ...both, parts, facts }]), []);
    expect(made.plan.refusals).toEqual([]);
    expect(made.work[0]?.writes.map((run) => run.bytes)).toEqual([filled(64, 0)]);
  });

  it('is refused where nothing in it is', () => {
    const others = parts.map((part, index) => ({ ...part, chip: index === 0 ? 'stm32f7' : 'rp2040' }));
    const codes = planFlash(f405, flashRequest([{ ...both, parts: others }]), []).plan.refusals;
    expect(codes.map((one) => one.code)).toEqual(['plan.wrong-chip']);
  });
});
