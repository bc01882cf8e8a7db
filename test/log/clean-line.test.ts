import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine } from '../../main/log/clean-line.ts';

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

describe('a line of the log', () => {
  it.each([
    ['a plain line', 'a plain line'],
    ['two\nlines\r\n', 'two | lines'],
    [
      'forged\n2026-11-21T12:00:00.000Z error job: all lost',
      'forged | 2026-11-21T12:00:00.000Z error job: all lost',
    ],
    ['\u001b[2J\u001b]0;title\u0007gone', '[2J]0;titlegone'],
    ['a\tb\u2028c\u0085d', 'a b | c | d'],
    ['right\u202eot tfel\u200b', 'rightot tfel'],
    ['50 %s %c %o', '50 %s %c %o'],
    ['half \ud83d a pair', 'half  a pair'],
  ])('%j', (text, line) => {
    expect(cleanLine(text, 8_192)).toBe(line);
  });

  it('is never longer than its bound, says when it was cut, and never cuts a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 20, max: 200 }),
        (text, limit) => {
          const line = cleanLine(text, limit);
          expect(bytesOf(line)).toBeLessThanOrEqual(limit);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
          if (line.endsWith('(cut)')) expect(bytesOf(text)).toBeGreaterThan(limit - 20);
        },
      ),
    );
    expect(cleanLine('ä'.repeat(100), 40)).toBe(`${'ä'.repeat(15)} ... (cut)`);
  });

  it('takes a hundred megabytes as calmly as a word', () => {
    const started = performance.now();
    expect(cleanLine('\u001bx'.repeat(50_000_000), 8_192)).toContain('(cut)');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
