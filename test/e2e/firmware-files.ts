// Files as people bring them.
import { oldFirmware } from '../../main/bench/boards/old-firmware.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';

/** A file as the picker hands it over. */
export interface PickedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export const flashStart = 0x08000000;

/** Another program than the one the virtual NanoVNA comes with. */
export const newProgram = oldFirmware(94_049, 0x20003ff0, 0x08000201, 9);

export function pickedFile(name: string, bytes: Uint8Array): PickedFile {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) };
}

/** `nanovna.dfu`: the new program at the start of flash, unless something else is asked for. */
export function dfuFile(
  changes: { address?: number; bytes?: Uint8Array; vendorId?: number } = {},
): PickedFile {
  const { address = flashStart, bytes = newProgram, vendorId = 0x0483 } = changes;
  const ids = { vendorId, productId: 0xdf11, bcdDevice: 0xffff };
  return pickedFile(
    'nanovna.dfu',
    writeDfuse({ ids, targets: [{ alternate: 0, elements: [{ address, bytes }] }] }),
  );
}
