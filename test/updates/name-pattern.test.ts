import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { fitPattern } from '../../main/updates/name-pattern.ts';
import { patternSchema } from '../../shared/firmware-source.ts';

describe('a pattern', () => {
  it.each([
    ['rocket_{version}.bin', 'rocket_1.3.0.bin', '1.3.0'],
    ['fw-v{version}', 'fw-v0.5.6', '0.5.6'],
    ['{version}', '1.2.46', '1.2.46'],
    ['*_{version}.*', 'a_b_1.0.hex', 'b_1.0'],
    ['pytrack_{version}.dfu', 'pytrack2_1.0.dfu', undefined],
    ['rocket_{version}.bin', 'rocket_.bin', undefined],
    ['rocket_{version}.bin', 'rocket_1 0.bin', undefined],
    ['rocket_{version}.bin', 'Rocket_1.0.bin', undefined],
    ['r.cket_{version}.bin', 'rocket_1.0.bin', undefined],
  ])('%s has of %s the version %s', (pattern, name, version) => {
    expect(v.is(patternSchema, pattern)).toBe(true);
    expect(fitPattern(pattern, name)?.version).toBe(version);
  });

  it('without a version fits or does not', () => {
    expect(fitPattern('*.hex', 'a.hex')).toEqual({ version: undefined });
    expect(fitPattern('*.hex', 'a.hex.sig')).toBeUndefined();
    expect(fitPattern('ch.bin', 'ch.bin')).toEqual({ version: undefined });
  });

  it('takes four stars, one version, and nothing that is a path or an expression', () => {
    for (const bad of [
      '',
      'a*b*c*d*e*',
      '{version}{version}',
      'a/b',
      '../x',
      'a\\b',
      '[ab]',
      '{name}',
      'a?',
      'x'.repeat(101),
    ])
      expect(v.is(patternSchema, bad), bad).toBe(false);
    expect(v.is(patternSchema, '*a*b*c*')).toBe(true);
  });

  it('fits what it was made from, whatever the stars stood for', () => {
    const plain = fc.stringMatching(/^[0-9A-Za-z._-]{0,12}$/);
    fc.assert(
      fc.property(plain, plain, plain, plain, (a, b, c, d) => {
        expect(fitPattern(`${a}*${c}*`, `${a}${b}${c}${d}`)).toBeDefined();
      }),
    );
  });

  it('is never slow, however it was meant', () => {
    const started = performance.now();
    for (const pattern of ['*a*a*a*a{version}b', '*{version}*', '****{version}'])
      fitPattern(pattern, `${'a'.repeat(199)}c`);
    // Ten times what a slow machine takes; an expression would take years.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
