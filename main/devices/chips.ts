// Which chip a memory map belongs to. A map never proves a board (devices.md 0.2).
import * as v from 'valibot';
import table from '../../assets/chips.json' with { type: 'json' };
import type { AlternateReport } from '../../shared/board.ts';
import { formatAddress } from '../../shared/hex.ts';

const chipTableSchema = v.array(
  v.strictObject({
    chip: v.string(),
    slug: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
    /** `0xSTART/COUNT*SIZE,...` of the main flash, sizes in bytes, equal neighbours merged. */
    map: v.pipe(v.string(), v.regex(/^0x[0-9A-F]{8}\/\d+\*\d+(,\d+\*\d+)*$/)),
    /** Start of the option bytes, or start and size in bytes, where that is what tells two chips apart. */
    options: v.optional(v.pipe(v.string(), v.regex(/^0x[0-9A-F]{8}(\/\d+)?$/))),
    source: v.string(),
  }),
);

/** A chip told by its bootloader's memory map. */
export interface Chip {
  readonly name: string;
  /** For file names. */
  readonly slug: string;
}

/** Bootloaders by their ids alone, for boards that cannot be opened and so not be asked (devices.md 0.1). */
const bootloaders: Readonly<Record<string, string>> = {
  '0483:df11': 'STM32 board',
  '28e9:0189': 'GD32 board',
};

/** What is known of a board by its bootloader's ids; undefined where others use them, too. */
export function bootloaderName(ids: string): string | undefined {
  return bootloaders[ids];
}

const chips = v.parse(chipTableSchema, table);

/** The chip whose ROM prints these maps; undefined for maps nobody has noted yet. */
export function chipOf(alternates: readonly AlternateReport[]): Chip | undefined {
  const flash = alternates.find((one) => one.kind === 'main-flash' && one.runs.length > 0);
  if (flash === undefined) return undefined;
  const map = signatureOf(flash);
  const options = alternates.find((one) => one.kind === 'option-bytes')?.runs[0];
  const found = chips.find(
    (chip) =>
      chip.map === map &&
      (chip.options === undefined || (options !== undefined && hasOptions(chip.options, options))),
  );
  return found === undefined ? undefined : { name: found.chip, slug: found.slug };
}

function hasOptions(wanted: string, run: AlternateReport['runs'][number]): boolean {
  const start = formatAddress(run.start);
  return wanted === start || wanted === `${start}/${run.count * run.sectorSize}`;
}

/** ST's boot ROM. Its maps tell the chip; other makers' bootloaders print the same maps for other chips (devices.md 0.2). */
export const stRom = { vendorId: 0x0483, productId: 0xdf11 };

/** Whether what a map tells of the chip is enough to refuse a file by. */
export function provesChip(ids: { readonly vendorId: number; readonly productId: number }): boolean {
  return ids.vendorId === stRom.vendorId && ids.productId === stRom.productId;
}

/** A chip by its name for files, with the sectors of its flash; undefined for one we have not noted. */
export function chipBySlug(slug: string): (Chip & { readonly runs: AlternateReport['runs'] }) | undefined {
  const found = chips.find((chip) => chip.slug === slug);
  if (found === undefined) return undefined;
  const [first = '', counts = ''] = found.map.split('/');
  let start = Number(first);
  const runs = counts.split(',').map((text) => {
    const [count = 0, sectorSize = 0] = text.split('*').map(Number);
    const run = { start, sectorSize, count, readable: true, erasable: true, writable: true };
    start += count * sectorSize;
    return run;
  });
  return { name: found.chip, slug: found.slug, runs };
}

/** Names of the chips we have maps of. */
export function chipSlugs(): string[] {
  return chips.map((chip) => chip.slug);
}

function signatureOf(flash: AlternateReport): string {
  const runs: { count: number; size: number }[] = [];
  for (const run of flash.runs) {
    const last = runs.at(-1);
    if (last?.size === run.sectorSize) last.count += run.count;
    else runs.push({ count: run.count, size: run.sectorSize });
  }
  const start = formatAddress(flash.runs[0]?.start ?? 0);
  return `${start}/${runs.map((run) => `${run.count}*${run.size}`).join(',')}`;
}
