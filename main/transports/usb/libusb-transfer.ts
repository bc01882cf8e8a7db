// One transfer, with limits that work: the library's own fire a minute late on Linux, so every request is a fresh
// Transfer without a limit, and our timer calls cancel() (dfu.md 4.1).
import type { Transfer as LibraryTransfer, Device, LibUSBException } from 'usb/dist/usb/bindings.js';
import type { Clock } from '../../base/clock.ts';
import { abortedError, remaining, type Wait } from '../../base/wait.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { errnoOf } from './errors.ts';

const cancelled = 3;

/** The part of the library a transfer needs. */
export interface TransferLibrary {
  readonly Transfer: new (
    device: Device,
    endpoint: number,
    type: number,
    timeout: number,
    callback: (error: LibUSBException | undefined, buffer: Buffer, actual: number) => void,
  ) => LibraryTransfer;
}

export interface TransferRequest {
  readonly device: Device;
  readonly endpoint: number;
  readonly type: number;
  readonly buffer: Buffer;
}

/**
 * Runs one transfer to its real end: nothing of it is in flight when this settles.
 * @param aborts told how to cancel it, for a handle that is being closed
 * @returns bytes actually moved
 * @throws FlashError `usb.timeout`, `job.aborted`; other failures as the library threw them, to be translated
 */
export function runTransfer(
  library: TransferLibrary,
  request: TransferRequest,
  wait: Wait,
  clock: Clock,
  aborts: Set<() => void>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let why: 'deadline' | 'signal' | 'closing' | undefined;
    const transfer = new library.Transfer(
      request.device,
      request.endpoint,
      request.type,
      0,
      (error, _buffer, actual) => {
        settle();
        if (error === undefined) resolve(actual);
        else if (errnoOf(error) === cancelled && why === 'signal') reject(abortedError(wait.signal));
        else if (errnoOf(error) === cancelled && why === 'deadline')
          reject(new FlashError('usb.timeout', {}));
        else reject(error);
      },
    );
    // A false answer means it is ending by itself: then that end counts.
    const cancelFor = (reason: typeof why) => (): void => {
      why ??= reason;
      transfer.cancel();
    };
    const onAbort = cancelFor('signal');
    const onClose = cancelFor('closing');
    const stopTimer = clock.after(remaining(wait, clock), cancelFor('deadline'));
    const settle = (): void => {
      stopTimer();
      wait.signal.removeEventListener('abort', onAbort);
      aborts.delete(onClose);
    };
    wait.signal.addEventListener('abort', onAbort, { once: true });
    aborts.add(onClose);
    try {
      transfer.submit(request.buffer);
    } catch (error) {
      // Never submitted, so its callback never comes: the Transfer is thrown away.
      settle();
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
