import { formatAddress, formatIds, formatRange } from '../../../shared/hex.ts';
import { ExitCode } from '../../../shared/result.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { imageNoticeText } from '../../../shared/text/notices.ts';
import { formatBytes } from '../../../shared/units.ts';
import { openImageFile, openImageStream, type FirmwareImage } from '../../core.ts';
import { writeJson } from '../report-json.ts';

const formatNames: Readonly<Record<FirmwareImage['format'], string>> = {
  raw: 'raw bytes',
  dfu: 'DFU file with suffix',
  dfuse: 'DfuSe container',
  ihex: 'Intel HEX',
  srec: 'Motorola S-record',
  elf: 'ELF',
  uf2: 'UF2',
  mcuboot: 'MCUboot image',
  particle: 'Particle module',
  'particle-bundle': 'Particle bundle',
  'nordic-modem': 'Nordic modem firmware',
  'nordic-dfu': 'Nordic DFU package',
};

/** What a file is and why it was taken for that; nothing is sent anywhere. */
export async function inspect(file: string, options: { json?: boolean }): Promise<ExitCode> {
  const image = file === '-' ? await openImageStream(process.stdin) : await openImageFile(file);
  if (options.json === true) {
    const parts = image.parts.map(({ bytes, ...rest }) => ({ ...rest, bytes: bytes.length }));
    writeJson('image', { ...image, parts });
    return ExitCode.done;
  }
  const ids =
    image.ids === undefined
      ? []
      : [`for      ${formatIds(image.ids.vendorId, image.ids.productId)} (0000 and ffff stand for any)`];
  const lines = [
    image.name,
    `format   ${formatNames[image.format]} (${image.evidence})`,
    `size     ${formatBytes(image.fileBytes)} (${image.fileBytes} bytes)`,
    `SHA-256  ${image.sha256}`,
    ...ids,
    ...image.parts.map((part) => `part     ${placeOf(part)}, ${formatBytes(part.bytes.length)}`),
    ...image.notices.map((notice) => `! ${imageNoticeText(notice)}`),
  ];
  process.stdout.write(`${lines.map(cleanText).join('\n')}\n`);
  return ExitCode.done;
}

function placeOf(part: FirmwareImage['parts'][number]): string {
  if (part.address === undefined) return 'no address';
  const range = formatRange({ start: part.address, end: part.address + part.bytes.length });
  const alternate = part.alternate === undefined ? '' : ` in alternate ${part.alternate}`;
  return part.bytes.length === 0
    ? `${formatAddress(part.address)}${alternate}, empty`
    : `${range}${alternate}`;
}
