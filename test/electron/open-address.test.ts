import { describe, expect, it, vi } from 'vitest';
import { openAddress } from '../../main/electron/open-address.ts';

describe('an address that the system opens', () => {
  it('is https', async () => {
    const openExternal = vi.fn(async () => undefined);
    await openAddress({ openExternal }, 'https://example.org/a b?c#d');
    expect(openExternal.mock.calls).toEqual([['https://example.org/a%20b?c#d']]);
  });

  it.each([
    'http://example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ms-msdt:/id',
    'smb://server/share',
    String.raw`\\server\share`,
    'https://user:word@example.org/',
    'app://rekindle/',
    'https:',
    '/usr/bin/env',
    '',
  ])('is never %j', async (address) => {
    const openExternal = vi.fn(async () => undefined);
    await expect(openAddress({ openExternal }, address)).rejects.toMatchObject({ code: 'api.unknown' });
    expect(openExternal).not.toHaveBeenCalled();
  });
});
