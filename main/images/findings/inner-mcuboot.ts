// An MCUboot image that came in another format: in Intel HEX it has an address, its own does not say one.
import { isFlashError } from '../../../shared/errors/flash-error.ts';
import { hasMcubootMagic, readMcuboot } from '../mcuboot-layout.ts';
import type { Finder } from './finding.ts';

export const findInnerMcuboot: Finder = ({ format, name, parts }) => {
  if (format === 'mcuboot') return [];
  return parts.slice(0, 16).flatMap((part) => {
    if (!hasMcubootMagic(part.bytes)) return [];
    try {
      return readMcuboot(part.bytes, name, part.address === undefined ? {} : { address: part.address });
    } catch (error) {
      // Four bytes alone make no image; the format it came in is sound.
      if (isFlashError(error)) return [];
      throw error;
    }
  });
};
