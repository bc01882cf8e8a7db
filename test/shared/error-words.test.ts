// Every error has words on every system, and none of them shows the reader our insides.
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import { exitCodeOfError } from '../../shared/result.ts';
import { errorText, type Platform } from '../../shared/text/errors.ts';
import { errorSamples } from './error-samples.ts';

const platforms: readonly Platform[] = ['linux', 'darwin', 'win32'];
const codes = Object.keys(errorSamples) as ErrorCode[];

function wordsOf(code: ErrorCode, platform: Platform) {
  return errorText(code, errorSamples[code], platform);
}

describe('an error in words', () => {
  it.each(codes)('%s says what happened and the next thing to try', (code) => {
    for (const platform of platforms) {
      const { title, advice } = wordsOf(code, platform);
      // The reporters end the title themselves.
      expect(title).toMatch(/[^.\s]$/);
      expect(advice.trim()).not.toBe('');
      for (const text of [title, advice]) {
        expect(text).not.toMatch(/undefined|NaN|\[object|\bhas \.|: *$/);
      }
    }
    expect(exitCodeOfError(code)).toBeGreaterThanOrEqual(64);
  });

  it('tells nobody of another system', () => {
    for (const code of codes) {
      if (code === 'usb.access-denied' || code === 'usb.no-driver') continue; // their params name the system
      expect(wordsOf(code, 'linux').advice).not.toContain('Windows');
      expect(wordsOf(code, 'darwin').advice).not.toContain('Windows');
    }
    expect(wordsOf('device.not-returned', 'win32').advice).toContain('Windows cannot reset the USB port');
  });
});
