// Boards whose family is known, and files for them, for plans without any bus.
import { builtInProfiles } from '../../main/devices/profiles.ts';
import type { OdriveRecord } from '../../main/families/family.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { readImage } from '../../main/images/registry.ts';
import type { BoardFacts, FamilyKnowledge } from '../../main/jobs/board-facts.ts';
import type { Profile } from '../../shared/profile.ts';
import { f072, f405 } from './boards.ts';
import { program } from './rig.ts';
import { hexLine, linesFile } from './text-records.ts';

/** @throws where there is none of that name: a test that asks for it means it */
export function profileNamed(id: string): Profile {
  const found = builtInProfiles.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no profile ${id}`);
  return found;
}

function knowing(id: string, changes: Partial<FamilyKnowledge> = {}): FamilyKnowledge {
  const profile = profileNamed(id);
  if (profile.family === undefined) throw new Error(`${id} has no family`);
  return {
    id: profile.family,
    settled: true,
    profile,
    candidates: [profile],
    says: undefined,
    loader: undefined,
    ...changes,
  };
}

export const nanovnaH: BoardFacts = { ...f072, name: 'NanoVNA-H', families: [knowing('nanovna-h')] };

export function odriveBoard(record: OdriveRecord): BoardFacts {
  const loader = { name: undefined, profile: undefined, odrive: record, facts: [] };
  return { ...f405, name: 'ODrive', families: [knowing('odrive-v3', { loader })] };
}

/** A program of an ODrive's, in the format its maker uses; what it is for is in its name alone. */
export function odriveFile(name: string, address = 0x0800_0000): FirmwareImage {
  const bytes = program(256);
  const lines = [hexLine(4, 0, [(address >>> 24) & 0xff, (address >>> 16) & 0xff])];
  for (let from = 0; from < bytes.length; from += 16)
    lines.push(hexLine(0, (address + from) & 0xffff, [...bytes.subarray(from, from + 16)]));
  return readImage(linesFile([...lines, hexLine(1, 0)]), name);
}

/** @param id the one the person chose; undefined: not asked yet */
export function pytrack(id?: string): BoardFacts {
  const candidates = [profileNamed('pycom-pytrack'), profileNamed('pycom-pytrack-2x')];
  return {
    ...f072,
    name: 'Pytrack',
    chip: undefined,
    likely: [],
    vendorId: 0x04d8,
    productId: 0xf014,
    protocol: 'dfu',
    addressed: false,
    regions: [{ alternate: 0, name: '', kind: 'main-flash', runs: [] }],
    families: [
      {
        id: 'pycom',
        settled: true,
        profile: candidates.find((one) => one.id === id),
        candidates,
        says: undefined,
        loader: undefined,
      },
    ],
  };
}

export function pycomFile(name: string, bytes = 16_384): FirmwareImage {
  const ids = { vendorId: 0x04d8, productId: 0xf014, bcdDevice: 0xffff };
  return readImage(addDfuSuffix(program(bytes), ids, 0x0100), name);
}
