import { formatAddress, formatIds, formatRange } from '../../../shared/hex.ts';
import type { Plan } from '../../../shared/plan.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { ExitCode } from '../../../shared/result.ts';
import { checkTexts, verdictTexts } from '../../../shared/text/checks.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { errorText } from '../../../shared/text/errors.ts';
import { factPlaceText, formatTexts, imageFactText } from '../../../shared/text/image-facts.ts';
import { imageNoticeText } from '../../../shared/text/notices.ts';
import { questionText, warningText } from '../../../shared/text/plan.ts';
import { formatBytes } from '../../../shared/units.ts';
import {
  compareRuns,
  findIn,
  planForChip,
  searchedBytes,
  viewRuns,
  type FirmwareImage,
  type FlashRequest,
  type ViewRun,
} from '../../core.ts';
import { hexLines } from '../hex-view.ts';
import { platform } from '../host.ts';
import { memoryBar } from '../memory-map.ts';
import { planWithoutFlashing } from '../plan-only.ts';
import { writeJson } from '../report-json.ts';
import { openShell, selectionOf, type CommonOptions } from '../shell.ts';
import { readImageArgument } from '../image-argument.ts';

export interface InspectOptions extends CommonOptions {
  readonly entry?: string;
  readonly asRaw?: boolean;
  readonly address?: number;
  /** A chip's name for files. */
  readonly for?: string;
  /** Check against the connected board. */
  readonly check?: boolean;
  /** Show bytes; from an address, or from the first. */
  readonly hex?: number | true;
  readonly length?: number;
  readonly find?: string;
  readonly diff?: string;
}

const mostShown = 20;
const defaultHexBytes = 256;

/** What a file is, why it was taken for that, and what would stand against flashing it; nothing is sent anywhere. */
export async function inspect(file: string, options: InspectOptions): Promise<ExitCode> {
  const image = await readImageArgument(file, options);
  const plan = await planOf(image, options);
  const runs = viewRuns(image.parts, options.address);
  const other = options.diff === undefined ? undefined : await readImageArgument(options.diff, {});
  const difference =
    other === undefined ? undefined : compareRuns(runs, viewRuns(other.parts, runs[0]?.start));
  const wanted = options.find === undefined ? undefined : wantedBytes(options.find);
  const found = wanted?.flatMap((bytes) => findIn(runs, bytes, { limit: mostShown }));
  if (options.json === true) {
    const parts = image.parts.map(({ bytes, ...rest }) => ({ ...rest, bytes: bytes.length }));
    writeJson('image', { ...image, parts, plan, difference, found });
    return ExitCode.done;
  }
  const lines = [
    ...imageLines(image),
    ...(plan === undefined ? [] : checkLines(plan, runs)),
    ...(difference === undefined ? [] : ['', ...differenceLines(difference, other?.name ?? '')]),
    ...(found === undefined ? [] : ['', ...foundLines(found, options.find ?? '')]),
    ...(options.hex === undefined ? [] : ['', ...hexOf(runs, options)]),
  ];
  process.stdout.write(`${lines.map(cleanText).join('\n')}\n`);
  return ExitCode.done;
}

async function planOf(image: FirmwareImage, options: InspectOptions): Promise<Plan | undefined> {
  const request: FlashRequest = {
    kind: 'flash',
    images: [image],
    selection: selectionOf(options),
    alternate: options.alt,
    transferSize: options.transferSize,
    address: options.address,
    dryRun: true,
    backup: true,
    verify: true,
    leave: true,
    full: false,
    asRaw: options.asRaw === true,
    keepRest: false,
    reset: false,
    allow: new Set(),
  };
  if (options.for !== undefined) return planForChip(options.for, request);
  if (options.check !== true) return undefined;
  const { core } = await openShell(options);
  return await planWithoutFlashing(core, request);
}

function imageLines(image: FirmwareImage): string[] {
  const { ids } = image;
  const row = (label: string, text: string): string => `${label.padEnd(9)}${text}`;
  const facts = image.facts.map((fact) => {
    const place = 'at' in fact ? factPlaceText(fact.at) : '';
    return row('found', `${imageFactText(fact)}${place === '' ? '' : ` (${place})`}`);
  });
  const shown = image.parts.slice(0, mostShown);
  const rest = image.parts.length - shown.length;
  return [
    image.name,
    row('format', `${formatTexts[image.format]} (${image.evidence})`),
    ...(image.inside.length === 0 ? [] : [row('inside', image.inside.join(' / '))]),
    row('size', `${formatBytes(image.fileBytes)} (${image.fileBytes} bytes)`),
    row('SHA-256', image.sha256),
    ...(ids === undefined
      ? []
      : [row('for', `${formatIds(ids.vendorId, ids.productId)} (0000 and ffff stand for any)`)]),
    ...(image.entry === undefined ? [] : [row('entry', formatAddress(image.entry))]),
    ...shown.map((part) => row('part', `${placeOf(part)}, ${formatBytes(part.bytes.length)}`)),
    ...(rest > 0 ? [row('', `and ${rest} parts more`)] : []),
    ...facts,
    ...image.notices.map((notice) => `! ${imageNoticeText(notice)}`),
  ];
}

function placeOf(part: FirmwareImage['parts'][number]): string {
  if (part.address === undefined) return 'no address';
  const range = formatRange({ start: part.address, end: part.address + part.bytes.length });
  const alternate = part.alternate === undefined ? '' : ` in alternate ${part.alternate}`;
  const space = part.space === undefined ? '' : ` in the ${part.space}`;
  const chip = part.chip === undefined ? '' : ` for ${part.chip.toUpperCase()}`;
  return `${range}${alternate}${space}${chip}`;
}

/** The checks one by one, and below them why. */
function checkLines(plan: Plan, runs: readonly ViewRun[]): string[] {
  const image = runs.map(({ start, bytes }) => ({ start, end: start + bytes.length }));
  return [
    '',
    `against ${plan.board}`,
    ...plan.memories.map((memory) => `  ${memoryBar(memory, image)}`),
    ...plan.checks.map(({ id, verdict }) => `  ${verdictTexts[verdict].padEnd(5)}${checkTexts[id]}`),
    ...plan.refusals.map(({ code, params }) => {
      const { title, advice } = errorText(code, params as never, platform);
      return `  x ${title}. ${advice}`;
    }),
    ...plan.questions
      .filter((question) => question.id !== 'confirm')
      .map((question) => `  ? ${questionText(question, plan)}`),
    ...plan.warnings.map((warning) => `  ! ${warningText(warning)}`),
  ];
}

function differenceLines(difference: ReturnType<typeof compareRuns>, name: string): string[] {
  const rows = [
    ...difference.changed.map((range) => `  differs    ${formatRange(range)}`),
    ...difference.onlyFirst.map((range) => `  only here  ${formatRange(range)}`),
    ...difference.onlySecond.map((range) => `  only there ${formatRange(range)}`),
  ];
  if (rows.length === 0) return [`the same bytes as ${name}`];
  const rest = rows.length - mostShown;
  return [
    `against ${name}:`,
    ...rows.slice(0, mostShown),
    ...(rest > 0 ? [`  and ${difference.more ? 'more than ' : ''}${rest} places more`] : []),
  ];
}

/** Hex digits behind 0x, or text. @throws FlashError `usage` */
function wantedBytes(text: string): Uint8Array[] {
  if (!/^0x/i.test(text)) return searchedBytes({ kind: 'text', value: text });
  try {
    return searchedBytes({ kind: 'hex', value: text.slice(2) });
  } catch {
    throw new FlashError('usage', { detail: `"${text}" is not hex: an even number of digits behind 0x` });
  }
}

function foundLines(found: readonly number[], text: string): string[] {
  if (found.length === 0) return [`"${text}" is nowhere in it`];
  return [`"${text}" is at`, ...found.map((address) => `  ${formatAddress(address)}`)];
}

function hexOf(runs: readonly ViewRun[], options: InspectOptions): string[] {
  const start = typeof options.hex === 'number' ? options.hex : (runs[0]?.start ?? 0);
  const lines = hexLines(runs, start, options.length ?? defaultHexBytes);
  return lines.length === 0 ? [`nothing at ${formatAddress(start)}`] : lines;
}
