// A file from elsewhere becomes a backup of the library: kept as it is, with what its bytes tell noted beside it.
import path from 'node:path';
import type { BackupRecord } from '../../shared/backup-record.ts';
import { limits } from '../../shared/limits.ts';
import type { Host } from '../host.ts';
import { convertImage } from '../images/convert.ts';
import type { FirmwareImage } from '../images/image.ts';
import { readImage } from '../images/registry.ts';
import { readFileBounded } from '../store/atomic-file.ts';
import { importBackup } from '../store/backup-library.ts';
import { foundIn } from './found-in.ts';

/**
 * @param board what it is a backup of, as the person says: files do not say it
 * @returns the id in the library
 * @throws FlashError `image.*` for a file that is no firmware, `file.*`
 */
export async function importForeign(
  host: Pick<Host, 'paths' | 'now' | 'version'>,
  file: { readonly name: string; readonly bytes: Uint8Array },
  of: { readonly board: string; readonly virtual: boolean },
): Promise<string> {
  const image = readImage(file.bytes, file.name);
  const record: Omit<BackupRecord, 'bytes' | 'sha256'> = {
    format: 1,
    board: of.board,
    virtual: of.virtual,
    unit: { portPath: '', serial: '', ids: '' },
    when: host.now().toISOString(),
    ranges: image.parts
      .slice(0, 1_000)
      .flatMap(({ address, bytes, alternate = 0 }) =>
        address === undefined ? [] : [{ alternate, start: address, end: address + bytes.length }],
      ),
    found: foundIn(image.facts),
    protocol: '',
    readTwice: false,
    program: `Rekindle ${host.version}`,
    name: file.name.slice(0, 60),
    note: '',
  };
  const { bytes, extension } = asBackup(image, file.bytes);
  return await importBackup(host.paths.backups, bytes, record, extension);
}

/** The same of a file on disk. @throws FlashError as `importForeign` */
export async function importBackupFile(
  host: Parameters<typeof importForeign>[0],
  file: string,
  of: { readonly board: string; readonly virtual: boolean },
): Promise<string> {
  const bytes = await readFileBounded(file, limits.containerBytes);
  return await importForeign(host, { name: path.basename(file), bytes }, of);
}

/** Backups are containers that know their addresses, or plain bytes where nobody knows any. */
function asBackup(image: FirmwareImage, bytes: Uint8Array): { bytes: Uint8Array; extension: 'dfu' | 'bin' } {
  if (image.format === 'dfu' || image.format === 'dfuse') return { bytes, extension: 'dfu' };
  if (image.parts.some((part) => part.address === undefined)) return { bytes, extension: 'bin' };
  return { bytes: convertImage(image, 'dfuse'), extension: 'dfu' };
}
