// The board version an ODrive carries in its one-time memory (devices.md 3.1, 3.4): read, never written.
import type { OdriveRecord } from '../family.ts';

/** Records of 16 bytes from here. */
export const otpRange = { start: 0x1fff_7800, end: 0x1fff_7a00 } as const;
const recordBytes = 16;
const valid = 0xfe;
const cancelled = 0x00;
const empty = 0xff;

/** The record that counts: the first that is not cancelled (devices.md 3.4). */
export function readRecord(otp: Uint8Array): OdriveRecord {
  if (otp.length < recordBytes) return { kind: 'unknown', why: 'unreadable' };
  for (let offset = 0; offset + recordBytes <= otp.length; offset += recordBytes) {
    const [mark, layout, product, major, minor, voltage] = otp.subarray(offset, offset + recordBytes);
    if (mark === cancelled) continue;
    if (mark === empty) return offset === 0 ? { kind: 'unknown', why: 'empty' } : allCancelled;
    // Another product's, or nonsense: nothing of it is believed.
    if (mark !== valid || layout !== 1 || product !== 1 || major !== 3)
      return { kind: 'unknown', why: 'unreadable' };
    return { kind: 'board', minor: minor ?? 0, voltage: voltage ?? 0, firstCancelled: offset > 0 };
  }
  return allCancelled;
}

const allCancelled: OdriveRecord = { kind: 'unknown', why: 'all-cancelled' };

/** As its maker writes it in file names: `v3.6-56V`. */
export function boardVersion(record: Extract<OdriveRecord, { kind: 'board' }>): string {
  return `v3.${record.minor}-${record.voltage}V`;
}
