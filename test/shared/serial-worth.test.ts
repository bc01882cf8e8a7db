import { expect, it } from 'vitest';
import { isTelling } from '../../shared/serial-worth.ts';

it.each([
  ['FFFFFFFEFFFF', false],
  ['400', false],
  ['', false],
  ['0123456789', false],
  ['123456789ABC', false],
  ['000000000001', false],
  ['208737815056', true],
  ['Pyabcde0', true],
])('the serial number %s could be a board\u2019s own: %s', (serial, telling) =>
  expect(isTelling(serial)).toBe(telling),
);
