// Words of the page that shows a file.
import { formatAddress, formatRange } from '../hex.ts';
import type { ImageReport } from '../image-report.ts';
import { sizeOf, type Range } from '../ranges.ts';
import { formatBytes } from '../units.ts';

export const fileViewWords = {
  title: 'Firmware file',
  choose: 'Choose a firmware file',
  another: 'Choose another file',
  chooseHint:
    'or drop it here: .bin, .hex, .dfu, .elf, .uf2, .zip and others. No board is needed, and nothing is written.',
  drop: 'Let go to look at it',
  reading: 'Reading the file ...',
  asRaw: 'Look at its bytes as they are',
  format: 'Format',
  why: 'Because',
  size: 'Size',
  ids: 'For',
  anyIds: '0000 and ffff stand for any board',
  entry: 'Program starts at',
  inside: 'Found in',
  facts: 'What is in it',
  noFacts: 'It says nothing of itself.',
  notices: 'To know',
  segments: 'Segments',
  segmentColumns: { place: 'Addresses', size: 'Size', memory: 'Memory' },
  segmentsMore: (count: number): string => `and ${count} more`,
  noAddress: 'no address',
  alternate: (alternate: number): string => `alternate setting ${alternate}`,
  modem: 'modem',
  forChip: (chip: string): string => `for ${chip.toUpperCase()}`,
  showBytes: (place: string): string => `Show the bytes at ${place}`,
  checks: 'Checks',
  checksText: 'What Rekindle looks at before it writes. Nothing is changed on the board.',
  against: 'Check against',
  againstNothing: 'Choose a board or chip',
  boardOption: (name: string, port: string): string => `${name}, ${port}`,
  chipHint: (boards: readonly string[]): string =>
    boards.length === 0 ? 'a chip, no board needed' : `a chip, as in ${boards.join(', ')}`,
  checking: 'Asking the board ...',
  checkAgain: 'Check again',
  passedAll: (board: string): string => `Nothing stands against writing it to this ${board}.`,
  refused: (board: string): string => `It cannot be written to this ${board}.`,
  asks: (board: string): string => `It can be written to this ${board}; Rekindle asks before it does.`,
  use: (board: string): string => `Use it on ${board}`,
  bytes: 'Bytes',
  hexLabel: 'Bytes of the file, sixteen in a row',
  searchKind: 'Search for',
  searchKinds: { text: 'Text', hex: 'Hex' },
  search: 'Search',
  searchPlaceholder: { text: 'NanoVNA', hex: 'DE AD BE EF' },
  findNext: 'Find next',
  badHex: 'Two digits a byte, as DE AD BE EF',
  foundAt: (address: number): string => `Found at ${formatAddress(address)}`,
  foundAgain: (address: number): string => `From the beginning again: found at ${formatAddress(address)}`,
  notFound: 'It is nowhere in this file',
  jump: 'Go to address',
  badAddress: 'An address, as 0x08000000',
  jumpedNear: (address: number): string =>
    `The file has nothing there; the next byte is at ${formatAddress(address)}`,
  nothingBehind: 'The file has nothing there or behind it',
  compare: 'Compare with',
  compareFile: 'Choose a second file',
  compareHint: 'or drop it here',
  compareBackup: 'A backup',
  noBackup: 'Choose a backup',
  comparedWith: (name: string): string => `Compared with ${name}`,
  comparing: 'Comparing ...',
  stopComparing: 'Stop comparing',
  nextDifference: 'Next difference',
  previousDifference: 'Previous difference',
  mark: { changed: 'Differs', only: 'Only in this file', found: 'Found' },
  gap: (range: Range): string =>
    `${formatRange(range)}: ${formatBytes(sizeOf(range))} that are not in this file`,
  otherMemory: 'Another memory begins',
  here: 'This file',
  there: 'Other file',
  word: '32 bits, little endian',
  nothingThere: 'nothing',
  emptyFile: 'It holds no bytes for a board.',
} as const;

/** How two files differ, in one sentence. */
export function differenceSentence(changed: number, only: number, onlyOther: number, more: boolean): string {
  if (changed + only + onlyOther === 0) return 'Both hold the same bytes at the same addresses.';
  const places = (count: number): string =>
    `${more ? 'more than ' : ''}${count} ${count === 1 ? 'place' : 'places'}`;
  const said = [
    ...(changed > 0 ? [`They differ at ${places(changed)}.`] : []),
    ...(only > 0 ? [`Only this file has bytes at ${places(only)}.`] : []),
    ...(onlyOther > 0 ? [`Only the other has bytes at ${places(onlyOther)}.`] : []),
  ];
  return said.join(' ');
}

/** Which memory a part is for; empty where the file does not say. */
export function partMemory(part: ImageReport['parts'][number]): string {
  return [
    ...(part.alternate === undefined ? [] : [fileViewWords.alternate(part.alternate)]),
    ...(part.space === undefined ? [] : [fileViewWords.modem]),
    ...(part.chip === undefined ? [] : [fileViewWords.forChip(part.chip)]),
  ].join(', ');
}

/** Where a part belongs. */
export function partPlace(part: ImageReport['parts'][number]): string {
  return part.address === undefined
    ? fileViewWords.noAddress
    : formatRange({ start: part.address, end: part.address + part.bytes });
}
