// libusb's two families of error numbers, translated once (libusb.h; dfu.md 4.1, 5.1, 7). Transfers end with
// positive LIBUSB_TRANSFER_*, everything else with negative LIBUSB_ERROR_*.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { formatIds } from '../../../shared/hex.ts';
import type { UsbDeviceFacts } from './usb-device.ts';

/** Where an error happened: some numbers mean different things in different places. */
export interface ErrorPlace {
  readonly facts: UsbDeviceFacts;
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly call: 'open' | 'claim' | 'transfer' | 'other';
  /** Who has the device, where the system tells. */
  readonly holder?: string | undefined;
}

const transferErrors: Readonly<Record<number, () => FlashError>> = {
  1: () => new FlashError('usb.transfer-error', { detail: 'LIBUSB_TRANSFER_ERROR' }),
  2: () => new FlashError('usb.timeout', {}),
  3: () => new FlashError('usb.timeout', {}),
  4: () => new FlashError('usb.stall', {}),
  5: () => new FlashError('usb.gone', {}),
  6: () => new FlashError('usb.overflow', {}),
};

/** The number of a libusb exception; undefined for anything else. */
export function errnoOf(error: unknown): number | undefined {
  const errno = (error as { errno?: unknown } | undefined)?.errno;
  return typeof errno === 'number' ? errno : undefined;
}

/** What a libusb error means here. */
export function translateUsbError(error: unknown, place: ErrorPlace): FlashError {
  if (error instanceof FlashError) return error as FlashError;
  const errno = errnoOf(error);
  if (errno === undefined) return new FlashError('internal', { detail: String(error) }, error);
  const transfer = transferErrors[errno];
  if (transfer !== undefined) return transfer();
  return translateLibraryError(errno, place, error);
}

function translateLibraryError(errno: number, place: ErrorPlace, cause: unknown): FlashError {
  const { facts, platform, call, holder } = place;
  const { portPath } = facts;
  const ids = formatIds(facts.vendorId, facts.productId);
  switch (errno) {
    case -3:
      // macOS says "access" for a device that another program has for itself (dfu.md 5.1).
      if (platform === 'darwin') return new FlashError('usb.busy', { portPath, holder }, cause);
      return new FlashError('usb.access-denied', { portPath, ids, platform }, cause);
    case -4:
      return new FlashError('usb.gone', {}, cause);
    case -5:
      // An interface that is not there: on Windows the child of a composite device without a driver (dfu.md 5.1).
      if (call === 'claim' && platform === 'win32')
        return new FlashError('usb.no-driver', { portPath, ids, platform }, cause);
      return new FlashError('usb.gone', {}, cause);
    case -6:
      return new FlashError('usb.busy', { portPath, holder }, cause);
    case -7:
      return new FlashError('usb.timeout', {}, cause);
    case -8:
      return new FlashError('usb.overflow', {}, cause);
    case -9:
      return new FlashError('usb.stall', {}, cause);
    case -12:
      if (call === 'open' || call === 'claim')
        return new FlashError('usb.no-driver', { portPath, ids, platform }, cause);
      return new FlashError('usb.transfer-error', { detail: 'LIBUSB_ERROR_NOT_SUPPORTED' }, cause);
    default:
      return new FlashError('usb.transfer-error', { detail: `libusb ${errno}` }, cause);
  }
}
