import { createHash, webcrypto } from 'node:crypto';
import { limits } from '../../shared/limits.ts';

/** SHA-256 in lower-case hex; of what is large in the thread pool, as boards and a window wait for nobody's hash. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  if (bytes.length <= limits.readInPlaceBytes) return createHash('sha256').update(bytes).digest('hex');
  const digest = await webcrypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
