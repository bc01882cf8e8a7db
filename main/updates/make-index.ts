// An index made from a folder of firmware: what somebody publishes so that others can look. docs/updates.md.
import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { firmwareIndexSchema, indexEntrySchema, type IndexEntry } from '../../shared/firmware-index.ts';
import type { Channel } from '../../shared/firmware-source.ts';
import { limits } from '../../shared/limits.ts';
import { sha256Of } from '../base/hash.ts';
import { readFileBounded } from '../store/atomic-file.ts';
import { fitPattern } from './name-pattern.ts';

/** Which files of the folder are for which board. */
export interface IndexedFirmware {
  readonly board: string;
  readonly variant: string | undefined;
  /** With `{version}` in it. */
  readonly name: string;
}

export interface IndexOptions {
  /** What the index is called. */
  readonly name: string;
  readonly firmware: readonly IndexedFirmware[];
  readonly channel: Channel;
  /** Where the files will lie on the web; beside the index otherwise. */
  readonly base: string | undefined;
  readonly smallestBootloader: string | undefined;
  readonly now: Date;
  /** The index this one takes the place of, where there is one. */
  readonly before: Uint8Array | undefined;
}

export interface MadeIndex {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly entries: readonly IndexEntry[];
  readonly sequence: number;
}

/**
 * Every file that fits a pattern, newest first, with its hash and size; what is new stands in a file of the same name and `.txt`, where there is one.
 * Its number is the time in seconds, and greater than that of the index before it.
 * @throws FlashError `file.*`, `image.too-large`; `usage` where no file fits, one fits twice, or one cannot be named in an index
 */
export async function makeIndex(folder: string, options: IndexOptions): Promise<MadeIndex> {
  const found = await filesOf(folder, options.firmware);
  if (found.length === 0)
    throw new FlashError('usage', { detail: `No file of ${folder} fits what was said of names` });
  const entries: IndexEntry[] = [];
  for (const one of found) entries.push(await entryOf(folder, one, options));
  const sequence = Math.max(Math.floor(options.now.getTime() / 1000), sequenceOf(options.before) + 1);
  const index = {
    rekindleIndex: 1,
    name: options.name,
    sequence,
    publishedAt: options.now.toISOString(),
    firmware: entries,
  };
  const read = v.safeParse(firmwareIndexSchema, index);
  if (!read.success)
    throw new FlashError('usage', { detail: `The index cannot be: ${read.issues[0].message}` });
  const bytes = new Uint8Array(new TextEncoder().encode(`${JSON.stringify(index, null, 2)}\n`));
  const limit = limits.firmwareIndexBytes;
  if (bytes.length > limit)
    throw new FlashError('image.too-large', { name: 'the index', size: bytes.length, limit });
  return { bytes, entries, sequence };
}

interface FoundFile {
  readonly fileName: string;
  readonly version: string;
  readonly changedAt: Date;
  readonly firmware: IndexedFirmware;
}

async function filesOf(folder: string, wanted: readonly IndexedFirmware[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  try {
    for await (const { name } of await opendir(folder)) {
      for (const firmware of wanted) {
        const version = fitPattern(firmware.name, name)?.version;
        if (version === undefined) continue;
        const file = await lstat(path.join(folder, name));
        if (file.isFile()) found.push({ fileName: name, version, changedAt: file.mtime, firmware });
      }
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT') throw new FlashError('file.not-found', { path: folder }, error);
    throw new FlashError('file.unreadable', { path: folder, reason: code }, error);
  }
  const seen = new Set<string>();
  for (const { fileName, version, firmware } of found) {
    const what = `${firmware.board} ${firmware.variant ?? ''} ${version}`;
    if (seen.has(what))
      throw new FlashError('usage', {
        detail: `${fileName} is a second file for ${what.replace('  ', ' ')}`,
      });
    seen.add(what);
  }
  return found.toSorted((a, b) => b.changedAt.getTime() - a.changedAt.getTime());
}

async function entryOf(folder: string, found: FoundFile, options: IndexOptions): Promise<IndexEntry> {
  const { fileName, version, changedAt, firmware } = found;
  const bytes = new Uint8Array(await readFileBounded(path.join(folder, fileName), limits.containerBytes));
  const notes = await notesOf(folder, fileName);
  const { base, smallestBootloader } = options;
  const entry = v.safeParse(indexEntrySchema, {
    board: firmware.board,
    ...(firmware.variant === undefined ? {} : { variant: firmware.variant }),
    version,
    channel: options.channel,
    address:
      base === undefined
        ? encodeURIComponent(fileName)
        : new URL(encodeURIComponent(fileName), base.endsWith('/') ? base : `${base}/`).href,
    fileName,
    sha256: await sha256Of(bytes),
    sizeBytes: bytes.length,
    ...(notes === undefined ? {} : { notes }),
    publishedAt: changedAt.toISOString(),
    ...(smallestBootloader === undefined ? {} : { smallestBootloader }),
  });
  if (entry.success) return entry.output;
  throw new FlashError('usage', {
    detail: `${fileName} cannot stand in an index: ${entry.issues[0].message}`,
  });
}

async function notesOf(folder: string, fileName: string): Promise<string | undefined> {
  try {
    const bytes = await readFileBounded(path.join(folder, `${fileName}.txt`), 4 * limits.firmwareNotesChars);
    return new TextDecoder().decode(bytes).trim().slice(0, limits.firmwareNotesChars) || undefined;
  } catch (error) {
    if (isFlashError(error, 'file.not-found')) return undefined;
    throw error;
  }
}

/** @throws FlashError `usage` for a file that is no index: it is not ours to replace */
function sequenceOf(before: Uint8Array | undefined): number {
  if (before === undefined) return 0;
  try {
    return v.parse(firmwareIndexSchema, JSON.parse(new TextDecoder().decode(before))).sequence;
  } catch (error) {
    const detail = 'The file in its place is no index; put it elsewhere, or name another with --out';
    throw new FlashError('usage', { detail }, error);
  }
}

/** A signature, and the public key it is checked with, as profiles write it. @throws FlashError `usage` for anything but an Ed25519 key in PEM */
export function signIndex(bytes: Uint8Array, pem: string): { signature: Uint8Array; key: string } {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new FlashError('usage', { detail: 'That is no private key in PEM, or it has a password' }, error);
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new FlashError('usage', { detail: 'That is no Ed25519 key; docs/updates.md says how one is made' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  const publicKey = `${x.replaceAll('-', '+').replaceAll('_', '/')}=`;
  return { signature: new Uint8Array(sign(null, bytes, key)), key: publicKey };
}
