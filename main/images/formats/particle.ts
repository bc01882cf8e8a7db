// Particle modules: a prefix somewhere near the beginning, a suffix, and a CRC (devices.md 1.7).
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { toHex } from '../../../shared/hex.ts';
import {
  particleFunctions,
  type ImageFact,
  type ParticleFlag,
  type ParticleFunction,
} from '../../../shared/image-facts.ts';
import { limits } from '../../../shared/limits.ts';
import { viewOf } from '../../base/bytes.ts';
import { addressedPart, type ImageFormat, type ParsedImage, type Recognition } from '../image.ts';
import { particlePlatforms } from '../particle-platforms.ts';
import { Reader } from '../reader.ts';

const prefixBytes = 24;
const crcBytes = 4;
/** Where a prefix usually stands: user parts, nRF52 system parts and bootloaders, Gen 2. */
const usualOffsets: readonly number[] = [0, 0x200, 0x184];
/** Makers' own tools look at every fourth byte up to here. */
const scannedBytes = 8 * 1024;
/** Reserved, SHA-256, size of the suffix: what the shortest tail has before the CRC. */
const shortestSuffix = 2 + 32 + 2;
const flagBits: readonly (readonly [bit: number, flag: ParticleFlag])[] = [
  [1, 'drop-header'],
  [2, 'compressed'],
  [4, 'combined'],
  [8, 'encrypted'],
  [0x10, 'extended'],
];
/** What the DFU bootloader may be given; everything else goes in over the running program (devices.md 1.8). */
const overDfu: readonly ParticleFunction[] = ['system-part', 'user-part', 'monolithic'];

export const particle: ImageFormat = {
  id: 'particle',
  maxBytes: limits.fileBytes,
  recognise(file, name): Recognition | undefined {
    const sure = prefixesIn(file).find((prefix) => lengthOf(prefix) === file.length);
    if (sure !== undefined && storedCrc(file) === crc32(file.subarray(0, -crcBytes)))
      return { confidence: 'certain', evidence: `module prefix at ${sure.offset}, and its CRC` };
    // Damaged or cut: only where a prefix usually stands, and only for platforms there are. A cut suffix of UFD is no module.
    const likely = usualOffsets
      .flatMap((offset) => prefixAt(file, offset) ?? [])
      .find((prefix) => isUsual(prefix));
    if (likely === undefined || (lengthOf(likely) !== file.length && !/\.bin\s*$/i.test(name)))
      return undefined;
    return { confidence: 'likely', evidence: `module prefix at ${likely.offset}` };
  },
  parse(file, name): ParsedImage {
    const prefixes = prefixesIn(file);
    const prefix =
      prefixes.find((one) => lengthOf(one) === file.length) ?? prefixes.find((one) => isUsual(one));
    const reader = new Reader(file, name);
    if (prefix === undefined) throw reader.malformed(0, 'no-particle-prefix');
    reader.need(0, lengthOf(prefix));
    if (lengthOf(prefix) < file.length)
      throw reader.malformed(lengthOf(prefix), 'longer-than-its-prefix-says');
    const facts = [...prefixFacts(reader, prefix), ...digestFacts(reader)];
    const dropped = prefix.flags.includes('drop-header') ? prefix.offset + prefixBytes : 0;
    if (dropped > 0)
      facts.push({ code: 'left-out', at: { offset: 0 }, what: 'particle-prefix', bytes: dropped });
    return { parts: [addressedPart(prefix.start, file.subarray(dropped))], facts };
  },
};

interface Prefix {
  readonly offset: number;
  readonly start: number;
  readonly end: number;
  readonly flags: readonly ParticleFlag[];
  readonly version: number;
  readonly platform: number;
  readonly module: ParticleFunction;
  readonly index: number;
}

function lengthOf({ start, end }: Prefix): number {
  return end - start + crcBytes;
}

function isUsual(prefix: Prefix): boolean {
  return (
    usualOffsets.includes(prefix.offset) &&
    particlePlatforms[prefix.platform] !== undefined &&
    prefix.platform !== 0
  );
}

function prefixesIn(file: Uint8Array): Prefix[] {
  const found: Prefix[] = [];
  const last = Math.min(scannedBytes, file.length - prefixBytes);
  for (let offset = 0; offset <= last; offset += 4) {
    const prefix = prefixAt(file, offset);
    if (prefix !== undefined && (lengthOf(prefix) === file.length || usualOffsets.includes(offset)))
      found.push(prefix);
  }
  return found;
}

/** A prefix that could be one. */
function prefixAt(file: Uint8Array, offset: number): Prefix | undefined {
  if (offset + prefixBytes > file.length) return undefined;
  const view = viewOf(file);
  const start = view.getUint32(offset, true);
  const end = view.getUint32(offset + 4, true);
  const bits = view.getUint8(offset + 9);
  const module = particleFunctions[view.getUint8(offset + 14) - 1];
  if (end <= start + prefixBytes || end - start > limits.fileBytes || bits > 0x1f || module === undefined)
    return undefined;
  return {
    offset,
    start,
    end,
    flags: flagBits.flatMap(([bit, flag]) => ((bits & bit) === 0 ? [] : [flag])),
    version: view.getUint16(offset + 10, true),
    platform: view.getUint16(offset + 12, true),
    module,
    index: view.getUint8(offset + 15),
  };
}

function prefixFacts(reader: Reader, prefix: Prefix): ImageFact[] {
  const { offset, platform, module, index, flags, start } = prefix;
  const at = (field: number) => ({ offset: offset + field, address: start + offset + field });
  const known = particlePlatforms[platform];
  const facts: ImageFact[] = [
    { code: 'particle', at: at(0), platform, platformName: known?.name, module, index, flags },
    {
      code: 'version',
      at: at(10),
      of: `Particle ${platform} ${module} ${index}`,
      version: String(prefix.version),
    },
  ];
  if (known !== undefined)
    facts.push({
      code: 'chip',
      at: at(12),
      chip: known.chip,
      evidence: `Particle platform ${platform}, ${known.name}`,
    });
  for (const field of [16, 20]) {
    const needed = particleFunctions[reader.byte(offset + field) - 1];
    if (needed === undefined) continue;
    const what = `Particle ${platform} ${needed} ${reader.byte(offset + field + 1)}`;
    facts.push({ code: 'needs', at: at(field), what, version: String(reader.half(offset + field + 2)) });
  }
  const closed = flags.includes('encrypted') || flags.includes('compressed');
  if (closed || !overDfu.includes(module))
    facts.push({
      code: 'other-route',
      what: known?.name ?? `platform ${platform}`,
      route: 'particle-update',
    });
  return facts;
}

function storedCrc(file: Uint8Array): number {
  return viewOf(file).getUint32(file.length - crcBytes, false);
}

function digestFacts(reader: Reader): ImageFact[] {
  const { file } = reader;
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  const crcAt = file.length - crcBytes;
  const stated = storedCrc(file);
  const actual = crc32(file.subarray(0, crcAt));
  const verdict = stated === actual ? 'good' : 'bad';
  const facts: ImageFact[] = [
    {
      code: 'digest',
      at: { offset: crcAt },
      what: 'CRC-32',
      verdict,
      expected: hex(stated),
      found: hex(actual),
    },
  ];
  if (crcAt < shortestSuffix || reader.half(crcAt - 2) < shortestSuffix) return facts;
  const shaAt = crcAt - 2 - 32;
  const expected = toHex(reader.slice(shaAt, 32));
  const found = createHash('sha256').update(file.subarray(0, shaAt)).digest('hex');
  // Our facts do not say which bytes it covers. That it fits proves our guess; that it does not proves nothing.
  facts.push({
    code: 'digest',
    at: { offset: shaAt },
    what: 'SHA-256',
    verdict: found === expected ? 'good' : 'not-checked',
    expected,
  });
  return facts;
}
