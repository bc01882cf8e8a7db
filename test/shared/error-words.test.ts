// Every error has words on every system, and none of them shows the reader our insides.
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { WayByHand } from '../../shared/profile.ts';
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

  it('tells each way into flash mode that was tried, and what a hand can do', () => {
    const { title, advice } = errorText(
      'entry.by-hand-needed',
      {
        board: 'NanoVNA-H',
        profile: 'nanovna-h',
        portPath: '1-2',
        tried: [
          { kind: 'serial-touch', outcome: 'not-possible', code: 'serial.access-denied', params: denied },
          { kind: 'serial-command', outcome: 'failed', code: 'entry.no-prompt', params: silent },
        ],
        ways: ['Menu', 'Jog switch', 'Jumper'].map((name) => ({ ...byHand, name })),
      },
      'linux',
    );
    expect(title).toBe('NanoVNA-H at port 1-2 did not go into flash mode by itself');
    const [first, second, third, ...others] = advice.split('\n');
    expect(first).toMatch(/^Opening its serial port at .* was not possible: .*\/dev\/ttyACM0\. .*"dialout"/);
    expect(second).toMatch(/^A command on its serial port was tried: Nothing answered on \/dev\/ttyACM0/);
    expect(third).toBe('By hand it goes this way: Menu, Jog switch or Jumper. Then try again.');
    expect(others).toEqual([]);
  });
});

const denied = { path: '/dev/ttyACM0', platform: 'linux' };
const silent = { path: '/dev/ttyACM0', wanted: 'ch> ', heard: '' };
const byHand: WayByHand = {
  kind: 'by-hand',
  name: '',
  before: [],
  steps: [],
  after: [],
  source: 'test',
};
