// Every error has words on every system, and none of them shows the reader our insides.
import { describe, expect, it } from 'vitest';
import type { ErrorCode, ErrorParams } from '../../shared/errors/codes.ts';
import { exitCodeOfError } from '../../shared/result.ts';
import { errorText, type Platform } from '../../shared/text/errors.ts';

const port = { portPath: '1-1' };
const found = { ...port, ids: '0483:df11', platform: 'linux' };
const range = { start: 0x08000000, end: 0x08000800 };
const file = { name: 'firmware.bin' };
const place = { path: 'backup.dfu', reason: 'EACCES' };

/** One of each; a code without one does not compile. */
const samples: { readonly [C in ErrorCode]: ErrorParams[C] } = {
  'usb.stall': {},
  'usb.timeout': {},
  'usb.gone': {},
  'usb.transfer-error': { detail: 'LIBUSB_TRANSFER_ERROR' },
  'usb.overflow': {},
  'usb.access-denied': found,
  'usb.busy': { ...port, holder: undefined },
  'usb.no-driver': found,
  'usb.too-long': { length: 5000, limit: 4096 },
  'usb.poisoned': {},
  'usb.stale-handle': port,
  'usb.library-missing': { detail: 'libudev is missing' },
  'usb.bad-descriptor': { detail: 'device descriptor of 3 bytes' },
  'device.none': { looked: '', waitedMs: 0 },
  'device.several': { found: ['1-1  a', '1-2  b'] },
  'device.locked': { ...port, pid: 7, shell: 'window' },
  'device.not-returned': { ...port, waitedMs: 10_000 },
  'device.still-runtime': port,
  'device.not-dfu': port,
  'device.app-mode': port,
  'dfu.status': { status: 3, state: 10, text: undefined, doing: 'writing' },
  'dfu.state': { state: 9, doing: 'writing' },
  'dfu.bad-answer': { doing: 'GETSTATUS', detail: '2 of 6 bytes' },
  'dfu.not-idle': { state: 10 },
  'dfu.stuck': { doing: 'erasing', afterMs: 10_000 },
  'dfu.cannot-download': {},
  'dfu.cannot-upload': {},
  'dfu.no-transfer-size': {},
  'dfu.endless-upload': { limit: 64 * 1024 * 1024 },
  'dfuse.bad-map': { text: '@Flash', reason: 'no sectors' },
  'dfuse.read-protected': { doing: 'reading' },
  'dfuse.address-refused': { address: 0x08000000, doing: 'erasing' },
  'dfuse.unsupported': { command: 'mass erase' },
  'image.empty': file,
  'image.too-large': { ...file, size: 1e9, limit: 1e6 },
  'image.truncated': { ...file, offset: 0, needed: 16, available: 3 },
  'image.bad-checksum': { ...file, offset: 12, expected: '0x1', found: '0x2' },
  'image.malformed': { ...file, offset: 0, reason: 'no-suffix' },
  'image.archive-limit': { ...file, what: 'ratio', limit: 200 },
  'image.several': { ...file, choices: ['a.bin', 'b.bin'] },
  'image.not-in-archive': { ...file, wanted: undefined, contents: ['readme.txt'] },
  'image.address-missing': { ...file, suggestion: undefined },
  'image.cannot-convert': { ...file, reason: 'several-chips', choices: ['rp2040'] },
  'image.overlap': { range, names: ['a.dfu', 'b.dfu'] },
  'file.not-found': place,
  'file.unreadable': place,
  'file.cannot-create': place,
  'file.exists': place,
  'file.disk-full': place,
  'plan.outside-memory': { ranges: [range], memory: [] },
  'plan.forbidden-range': { range, what: 'OTP' },
  'plan.not-writable': { range, what: 'Internal Flash' },
  'plan.wrong-device': { file: '1209:0001', device: '0483:df11' },
  'plan.wrong-chip': {
    file: 'a.bin',
    fileChip: 'stm32f4',
    fileEvidence: 'x',
    boardChip: 'stm32f072',
    boardEvidence: '',
  },
  'plan.other-route': { file: 'a.uf2', what: 'RP2040', route: 'copy-to-drive' },
  'plan.digest-wrong': { file: 'a.bin', what: 'SHA-256', expected: '00', found: '01' },
  'plan.unaligned': { range, unit: 8 },
  'plan.no-such-alternate': { wanted: '7', available: [] },
  'plan.cannot-keep': { range },
  'plan.unsupported-image': { reason: 'addresses-on-plain-dfu' },
  'plan.needs-permission': { permission: 'mass-erase', consequence: 'mass-erase' },
  'plan.locks-for-ever': { address: 0x1ffff800 },
  'plan.changed': {},
  'backup.failed': { reason: 'internal' },
  'question.unanswered': { question: 'Install?', flag: '--yes' },
  'question.declined': { question: 'confirm' },
  'verify.mismatch': { address: 0x08000000, expected: 1, found: -1, ranges: [range] },
  'job.stopped': {},
  'job.aborted': {},
  'job.timeout': {},
  usage: { detail: 'no such command' },
  'trace.mismatch': { line: 3, expected: 'open', asked: 'list' },
  'api.limit': { what: 'open-images', limit: 8 },
  'api.unknown': { what: 'image' },
  'api.out-of-order': { offset: 0, expected: 1 },
  internal: { detail: 'no board' },
};

const platforms: readonly Platform[] = ['linux', 'darwin', 'win32'];
const codes = Object.keys(samples) as ErrorCode[];

function wordsOf(code: ErrorCode, platform: Platform) {
  return errorText(code, samples[code], platform);
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
