// What the system says of a connection, in our codes.
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { cleanText } from '../../shared/text/clean.ts';

/** What Node and OpenSSL call certificates they do not believe. */
const certificateCodes =
  /^(CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_SSL_)/;

/** A FlashError stays what it is, also where the system has wrapped it. */
export function webError(error: unknown, host: string): FlashError {
  if (isFlashError(error)) return error;
  const { cause, code, message } = (error ?? {}) as NodeJS.ErrnoException & { cause?: unknown };
  if (isFlashError(cause)) return cause;
  const reason = cleanText(code ?? message).slice(0, 80);
  if (certificateCodes.test(reason)) return new FlashError('update.certificate', { host, reason }, error);
  if (reason.startsWith('HPE_'))
    return new FlashError('update.malformed', { host, reason: 'it is not HTTP' }, error);
  return new FlashError('update.offline', { host, reason }, error);
}
