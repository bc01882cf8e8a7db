// MCUboot images: a header, the program, and TLVs behind it (devices.md 4.7). They say no address: that is the slot's.
import { limits } from '../../../shared/limits.ts';
import { addressedPart, type ImageFormat, type ParsedImage, type Recognition } from '../image.ts';
import { hasMcubootMagic, readMcuboot } from '../mcuboot-layout.ts';

export const mcuboot: ImageFormat = {
  id: 'mcuboot',
  maxBytes: limits.fileBytes,
  recognise(file): Recognition | undefined {
    return hasMcubootMagic(file)
      ? { confidence: 'certain', evidence: 'magic 96F3B83D or 96F3B83C' }
      : undefined;
  },
  parse: (file, name): ParsedImage => ({
    // The whole file: what follows the TLVs is the slot's padding and trailer, where the signer was told to make them.
    parts: [addressedPart(undefined, file)],
    facts: readMcuboot(file, name),
  }),
};
