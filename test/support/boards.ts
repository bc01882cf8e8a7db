// Facts of boards for plans, without any bus.
import { guardsOf } from '../../main/devices/guards.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import type { BoardFacts } from '../../main/jobs/board-facts.ts';
import { parseMemoryMap } from '../../main/protocols/dfuse/memory-map.ts';
import type { Region, RegionKind } from '../../main/targets/target.ts';

const yes = { possible: true } as const;

function region(alternate: number, name: string, kind: RegionKind, map: string): Region {
  return { alternate, name, kind, runs: parseMemoryMap(`@${name} /${map}`).segments };
}

const rom = { vendorId: 0x0483, productId: 0xdf11, runtimeIds: undefined };
const particle = { vendorId: 0x2b04, productId: 0xd01a, runtimeIds: undefined };

const common: Omit<BoardFacts, 'name' | 'slug' | 'regions'> = {
  likely: [],
  portPath: '1-1',
  virtual: true,
  serial: '1',
  ...rom,
  entered: false,
  protocol: 'dfuse',
  addressed: true,
  abilities: { write: yes, read: yes, erase: yes, verify: yes, leave: yes },
  guards: guardsOf(builtInProfiles, rom),
};

export const f405: BoardFacts = {
  ...common,
  name: 'STM32F405',
  slug: 'stm32f405',
  chip: 'stm32f405',
  likely: ['ODrive v3'],
  regions: [
    region(0, 'Internal Flash', 'main-flash', '0x08000000/04*016Kg,01*064Kg,07*128Kg'),
    region(1, 'Option Bytes', 'option-bytes', '0x1FFFC000/01*016 e'),
    region(2, 'OTP Memory', 'otp', '0x1FFF7800/01*512 e'),
  ],
};

export const f072: BoardFacts = {
  ...common,
  name: 'STM32F072',
  slug: 'stm32f072',
  chip: 'stm32f072',
  likely: ['NanoVNA', 'NanoVNA-H'],
  regions: [
    region(0, 'Internal Flash', 'main-flash', '0x08000000/064*0002Kg'),
    region(1, 'Option Bytes', 'option-bytes', '0x1FFFF800/01*016 e'),
  ],
};

/** The map is as its bootloader prints it (devices.md 1.3). */
export const tracker: BoardFacts = {
  ...common,
  name: 'Tracker',
  slug: 'tracker',
  ...particle,
  guards: guardsOf(builtInProfiles, particle),
  regions: [
    region(
      0,
      'Internal Flash',
      'main-flash',
      '0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka',
    ),
    region(1, 'DCT Flash', 'other', '0x00000000/1*016Ke'),
  ],
};

export const plain: BoardFacts = {
  ...common,
  name: 'Plain',
  slug: 'plain',
  vendorId: 0x1209,
  productId: 0x0001,
  protocol: 'dfu',
  addressed: false,
  regions: [{ alternate: 0, name: '', kind: 'main-flash', runs: [] }],
};
