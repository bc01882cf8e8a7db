// Ed25519 signatures (RFC 8032) over the bytes of an index as they are.
import { createPublicKey, verify, type KeyObject } from 'node:crypto';

const signatureBytes = 64;

/** As `openssl pkeyutl` writes it, 64 bytes, or the same in base64; undefined for anything else. */
export function readSignature(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length === signatureBytes) return bytes;
  const text = new TextDecoder().decode(bytes).trim();
  if (!/^[A-Za-z0-9+/]{86}==$/.test(text)) return undefined;
  return fromBase64(text);
}

/** Whether this is the signature of that key over these bytes. Never throws. @param key 32 bytes in base64 */
export function isSignedBy(key: string, bytes: Uint8Array, signature: Uint8Array | undefined): boolean {
  if (signature === undefined) return false;
  try {
    return verify(null, bytes, publicKeyOf(key), signature);
  } catch {
    return false;
  }
}

function publicKeyOf(key: string): KeyObject {
  const x = key.replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, '');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
