import { FlashError } from '../../shared/errors/flash-error.ts';

/** What a server sent, as JSON. @throws FlashError `update.malformed` */
export function readJson(bytes: Uint8Array, host: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (error) {
    throw new FlashError('update.malformed', { host, reason: 'it is not JSON' }, error);
  }
}
