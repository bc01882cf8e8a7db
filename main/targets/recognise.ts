import type { QuirkFlags } from '../../shared/quirks.ts';
import { DfuVersion } from '../protocols/dfu/constants.ts';
import { findDfuFunctions, type DfuFunction } from '../protocols/dfu/descriptor.ts';
import type { UsbDeviceFacts } from '../transports/usb/usb-device.ts';

/** What a listed device is to us, told without opening it. GETSTATUS may correct `runtime` to `dfu` later. */
export type Recognised =
  /** In flash mode. */
  | { readonly mode: 'dfu'; readonly dfu: DfuFunction; readonly standard: string }
  /** Running its program, and able to detach into flash mode. */
  | { readonly mode: 'runtime'; readonly dfu: DfuFunction; readonly standard: string }
  /** Nothing we can flash as it stands. */
  | { readonly mode: 'other' };

/** @param interfaceNumber only this interface, when given */
export function recognise(facts: UsbDeviceFacts, quirks: QuirkFlags, interfaceNumber?: number): Recognised {
  if (quirks['not-dfu'] === true) return { mode: 'other' };
  const functions = findDfuFunctions(facts, quirks).filter(
    (dfu) => interfaceNumber === undefined || dfu.interfaceNumber === interfaceNumber,
  );
  const dfu = functions.find((one) => one.mode === 'dfu') ?? functions[0];
  return dfu === undefined ? { mode: 'other' } : { mode: dfu.mode, dfu, standard: standardOf(dfu) };
}

/** `DfuSe 1.1a`, `DFU 1.0`: as the descriptors say. */
function standardOf(dfu: DfuFunction): string {
  if (dfu.version === DfuVersion.dfuse) return 'DfuSe 1.1a';
  const major = dfu.version >> 8;
  const minor = (dfu.version >> 4) & 0xf;
  return `DFU ${major}.${minor}`;
}
