// An index made of a folder is one that others can look at.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeIndex, signIndex, type IndexOptions } from '../../main/updates/make-index.ts';
import { isSignedBy, readSignature } from '../../main/updates/signature.ts';
import { startFirmwareServer } from '../support/firmware-server.ts';
import { needsTool } from '../support/tools.ts';
import { firmwareBytes, indexAt, lookAt, makeUpdatesRig, sha256 } from '../support/updates-rig.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rekindle-index-'));
  writeFileSync(path.join(folder, 'rocket_1.3.0.bin'), firmwareBytes);
  writeFileSync(path.join(folder, 'rocket_1.3.0.bin.txt'), 'Faster sweeps.\n');
  writeFileSync(path.join(folder, 'notes.md'), 'not firmware');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options: IndexOptions = {
  name: 'acme',
  firmware: [{ board: 'nanovna-h', variant: undefined, name: 'rocket_{version}.bin' }],
  channel: 'stable',
  base: undefined,
  smallestBootloader: '1.1',
  now: new Date('2026-11-21T12:00:00Z'),
  before: undefined,
};

describe('an index of a folder', () => {
  it('signed and served is offered by every word of it', async () => {
    const made = await makeIndex(folder, options);
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    const { signature, key } = signIndex(made.bytes, pem);
    await using server = await startFirmwareServer();
    server.on('/index.json', made.bytes);
    server.on('/index.json.sig', signature);
    const look = await lookAt(makeUpdatesRig(server), indexAt(server.origin, key));
    expect(look).toMatchObject({ signature: 'good', leftOut: 0 });
    expect(look.offers).toEqual([
      expect.objectContaining({
        version: '1.3.0',
        address: `${server.origin}/rocket_1.3.0.bin`,
        sha256: sha256(firmwareBytes),
        sizeBytes: firmwareBytes.length,
        notes: 'Faster sweeps.',
        smallestBootloader: '1.1',
      }),
    ]);
  });

  it('has a number greater than the one before, also where the clock went back', async () => {
    const first = await makeIndex(folder, options);
    expect(first.sequence).toBe(Date.parse('2026-11-21T12:00:00Z') / 1000);
    const before = first.bytes;
    const second = await makeIndex(folder, { ...options, now: new Date('2020-01-01T00:00:00Z'), before });
    expect(second.sequence).toBe(first.sequence + 1);
    const strange = new TextEncoder().encode('{"mine": true}');
    await expect(makeIndex(folder, { ...options, before: strange })).rejects.toMatchObject({ code: 'usage' });
  });

  it('names other addresses where the files lie elsewhere', async () => {
    writeFileSync(path.join(folder, 'rocket (new)_1.4.0.bin'), 'x');
    const firmware = [{ board: 'nanovna-h', variant: 'v3.6-56V', name: 'rocket (new)_{version}.bin' }];
    const { entries } = await makeIndex(folder, { ...options, firmware, base: 'https://example.com/fw' });
    expect(entries[0]).toMatchObject({
      variant: 'v3.6-56V',
      address: 'https://example.com/fw/rocket%20(new)_1.4.0.bin',
      fileName: 'rocket (new)_1.4.0.bin',
    });
  });

  it('is none where nothing fits, or two files are one version', async () => {
    const firmware = [{ board: 'nanovna-h', variant: undefined, name: 'other_{version}.bin' }];
    await expect(makeIndex(folder, { ...options, firmware })).rejects.toMatchObject({ code: 'usage' });
    await expect(makeIndex(path.join(folder, 'none'), options)).rejects.toMatchObject({
      code: 'file.not-found',
    });
    writeFileSync(path.join(folder, 'rocket_b_1.3.0.bin'), 'x');
    const both = [
      ...options.firmware,
      { board: 'nanovna-h', variant: undefined, name: 'rocket_b_{version}.bin' },
    ];
    await expect(makeIndex(folder, { ...options, firmware: both })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('signing', () => {
  it('takes an Ed25519 key and nothing else', () => {
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    for (const pem of ['', 'no key', rsa.export({ format: 'pem', type: 'pkcs8' }) as string])
      expect(() => signIndex(firmwareBytes, pem)).toThrow(
        expect.objectContaining({ code: 'usage' }) as Error,
      );
  });

  it('is what openssl does, and the other way round', (context) => {
    needsTool(context, 'openssl');
    const at = (name: string): string => path.join(folder, name);
    const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: folder });
    openssl('genpkey', '-algorithm', 'ed25519', '-out', 'acme.pem');
    writeFileSync(at('index.json'), firmwareBytes);
    openssl(
      'pkeyutl',
      '-sign',
      '-inkey',
      'acme.pem',
      '-rawin',
      '-in',
      'index.json',
      '-out',
      'index.json.sig',
    );
    const der = openssl('pkey', '-in', 'acme.pem', '-pubout', '-outform', 'DER');
    const key = der.subarray(-32).toString('base64');
    const theirs = execFileSync('cat', [at('index.json.sig')]);
    expect(isSignedBy(key, firmwareBytes, readSignature(theirs))).toBe(true);
    const pem = execFileSync('cat', [at('acme.pem')]).toString();
    const ours = signIndex(firmwareBytes, pem);
    expect(ours.key).toBe(key);
    expect([...ours.signature]).toEqual([...theirs]);
  });
});
