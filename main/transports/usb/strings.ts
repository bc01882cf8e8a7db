// String descriptors, raw (USB 2.0 section 9.6.7): the library's own reader insists on 0x0409 and UTF-16, which some
// bootloaders do not have (dfu.md 2.2, 4.1, 5.1).
import { isFlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import type { Wait } from '../../base/wait.ts';
import { DescriptorType } from './descriptors.ts';
import type { UsbDevice } from './usb-device.ts';

/** A string as the device sent it, and as text that is safe to show. */
export interface UsbString {
  /** The descriptor's payload, without its two header bytes. */
  readonly raw: Uint8Array;
  /** Without control characters, at most 255 bytes' worth. */
  readonly text: string;
  readonly anomalies: readonly StringAnomaly[];
}

export type StringAnomaly =
  /** bLength is larger than what was sent (F427 ROM). */
  | 'bad-length'
  /** 8-bit text where UTF-16 belongs (GD32VF103 serial). */
  | 'eight-bit'
  /** No list of languages. */
  | 'no-language'
  /** Control characters were taken out of the text. */
  | 'control-characters';

const getDescriptor = 6;
const usEnglish = 0x0409;
const languages = new WeakMap<UsbDevice, number | undefined>();

/**
 * @returns undefined where the device has no such string
 * @throws FlashError `usb.*` but for a stall, `job.*`
 */
export async function readStringDescriptor(
  device: UsbDevice,
  index: number,
  wait: Wait,
): Promise<UsbString | undefined> {
  if (index === 0) return undefined;
  const language = await languageOf(device, wait);
  for (const candidate of new Set([language ?? usEnglish, usEnglish, 0])) {
    const bytes = await readRaw(device, index, candidate, wait);
    if (bytes !== undefined) return decode(bytes, language === undefined);
  }
  return undefined;
}

async function languageOf(device: UsbDevice, wait: Wait): Promise<number | undefined> {
  if (languages.has(device)) return languages.get(device);
  const list = await readRaw(device, 0, 0, wait);
  const offered: number[] = [];
  for (let at = 2; list !== undefined && at + 1 < list.length; at += 2)
    offered.push((list[at] ?? 0) | ((list[at + 1] ?? 0) << 8));
  const language = offered.includes(usEnglish) ? usEnglish : offered[0];
  languages.set(device, language);
  return language;
}

async function readRaw(
  device: UsbDevice,
  index: number,
  language: number,
  wait: Wait,
): Promise<Uint8Array | undefined> {
  try {
    const bytes = await device.controlIn(
      {
        type: 'standard',
        recipient: 'device',
        request: getDescriptor,
        value: (DescriptorType.string << 8) | index,
        index: language,
      },
      limits.textBytes,
      wait,
    );
    return bytes.length >= 2 && bytes[1] === DescriptorType.string ? bytes : undefined;
  } catch (error) {
    if (isFlashError(error, 'usb.stall', 'usb.overflow')) return undefined;
    throw error;
  }
}

function decode(bytes: Uint8Array, noLanguage: boolean): UsbString {
  const anomalies: StringAnomaly[] = noLanguage ? ['no-language'] : [];
  const stated = bytes[0] ?? 0;
  if (stated > bytes.length) anomalies.push('bad-length');
  const raw = bytes.subarray(2, Math.max(2, Math.min(stated, bytes.length)));
  const eightBit = looksEightBit(raw);
  if (eightBit) anomalies.push('eight-bit');
  const decoded = eightBit ? String.fromCharCode(...raw) : utf16(raw);
  const text = cleanText(decoded);
  if (text !== decoded) anomalies.push('control-characters');
  return { raw, text, anomalies };
}

/** UTF-16 of any Latin text has zero high bytes; a run of printable bytes without a single zero is 8-bit text. */
function looksEightBit(raw: Uint8Array): boolean {
  return raw.length >= 2 && raw.every((byte) => byte >= 0x20 && byte < 0x7f);
}

function utf16(raw: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 1 < raw.length; at += 2)
    text += String.fromCharCode((raw[at] ?? 0) | ((raw[at + 1] ?? 0) << 8));
  return text;
}
