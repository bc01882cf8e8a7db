// A typo in an address erases the wrong sector: numbers are read strictly.
import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseFactor,
  parseMoment,
  parseNumber,
  parsePort,
  parseSeconds,
  parseTransferSize,
} from '../../main/cli/numbers.ts';

const garbage = [
  '',
  ' ',
  'x',
  '0x',
  '0xg',
  '12z',
  '-1',
  '+1',
  '1e3',
  '1.5',
  '0b1',
  '1_000',
  '0x123456789',
  ' 1',
  '1\n',
];

describe('numbers', () => {
  it('are decimal or hex, up to 32 bits, and come back as they were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (value) => {
        expect(parseNumber(String(value))).toBe(value);
        expect(parseNumber(`0x${value.toString(16)}`)).toBe(value);
        expect(parseNumber(`0X${value.toString(16).toUpperCase()}`)).toBe(value);
      }),
    );
  });

  it.each(garbage)('refuse %j', (text) => {
    expect(() => parseNumber(text)).toThrow(InvalidArgumentError);
    expect(() => parseTransferSize(text)).toThrow(InvalidArgumentError);
    expect(() => parsePort(text)).toThrow(InvalidArgumentError);
  });

  it('have their bounds', () => {
    expect(() => parseNumber('4294967296')).toThrow(InvalidArgumentError);
    expect(parsePort('65535')).toBe(65_535);
    expect(() => parsePort('65536')).toThrow(InvalidArgumentError);
    expect(parseTransferSize('4096')).toBe(4096);
    expect(() => parseTransferSize('4097')).toThrow(InvalidArgumentError);
    expect(() => parseTransferSize('7')).toThrow(InvalidArgumentError);
  });

  it('of seconds and factors may have a fraction, and nothing else', () => {
    expect(parseSeconds('2.5')).toBe(2.5);
    expect(parseFactor('0')).toBe(0);
    for (const text of ['', '-1', '1e2', '1.', '.5', '0x10', 'soon', 'Infinity', 'NaN']) {
      expect(() => parseSeconds(text)).toThrow(InvalidArgumentError);
      expect(() => parseFactor(text)).toThrow(InvalidArgumentError);
    }
    expect(() => parseSeconds('86401')).toThrow(InvalidArgumentError);
  });
});

describe('a moment', () => {
  it.each([
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21 12:30', '2026-11-21T12:30:00.000Z'],
    ['2026-11-21T12:30:05Z', '2026-11-21T12:30:05.000Z'],
  ])('%s is %s', (text, moment) => expect(parseMoment(text)).toBe(moment));

  it.each([...garbage, '2026-13-01', '2026-02-30', '21.11.2026', '2026-11-21T25:00'])(
    '"%s" is none',
    (text) => expect(() => parseMoment(text)).toThrow(InvalidArgumentError),
  );
});
