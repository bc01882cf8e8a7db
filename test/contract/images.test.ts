// Files a page sends: their bytes, what stands in them, what stands against them.
import { describe, expect, it } from 'vitest';
import { connect } from '../../renderer/client/connect.ts';
import { writeIntelHex } from '../../main/images/formats/ihex-write.ts';
import { program } from '../support/rig.ts';
import { carrierNames, serveOver } from './over-carriers.ts';
import { openImage, refused } from './page.ts';

/** Intel HEX with a gap: a program, and behind it a text, once as ASCII and once as UTF-16. */
function twoParts(): Uint8Array {
  const words = new Uint8Array(40);
  words.set(new TextEncoder().encode('Needle'));
  words.set(new TextEncoder().encode('N\0e\0e\0d\0l\0e\0'), 20);
  return writeIntelHex([
    { start: 0x08000000, bytes: program(100_000) },
    { start: 0x08020000, bytes: words },
  ]);
}

describe.each(carrierNames)('images over %s', (name) => {
  const over = serveOver(name);

  it('shows bytes of an image, finds what stands in it, and tells how another differs', async () => {
    const id = await openImage(over.client, twoParts(), 'two.hex');
    const report = await over.client.images.inspect({ id });
    expect(report.parts.map(({ address, bytes }) => [address, bytes])).toEqual([
      [0x08000000, 100_000],
      [0x08020000, 40],
    ]);
    const read = async (part: number, offset: number, length: number): Promise<Uint8Array> =>
      new Uint8Array(await (await over.client.images.bytes({ id, part, offset, length })).arrayBuffer());
    expect(await read(0, 60_000, 65_536)).toEqual(program(100_000).subarray(60_000));
    expect(await read(1, 0, 5)).toEqual(new TextEncoder().encode('Needl'));
    expect((await read(1, 40, 16)).length).toBe(0);

    const text = { kind: 'text', value: 'Needle' } as const;
    expect(await over.client.images.find({ id, what: text })).toEqual({ part: 1, offset: 0, bytes: 6 });
    expect(await over.client.images.find({ id, what: text, from: { part: 1, offset: 1 } })).toEqual({
      part: 1,
      offset: 20,
      bytes: 12,
    });
    expect(await over.client.images.find({ id, what: text, from: { part: 1, offset: 21 } })).toBeUndefined();
    const hex = { kind: 'hex', value: '4e 65 65 64' } as const;
    expect(await over.client.images.find({ id, what: hex })).toEqual({ part: 1, offset: 0, bytes: 4 });

    const changed = program(100_000);
    changed[70_000] = (changed[70_000] ?? 0) ^ 1;
    const raw = await openImage(over.client, changed, 'changed.bin');
    expect(await over.client.images.compare({ id, withId: raw })).toEqual({
      changed: [{ start: 0x08000000 + 70_000, end: 0x08000000 + 70_001 }],
      onlyFirst: [{ start: 0x08020000, end: 0x08020028 }],
      onlySecond: [],
      more: false,
      shift: 0x08000000,
    });
    expect(await over.client.images.compare({ id: raw, withId: id })).toMatchObject({
      changed: [{ start: 70_000, end: 70_001 }],
      onlySecond: [{ start: 0x20000, end: 0x20028 }],
      shift: -0x08000000,
    });
    await over.client.images.close({ id });
    await over.client.images.close({ id: raw });
    expect(await refused(over.client.images.bytes({ id, part: 0, offset: 0, length: 1 }))).toBe(
      'api.unknown',
    );
  });

  it('checks a file against a chip without a board', async () => {
    const chips = await over.client.jobs.chips({});
    expect(chips.find(({ slug }) => slug === 'stm32f072')).toMatchObject({
      name: 'STM32F072',
      runs: [{ start: 0x08000000, sectorSize: 2048, count: 64 }],
    });
    const id = await openImage(over.client, program(200_000), 'large.bin');
    const { checks } = await over.client.jobs.planForChip({
      chip: 'stm32f072',
      images: [id],
      address: 0x08000000,
    });
    expect(checks.find(({ verdict }) => verdict === 'refuse')?.id).toBe('fits');
    expect(await refused(over.client.jobs.planForChip({ chip: 'z80', images: [id] }))).toBe('api.unknown');
    await over.client.images.close({ id });
  });

  it('holds only so many files open', async () => {
    const other = connect(await over.carrier.page());
    for (let i = 0; i < 8; i++) await other.images.begin({ name: `${i}`, bytes: 10 });
    expect(await refused(other.images.begin({ name: '9', bytes: 10 }))).toBe('api.limit');
  });

  it('pieces out of order, missing or too many are told, and nothing is made of them', async () => {
    const { id } = await over.client.images.begin({ name: 'x', bytes: 10 });
    expect(await refused(over.client.images.append({ id, offset: 5, chunk: new Blob(['12345']) }))).toBe(
      'api.out-of-order',
    );
    expect(await refused(over.client.images.inspect({ id }))).toBe('api.out-of-order');
    expect(
      await refused(over.client.images.append({ id, offset: 0, chunk: new Blob(['12345678901']) })),
    ).toBe('api.out-of-order');
    await over.client.images.close({ id });
  });
});
