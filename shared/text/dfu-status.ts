// The standard's status codes in words (DFU 1.1 section 6.1.2; dfu.md 1.6).
import type { ErrorText } from './errors.ts';

const statusTexts: Readonly<Record<number, ErrorText>> = {
  0x00: { title: 'no error', advice: 'Try again.' },
  0x01: {
    title: 'this image or address is not for this device (errTARGET)',
    advice: 'Check that the file is for this board.',
  },
  0x02: {
    title: 'the device rejects the file (errFILE)',
    advice: 'Check that the file is for this board; some accept only signed ones.',
  },
  0x03: { title: 'it cannot write its memory (errWRITE)', advice: 'The memory may be write-protected.' },
  0x04: {
    title: 'it cannot erase its memory (errERASE)',
    advice: 'The memory may be protected, or the supply too weak: try another port.',
  },
  0x05: { title: 'its memory was not blank after erasing (errCHECK_ERASED)', advice: 'Try again.' },
  0x06: { title: 'programming failed (errPROG)', advice: 'Try again with --full.' },
  0x07: {
    title: 'its own check found a difference (errVERIFY)',
    advice: 'Try again; if it stays, the flash may be worn.',
  },
  0x08: {
    title: 'the address is out of range (errADDRESS)',
    advice: 'The file is for another board, or the address is wrong.',
  },
  0x09: {
    title: 'it expected more data (errNOTDONE)',
    advice: 'The file was cut short, or is for another board.',
  },
  0x0a: { title: 'its firmware is damaged (errFIRMWARE)', advice: 'Flash it again.' },
  0x0b: {
    title: 'a vendor-specific error, often read protection (errVENDOR)',
    advice: '"rekindle info" may tell more.',
  },
  0x0c: { title: 'an unexpected USB reset (errUSBR)', advice: 'Plug the board in again and try again.' },
  0x0d: {
    title: 'an unexpected power-on reset (errPOR)',
    advice: 'The supply may be too weak: use another cable or port.',
  },
  0x0e: {
    title: 'something unknown went wrong (errUNKNOWN)',
    advice: 'Plug the board in again and try again.',
  },
  0x0f: {
    title: 'it did not expect that request (errSTALLEDPKT)',
    advice: 'Plug the board in again and try again.',
  },
};

/** What a bStatus means, and what to do. */
export function dfuStatusText(status: number): ErrorText {
  return (
    statusTexts[status] ?? { title: `status ${status}`, advice: 'Plug the board in again and try again.' }
  );
}

const stateNames = [
  'appIDLE',
  'appDETACH',
  'dfuIDLE',
  'dfuDNLOAD-SYNC',
  'dfuDNBUSY',
  'dfuDNLOAD-IDLE',
  'dfuMANIFEST-SYNC',
  'dfuMANIFEST',
  'dfuMANIFEST-WAIT-RESET',
  'dfuUPLOAD-IDLE',
  'dfuERROR',
];

/** A state by its name in the standard, for those who look it up. */
export function dfuStateText(state: number): string {
  return `state ${state}, ${stateNames[state] ?? 'unknown'}`;
}
