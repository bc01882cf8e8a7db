// What an archive is opened for: the one firmware file in it, or the package it is as a whole.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { PackageId, Recognition } from '../image.ts';
import { nordicDfu } from '../packages/nordic-dfu.ts';
import { nordicModem } from '../packages/nordic-modem.ts';
import type { ImagePackage, RecognisedPackage } from '../packages/package.ts';
import { particleBundle } from '../packages/particle-bundle.ts';
import type { Archive, ArchiveEntry, UnpackBudget } from './archive.ts';
import { openGzip } from './gzip.ts';
import { hasZipMagic, openZip } from './zip.ts';

const imagePackages: readonly ImagePackage[] = [nordicModem, nordicDfu, particleBundle];

/** Names that raw bytes go by; without one nothing tells them from a text or a picture. */
const rawNames = /\.(bin|img|fw|rom)$/i;
/** Left by macOS and by editors. */
const litter = /(^|\/)(__MACOSX\/|\.)/;
/** As many names as fit a message. */
const mostNames = 40;

function hasGzipMagic(file: Uint8Array): boolean {
  return file[0] === 0x1f && file[1] === 0x8b && file[2] === 8;
}

/** Whether a file is an archive we open. */
export function isArchive(file: Uint8Array): boolean {
  return hasZipMagic(file) || hasGzipMagic(file);
}

/** @throws FlashError `image.*` */
export function openArchive(file: Uint8Array, name: string, budget: UnpackBudget): Archive {
  return hasGzipMagic(file) ? openGzip(file, name, budget) : openZip(file, name, budget);
}

/** The package an archive is, where it is one. @throws FlashError `image.*` */
export function packageOf(archive: Archive): (RecognisedPackage & { readonly id: PackageId }) | undefined {
  if (archive.kind !== 'zip') return undefined;
  for (const kind of imagePackages) {
    const found = kind.recognise(archive);
    if (found !== undefined) return { id: kind.id, ...found };
  }
  return undefined;
}

/**
 * The one file that is firmware.
 * @param wanted its path, or the path of the archive in the archive with more behind a slash
 * @param confidenceOf how sure the surest format is of a file
 * @throws FlashError `image.several`, `image.not-in-archive`, and what unpacking throws
 */
export function chooseEntry(
  archive: Archive,
  wanted: string | undefined,
  confidenceOf: (bytes: Uint8Array, path: string) => Recognition['confidence'] | undefined,
): { entry: ArchiveEntry; rest?: string } {
  const { entries, name } = archive;
  const contents = entries.map(({ path }) => path);
  if (wanted !== undefined) {
    const entry = entries.find(({ path }) => path === wanted);
    if (entry !== undefined) return { entry };
    const around = entries.find(({ path }) => wanted.startsWith(`${path}/`));
    if (around === undefined)
      throw new FlashError('image.not-in-archive', { name, wanted, contents: contents.slice(0, mostNames) });
    return { entry: around, rest: wanted.slice(around.path.length + 1) };
  }
  const [only] = entries;
  if (archive.kind === 'gzip' && only !== undefined) return { entry: only };
  const candidates = entries.filter((entry) => isCandidate(entry, confidenceOf));
  const [entry] = candidates;
  if (entry === undefined)
    throw new FlashError('image.not-in-archive', { name, wanted, contents: contents.slice(0, mostNames) });
  if (candidates.length > 1)
    throw new FlashError('image.several', {
      name,
      choices: candidates.map(({ path }) => path).slice(0, mostNames),
    });
  return { entry };
}

function isCandidate(
  { path, sizeBytes, unpack }: ArchiveEntry,
  confidenceOf: (bytes: Uint8Array, path: string) => Recognition['confidence'] | undefined,
): boolean {
  if (sizeBytes === 0 || litter.test(path)) return false;
  const bytes = unpack();
  if (isArchive(bytes)) return true;
  return confidenceOf(bytes, path) !== 'fallback' || rawNames.test(path);
}
