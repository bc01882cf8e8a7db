// From DfuSe memory maps to regions (dfu.md 2.2, 2.9): by name, never by the number of the alternate.
import type { QuirkFlags } from '../../shared/quirks.ts';
import type { Wait } from '../base/wait.ts';
import { gd32vf103Map, parseMemoryMap, type MemoryMap } from '../protocols/dfuse/memory-map.ts';
import { readStringDescriptor } from '../transports/usb/strings.ts';
import type { UsbDevice } from '../transports/usb/usb-device.ts';
import type { NamedAlternate } from './alternate-names.ts';
import type { Region, RegionKind } from './target.ts';

/**
 * The regions of a DfuSe device.
 * @throws FlashError `dfuse.bad-map` when a name looks like a map and cannot be understood
 */
export async function regionsFromMaps(
  device: UsbDevice,
  names: readonly NamedAlternate[],
  quirks: QuirkFlags,
  wait: Wait,
): Promise<Region[]> {
  const regions = names.map(({ alternate, name }) => {
    const map = parseMemoryMap(name);
    return regionFrom(alternate, name, map);
  });
  if (quirks['gd32vf103-map'] !== true) return regions;
  const serial = (await readStringDescriptor(device, device.facts.serialIndex, wait))?.text ?? '';
  return regions.map((region) =>
    region.kind === 'main-flash' ? regionFrom(region.alternate, region.name, gd32vf103Map(serial)) : region,
  );
}

function regionFrom(alternate: number, name: string, map: MemoryMap): Region {
  return { alternate, name: map.name, kind: kindOf(name), runs: map.segments };
}

/** Names seen on real ROMs (dfu.md 2.2, 2.9); flash that is not the chip's own is `main-flash` too when a map says so. */
export function kindOf(name: string): RegionKind {
  if (/option\s*byte/i.test(name)) return 'option-bytes';
  if (/\botp\b/i.test(name)) return 'otp';
  if (/device\s*feature/i.test(name)) return 'device-feature';
  if (/flash/i.test(name)) return 'main-flash';
  return 'other';
}
