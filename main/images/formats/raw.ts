// Raw bytes: what is left when nothing else claims a file (dfu.md 3.8).
import { addressedPart, type ImageFormat, type ImageNotice, type ParsedImage } from '../image.ts';
import { limits } from '../../../shared/limits.ts';
import { prefixFacts } from '../prefixes.ts';
import { hasSuffix, suffixBytes } from '../suffix.ts';

/** Beginnings of formats that are no raw bytes, for the warning. Those we read are never taken for raw. */
const magics: readonly { readonly format: string; readonly fits: (file: Uint8Array) => boolean }[] = [
  { format: 'DfuSe', fits: (file) => startsWith(file, 'DfuSe') },
  { format: 'DFU', fits: (file) => hasSuffix(file) || hasCutSuffix(file) },
  { format: 'ELF', fits: (file) => startsWith(file, '\x7fELF') },
  { format: 'UF2', fits: (file) => startsWith(file, 'UF2\n') },
  { format: 'zip', fits: (file) => startsWith(file, 'PK\x03\x04') },
  { format: 'gzip', fits: (file) => startsWith(file, '\x1f\x8b\x08') },
  { format: 'a tar archive', fits: (file) => startsWith(file.subarray(257), 'ustar') },
  { format: 'xz', fits: (file) => startsWith(file, '\xfd7zXZ') },
  { format: '7z', fits: (file) => startsWith(file, '7z\xbc\xaf\x27\x1c') },
  { format: 'rar', fits: (file) => startsWith(file, 'Rar!') },
  { format: 'bzip2', fits: (file) => startsWith(file, 'BZh') },
  { format: 'a web page', fits: (file) => /^(<!doctype|<html)/i.test(beginning(file).trimStart()) },
  { format: 'PDF', fits: (file) => startsWith(file, '%PDF') },
  { format: 'Intel HEX', fits: (file) => /^\s*:[0-9A-Fa-f]{10,}\s/.test(beginning(file)) },
  { format: 'S-record', fits: (file) => /^\s*S[0-9][0-9A-Fa-f]{6,}\s/.test(beginning(file)) },
];

export const raw: ImageFormat = {
  id: 'raw',
  maxBytes: limits.fileBytes,
  recognise: () => ({ confidence: 'fallback', evidence: 'no other format claims it' }),
  parse: (file): ParsedImage => ({
    parts: [addressedPart(undefined, file)],
    facts: prefixFacts(file),
    notices: noticesOf(file),
  }),
};

function noticesOf(file: Uint8Array): ImageNotice[] {
  const disguised = magics.find((magic) => magic.fits(file));
  return disguised === undefined ? [] : [{ code: 'looks-like', format: disguised.format }];
}

/** A suffix that lost up to its last five bytes: the letters UFD near the end. More lost, and nothing tells it from data. */
function hasCutSuffix(file: Uint8Array): boolean {
  const tail = String.fromCharCode(...file.subarray(-7));
  const at = tail.indexOf('UFD');
  return at >= 0 && (at + 3 === tail.length || tail.charCodeAt(at + 3) === suffixBytes);
}

function startsWith(file: Uint8Array, magic: string): boolean {
  return [...magic].every((letter, index) => file[index] === letter.charCodeAt(0));
}

function beginning(file: Uint8Array): string {
  // A record has at most 521 letters. Text may begin with a byte order mark, and need not end its only line.
  return `${String.fromCharCode(...file.subarray(0, 600)).replace(/^\xef\xbb\xbf/, '')}\n`;
}
