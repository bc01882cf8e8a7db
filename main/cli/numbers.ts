// Numbers and lists from the command line: read strictly, because a typo in an address erases the wrong sector.
import { InvalidArgumentError } from 'commander';

/** Decimal or 0x hex, never negative, at most 32 bits. @throws InvalidArgumentError */
export function parseNumber(text: string): number {
  if (!/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text))
    throw new InvalidArgumentError('Not a number (decimal, or 0x and hex digits).');
  const value = Number(text);
  if (value > 0xffff_ffff) throw new InvalidArgumentError('Larger than 32 bits.');
  return value;
}

/** Seconds, fractions allowed, at most a day. @throws InvalidArgumentError */
export function parseSeconds(text: string): number {
  if (!/^\d{1,5}(\.\d+)?$/.test(text) || Number(text) > 86_400)
    throw new InvalidArgumentError('Not a number of seconds.');
  return Number(text);
}

/** A day or a moment, UTC, as the history prints it: `2026-11-21`, `2026-11-21T12:30`. @returns ISO 8601 @throws InvalidArgumentError */
export function parseMoment(text: string): string {
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)Z?)?$/.exec(text);
  const moment = new Date(`${found?.[1]}T${found?.[2] ?? '00:00'}Z`);
  // The 30th of February is no 2nd of March.
  if (found === null || Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(found[1] ?? ''))
    throw new InvalidArgumentError('Not a day such as 2026-11-21.');
  return moment.toISOString();
}

/** A factor, never negative; 0 stands for no time at all. @throws InvalidArgumentError */
export function parseFactor(text: string): number {
  if (!/^\d{1,4}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Not a number.');
  return Number(text);
}

/** A TCP port; 0 for any free one. @throws InvalidArgumentError */
export function parsePort(text: string): number {
  const value = parseNumber(text);
  if (value > 65_535) throw new InvalidArgumentError('No TCP port: at most 65535.');
  return value;
}

/** Bytes a block, as devices have them. @throws InvalidArgumentError */
export function parseTransferSize(text: string): number {
  const value = parseNumber(text);
  if (value < 8 || value > 4096) throw new InvalidArgumentError('Between 8 and 4096.');
  return value;
}

/** One byte. @throws InvalidArgumentError */
export function parseByte(text: string): number {
  const value = parseNumber(text);
  if (value > 0xff) throw new InvalidArgumentError('Larger than a byte.');
  return value;
}

/** Bytes to show in hex: what fits a terminal's memory. @throws InvalidArgumentError */
export function parseShownBytes(text: string): number {
  const value = parseNumber(text);
  if (value > 1024 * 1024) throw new InvalidArgumentError('At most 1 MB is shown.');
  return value;
}
