import type * as v from 'valibot';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { cleanText } from '../../shared/text/clean.ts';

/** What a server sent, as JSON. @throws FlashError `update.malformed` */
export function readJson(bytes: Uint8Array, host: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (error) {
    throw new FlashError('update.malformed', { host, reason: 'it is not JSON' }, error);
  }
}

/** What is wrong with it, and where, in our words alone: what stood there instead is whoever sent it's to say, and not shown. */
export function whyNot({ path, message }: v.BaseIssue<unknown>): string {
  const where = (path ?? []).map(({ key }) => String(key)).join('.');
  const what = message.replace(/ but received .*$/s, '');
  return cleanText(where === '' ? what : `${where.slice(0, 60)}: ${what}`).slice(0, 200);
}
