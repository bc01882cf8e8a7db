// Certificates for servers of tests: an authority of our own, and what it vouches for. Just enough of X.509 (RFC 5280).
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

export interface Certified {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** An authority and one server certificate for `localhost` and 127.0.0.1. */
export function makeCertificates(names: readonly string[] = ['localhost']): {
  readonly authority: string;
  readonly server: Certified;
} {
  const authorityKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serverKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = nameOf('Rekindle tests');
  const authority = certify(issuer, issuer, authorityKeys.publicKey, authorityKeys.privateKey, [
    extension('551d13', sequence(der(0x01, Uint8Array.of(0xff))), true),
    extension('551d0f', der(0x03, Uint8Array.of(0x01, 0x06)), true),
    extension('551d0e', der(0x04, keyId(authorityKeys.publicKey))),
  ]);
  const alternatives = sequence(
    ...names.map((name) => der(0x82, new TextEncoder().encode(name))),
    der(0x87, Uint8Array.of(127, 0, 0, 1)),
  );
  const server = certify(nameOf('localhost'), issuer, serverKeys.publicKey, authorityKeys.privateKey, [
    extension('551d11', alternatives),
    extension('551d23', sequence(der(0x80, keyId(authorityKeys.publicKey)))),
  ]);
  const key = serverKeys.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  return { authority: pem(authority), server: { certificate: pem(server), key } };
}

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

function certify(
  subject: Uint8Array,
  issuer: Uint8Array,
  publicKey: KeyObject,
  issuerKey: KeyObject,
  extensions: readonly Uint8Array[],
): Uint8Array {
  const dayMs = 24 * 60 * 60_000;
  const serial = randomBytes(16);
  serial[0] = 0x40;
  const content = sequence(
    der(0xa0, der(0x02, Uint8Array.of(2))),
    der(0x02, serial),
    ecdsaWithSha256,
    issuer,
    sequence(time(Date.now() - dayMs), time(Date.now() + 30 * dayMs)),
    subject,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', content, issuerKey);
  return sequence(content, ecdsaWithSha256, der(0x03, join([Uint8Array.of(0), signature])));
}

function keyId(key: KeyObject): Uint8Array {
  return createHash('sha1')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest();
}

function nameOf(common: string): Uint8Array {
  const attribute = sequence(oid('550403'), der(0x0c, new TextEncoder().encode(common)));
  return sequence(der(0x31, attribute));
}

function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  const mark = critical ? [der(0x01, Uint8Array.of(0xff))] : [];
  return sequence(oid(id), ...mark, der(0x04, value));
}

function time(atMs: number): Uint8Array {
  const text = new Date(atMs).toISOString().replace(/[-:T]|\..*/g, '');
  return der(0x18, new TextEncoder().encode(`${text}Z`));
}

function oid(hex: string): Uint8Array {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return der(0x30, join(parts));
}

function der(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return join([Uint8Array.of(tag, ...size), content]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function pem(bytes: Uint8Array): string {
  // Never an empty line, which OpenSSL refuses: one whose length is a multiple of 64 ends without a further break.
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
