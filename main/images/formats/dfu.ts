// Plain `.dfu`: bytes and a suffix (DFU 1.1 appendix B; dfu.md 3.1).
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { addressedPart, type ImageFormat, type ParsedImage, type Recognition } from '../image.ts';
import { prefixFacts } from '../prefixes.ts';
import { hasSuffix, readSuffix } from '../suffix.ts';

const dfuseVersion = 0x011a;

export const dfu: ImageFormat = {
  id: 'dfu',
  maxBytes: limits.fileBytes,
  recognise(file, name): Recognition | undefined {
    if (hasSuffix(file)) return { confidence: 'certain', evidence: 'suffix UFD at the end' };
    return /\.dfu$/i.test(name) ? { confidence: 'likely', evidence: 'named .dfu' } : undefined;
  },
  parse(file, name): ParsedImage {
    if (!hasSuffix(file)) {
      throw new FlashError('image.malformed', {
        name,
        offset: Math.max(0, file.length - 16),
        reason: 'no-suffix',
      });
    }
    const suffix = readSuffix(file, name);
    if (suffix.bcdDfu === dfuseVersion) {
      throw new FlashError('image.malformed', { name, offset: 0, reason: 'dfuse-without-prefix' });
    }
    const bytes = file.subarray(0, file.length - suffix.length);
    return { ids: suffix.ids, parts: [addressedPart(undefined, bytes)], facts: prefixFacts(bytes) };
  },
};
