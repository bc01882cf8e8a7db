// Bytes of an image as lines: address, sixteen bytes, letters. Gaps are shown as gaps.
import { formatAddress } from '../../shared/hex.ts';
import { bytesIn, endOf, type ViewRun } from '../core.ts';

const bytesALine = 16;

/** Lines of a range; rows in which the image has nothing at all become one line of dots. */
export function hexLines(runs: readonly ViewRun[], start: number, length: number): string[] {
  const lines: string[] = [];
  const first = start - (start % bytesALine);
  const last = Math.min(start + length, Math.max(0, ...runs.map(endOf)));
  let inGap = false;
  for (let address = first; address < last; address += bytesALine) {
    const bytes = bytesIn(runs, { start: address, end: address + bytesALine });
    const isGap = bytes.every((byte) => byte === undefined);
    if (isGap && !inGap) lines.push('...');
    inGap = isGap;
    // A gap may be gigabytes wide: on to where there is something again.
    if (isGap) address = nextRun(runs, address, last) - bytesALine;
    else lines.push(`${formatAddress(address)}  ${hexOf(bytes)}  ${lettersOf(bytes)}`);
  }
  return lines;
}

function nextRun(runs: readonly ViewRun[], address: number, otherwise: number): number {
  const next = runs.find((run) => run.start > address)?.start ?? otherwise;
  return Math.max(address + bytesALine, next - (next % bytesALine));
}

function hexOf(bytes: readonly (number | undefined)[]): string {
  const texts = bytes.map((byte) => (byte === undefined ? '--' : byte.toString(16).padStart(2, '0')));
  return `${texts.slice(0, 8).join(' ')}  ${texts.slice(8).join(' ')}`;
}

function lettersOf(bytes: readonly (number | undefined)[]): string {
  return bytes
    .map((byte) => (byte === undefined ? ' ' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
    .join('');
}
