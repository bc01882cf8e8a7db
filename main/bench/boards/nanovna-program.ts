// Programs for the virtual NanoVNA: what one is made of, and what one in the flash says it is (devices.md 5.2, 5.7).
import { indexOfBytes } from '../../base/bytes.ts';
import { dfuCrc32 } from '../../base/crc.ts';
import type { NanovnaFamily } from './nanovna-layout.ts';
import { oldFirmware } from './old-firmware.ts';

export type NanovnaModel = 'NanoVNA-H' | 'NanoVNA-H4';

export interface NanovnaProgram {
  /** Undefined where the program does not say. */
  readonly family: NanovnaFamily | undefined;
  /** The model it was built for; undefined where it does not say, as in all builds but DiSlord's. */
  readonly model: NanovnaModel | undefined;
  readonly version: string;
}

const utf16 = (text: string): Uint8Array =>
  Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0), 0]));
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const productText = utf16('NanoVNA-H');
const chibiosText = utf16('ChibiOS/RT Virtual COM Port');
/** The label is not verified by our facts. */
const versionLabel = ascii('Version: ');
const boardNames: Readonly<Record<NanovnaModel, string>> = {
  'NanoVNA-H': 'NanoVNA',
  'NanoVNA-H4': 'NanoVNA-H 4',
};
const textsAt = 0x1000;

/** What the `info` of a model says after "Board: ". */
export function boardNameOf(model: NanovnaModel): string {
  return boardNames[model];
}

/** A program in the manner of a family: a vector table, noise, and the texts it is told by. */
export function nanovnaProgram(
  what: { readonly family: NanovnaFamily; readonly model: NanovnaModel; readonly version: string },
  length = 90 * 1024 + 300,
  seed = 1,
): Uint8Array {
  const bytes = oldFirmware(length, 0x20000100, 0x080001d5, seed);
  const { family, model, version } = what;
  const info =
    family === 'dislord'
      ? `Board: ${boardNames[model]}\0Version: ${version} [virtual]\0`
      : `Version: ${version}\0`;
  bytes.set(ascii(info), textsAt);
  const product = family === 'dislord' ? utf16(`${model}\0`) : chibiosText;
  bytes.set(product, textsAt + 0x100);
  return bytes;
}

/** A program for the virtual NanoVNA-H, to practise with: newer than the one it comes with. */
export function practiceProgram(): Uint8Array {
  return nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '1.2.46' }, 94_049, 9);
}

/** What the program in the flash says of itself. */
export function readProgram(code: Uint8Array): NanovnaProgram {
  const productAt = indexOfBytes(code, productText);
  const isChibios = indexOfBytes(code, chibiosText) !== undefined;
  const isFour = productAt !== undefined && code[productAt + productText.length] === 0x34;
  return {
    family: productAt !== undefined ? 'dislord' : isChibios ? 'ttrftech' : undefined,
    model: productAt === undefined ? undefined : isFour ? 'NanoVNA-H4' : 'NanoVNA-H',
    version: versionIn(code) ?? `virtual-${dfuCrc32(code).toString(16).padStart(8, '0')}`,
  };
}

function versionIn(code: Uint8Array): string | undefined {
  const at = indexOfBytes(code, versionLabel);
  if (at === undefined) return undefined;
  const text = String.fromCharCode(...code.subarray(at + versionLabel.length, at + versionLabel.length + 24));
  return /^\d+(\.\d+)+/.exec(text)?.[0];
}
