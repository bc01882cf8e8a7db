import { openImageFile, openImageStream, type FirmwareImage, type ReadOptions } from '../core.ts';

/** A file of the command line, understood; `-` is standard input. @throws FlashError `file.*`, `image.*` */
export async function readImageArgument(
  file: string,
  options: { readonly asRaw?: boolean; readonly entry?: string },
): Promise<FirmwareImage> {
  const how: ReadOptions = {
    ...(options.asRaw === true ? { as: 'raw' } : {}),
    ...(options.entry === undefined ? {} : { entry: options.entry }),
  };
  return file === '-' ? await openImageStream(process.stdin, how) : await openImageFile(file, how);
}
