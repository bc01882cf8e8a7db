import type { Shell } from 'electron';
import { FlashError } from '../../shared/errors/flash-error.ts';

/**
 * Opens an address in the system's browser. The core names it, by what a page asked for; whatever is no plain https address is refused all
 * the same, as the system starts a program for each kind.
 * @throws FlashError `api.unknown`; what the system says where it has no browser
 */
export async function openAddress(shell: Pick<Shell, 'openExternal'>, address: string): Promise<void> {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw new FlashError('api.unknown', { what: 'page' });
  await shell.openExternal(url.href);
}
