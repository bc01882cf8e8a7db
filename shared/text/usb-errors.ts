// Words for what goes wrong on the wire and in DFU itself.
import { formatAddress } from '../hex.ts';
import { formatBytes } from '../units.ts';
import { dfuStateText, dfuStatusText } from './dfu-status.ts';
import { accessAdvice } from './error-reasons.ts';
import type { ErrorCode } from '../errors/codes.ts';
import type { ErrorTexts } from './errors.ts';

type UsbErrorCode = Extract<ErrorCode, `usb.${string}` | `dfu.${string}` | `dfuse.${string}`>;

export const replug =
  'Unplug the board, plug it in again (another cable or port, if you can), and try again.';
export const report = 'This is a mistake in Rekindle. Please report it, with what --verbose prints.';

/** A part of the table in `errors.ts`. */
export const usbErrorTexts: Pick<ErrorTexts, UsbErrorCode> = {
  'usb.stall': () => ({ title: 'The board refused a request', advice: replug }),
  'usb.timeout': () => ({ title: 'The board did not answer in time', advice: replug }),
  'usb.gone': () => ({
    title: 'The board is gone from USB',
    advice: 'Check the cable, plug the board in again in flash mode, and run the same command again.',
  }),
  'usb.transfer-error': ({ detail }) => ({
    title: `The USB connection failed (${detail})`,
    advice: 'Use a shorter cable, another port, or a USB 2 hub, and try again.',
  }),
  'usb.overflow': () => ({ title: 'The board sent more than it was asked for', advice: replug }),
  'usb.access-denied': ({ portPath, ids, platform }) => ({
    title: `Found at port ${portPath} (${ids}), but your account may not open it`,
    advice: accessAdvice[platform] ?? 'Close other programs that use the board and try again.',
  }),
  'usb.busy': ({ portPath, holder }) => ({
    title:
      holder === undefined
        ? `Found at port ${portPath}, but something else is using it, and we cannot see what`
        : `${holder} is using the board at port ${portPath}`,
    advice:
      holder === undefined
        ? 'Usual holders are virtual machines, browser tabs that flash boards, and other flashing tools. Close them and try again.'
        : 'Close it and try again.',
  }),
  'usb.no-driver': ({ portPath, ids, platform }) => ({
    title:
      platform === 'win32'
        ? `Found at port ${portPath} (${ids}), but Windows has no usable driver for this mode`
        : `Found at port ${portPath} (${ids}), but the system offers no way to open it`,
    advice:
      platform === 'win32'
        ? `Give exactly the device ${ids} the WinUSB driver (Zadig, or the driver that comes with STM32CubeProgrammer). The board's program and its flash mode are two devices; choosing another row would break that other device.`
        : replug,
  }),
  'usb.too-long': ({ length, limit }) => ({
    title: `A request of ${length} bytes is over the limit of ${limit}`,
    advice: report,
  }),
  'usb.poisoned': () => ({
    title: 'The system did not finish an earlier request to the board',
    advice: replug,
  }),
  'usb.stale-handle': ({ portPath }) => ({
    title: `The board at port ${portPath} was plugged in again meanwhile`,
    advice: 'Run the command again.',
  }),
  'usb.library-missing': ({ detail }) => ({
    title: `USB cannot be used on this computer: ${detail}`,
    advice: 'Virtual boards still work: try --bench nanovna-h.',
  }),
  'usb.bad-descriptor': ({ detail }) => ({
    title: `The board describes itself wrongly (${detail})`,
    advice: replug,
  }),

  'dfu.status': ({ status, state, text, doing }) => ({
    title: `The board reported an error at ${doing}: ${dfuStatusText(status).title}${text === undefined ? '' : ` ("${text}")`}`,
    advice: `${dfuStatusText(status).advice} (status ${status}, ${dfuStateText(state)})`,
  }),
  'dfu.state': ({ state, doing }) => ({
    title: `The board lost its place at ${doing} (${dfuStateText(state)})`,
    advice: replug,
  }),
  'dfu.bad-answer': ({ doing, detail }) => ({
    title: `The board gave an answer that makes no sense (${doing}: ${detail})`,
    advice: replug,
  }),
  'dfu.not-idle': ({ state }) => ({
    title: `The board cannot be made ready (${dfuStateText(state)})`,
    advice: replug,
  }),
  'dfu.stuck': ({ doing, afterMs }) => ({
    title: `The board did not finish ${doing} in ${Math.round(afterMs / 1000)} s`,
    advice: replug,
  }),
  'dfu.cannot-download': () => ({
    title: 'This board says it cannot be written over USB',
    advice: 'Its bootloader offers reading only. Another interface may offer more: see "rekindle info".',
  }),
  'dfu.cannot-upload': () => ({
    title: 'This board says it cannot be read over USB',
    advice: 'No backup is possible. To flash without one, say so with --no-backup.',
  }),
  'dfu.no-transfer-size': () => ({
    title: 'The board does not say how much it takes at a time',
    advice: 'Give it with --transfer-size, from its documentation.',
  }),
  'dfu.endless-upload': ({ limit }) => ({
    title: `The board sends without end (stopped at ${formatBytes(limit)})`,
    advice: 'Say how much to read with --length.',
  }),

  'dfuse.bad-map': ({ text, reason }) => ({
    title: `The board's memory map cannot be understood: ${reason}`,
    advice: `It says "${text}". Please report it; the board was not touched.`,
  }),
  'dfuse.read-protected': ({ doing }) => ({
    title: `This chip says it is locked (at ${doing})`,
    advice:
      'On an STM32F0, try a USB 2 port or hub first: on some USB 3 ports it only seems locked. To unlock it, which erases everything on it: rekindle read-unprotect --allow read-unprotect',
  }),
  'dfuse.address-refused': ({ address, doing }) => ({
    title: `The board refuses the address ${formatAddress(address)} (${doing})`,
    advice: 'The file is for another board or another bootloader; compare it with "rekindle info".',
  }),
  'dfuse.unsupported': ({ command }) => ({
    title: `This bootloader does not know "${command}"`,
    advice: '"rekindle info" shows what it offers.',
  }),
};
