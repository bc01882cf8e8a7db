import { FlashError } from '../../../shared/errors/flash-error.ts';
import { ExitCode } from '../../../shared/result.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { writtenFormatTexts } from '../../../shared/text/image-facts.ts';
import { formatBytes } from '../../../shared/units.ts';
import {
  convertImage,
  saveNewFile,
  writtenFormats,
  type FirmwareImage,
  type ImageIds,
  type WrittenFormat,
} from '../../core.ts';
import { readImageArgument } from '../image-argument.ts';
import { writeJson } from '../report-json.ts';

export interface ConvertCommandOptions {
  readonly format?: string;
  readonly entry?: string;
  readonly asRaw?: boolean;
  readonly address?: number;
  readonly vidPid?: string;
  readonly bcdDevice?: number;
  readonly fill?: number;
  readonly chip?: string;
  readonly stripPrefix?: boolean;
  readonly json?: boolean;
}

/** A firmware file in another format. Never replaces a file. */
export async function convert(
  input: string,
  output: string,
  options: ConvertCommandOptions,
): Promise<ExitCode> {
  const image = await readImageArgument(input, options);
  const format = formatOf(output, image, options);
  const bytes = convertImage(image, format, {
    address: options.address,
    ids: idsOf(image, options),
    fill: options.fill,
    chip: options.chip,
    stripPrefix: options.stripPrefix === true,
  });
  await saveNewFile(output, bytes);
  if (options.json === true) writeJson('converted', { path: output, format, bytes: bytes.length });
  else {
    const text = `${image.name} is now ${output}: ${writtenFormatTexts[format]}, ${formatBytes(bytes.length)}`;
    process.stdout.write(`${cleanText(text)}\n`);
  }
  return ExitCode.done;
}

/** By the name of the file to be written, unless it is said. @throws FlashError `usage` */
function formatOf(output: string, image: FirmwareImage, options: ConvertCommandOptions): WrittenFormat {
  const { format, address } = options;
  if (format !== undefined) {
    const known = writtenFormats.find((one) => one === format);
    if (known !== undefined) return known;
    throw new FlashError('usage', { detail: `--format takes ${writtenFormats.join(', ')}` });
  }
  const [, extension] = /\.(bin|hex|ihex|dfu)$/i.exec(output) ?? [];
  if (extension === undefined)
    throw new FlashError('usage', {
      detail: `"${output}" does not end in .bin, .hex or .dfu; say which with --format`,
    });
  const hasAddresses = address !== undefined || image.parts.every((part) => part.address !== undefined);
  switch (extension.toLowerCase()) {
    case 'bin':
      return 'bin';
    case 'dfu':
      return hasAddresses ? 'dfuse' : 'dfu';
    default:
      return 'hex';
  }
}

/** @throws FlashError `usage` */
function idsOf(image: FirmwareImage, { vidPid, bcdDevice }: ConvertCommandOptions): ImageIds | undefined {
  if (vidPid === undefined && bcdDevice === undefined) return undefined;
  const own = image.ids ?? { vendorId: 0xffff, productId: 0xffff, bcdDevice: 0xffff };
  if (bcdDevice !== undefined && bcdDevice > 0xffff)
    throw new FlashError('usage', { detail: '--bcd-device has 16 bits' });
  const device = bcdDevice ?? own.bcdDevice;
  if (vidPid === undefined) return { ...own, bcdDevice: device };
  const [, vendor, product] = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(vidPid) ?? [];
  if (vendor === undefined || product === undefined)
    throw new FlashError('usage', { detail: '--vid-pid takes four hex digits twice, as in 0483:df11' });
  return {
    vendorId: Number.parseInt(vendor, 16),
    productId: Number.parseInt(product, 16),
    bcdDevice: device,
  };
}
