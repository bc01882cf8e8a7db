import type { CheckId } from '../../../shared/plan.ts';
import { f072, plain, tracker } from '../../support/boards.ts';
import { particleFile } from '../../support/maker-files.ts';
import { program } from '../../support/rig.ts';
import { start, at, any, bin, good, hex, container, l4, type CheckCases } from './files.ts';

export const placeCases = {
  address: {
    trips: [
      {
        what: 'raw bytes without an address',
        files: [good],
        verdict: 'refuse',
        says: /where it belongs.*0x08000000/s,
      },
      {
        what: 'one address for two files',
        files: [good, good],
        request: at,
        verdict: 'refuse',
        says: /cannot place several/,
      },
      {
        what: 'addresses on a plain board',
        files: [hex(start, program(64))],
        board: plain,
        verdict: 'refuse',
        says: /without addresses/,
      },
      {
        what: 'an alternate there is not',
        files: [container([{ address: start, bytes: program(64) }], any, 9)],
        verdict: 'refuse',
        says: /no alternate setting 9/,
      },
    ],
    passes: [
      { what: 'raw bytes with one', files: [good], request: at },
      { what: 'raw bytes on a plain board', files: [good], board: plain },
      { what: 'Intel HEX', files: [hex(start, program(64))] },
    ],
  },
  overlap: {
    trips: [
      {
        what: 'two files that disagree',
        files: [hex(start, program(64)), hex(start + 32, program(64, 9))],
        verdict: 'refuse',
        says: /0x08000020-0x0800003F/,
      },
      {
        what: 'a third that disagrees with the first, where the second says nothing',
        files: [
          hex(start, program(64)),
          hex(start + 50, [...program(64).subarray(50), ...program(60, 3)]),
          hex(start + 52, [0xee, ...program(64).subarray(53)]),
        ],
        verdict: 'refuse',
        says: /0x08000034-0x0800003F/,
      },
    ],
    passes: [
      { what: 'files that agree', files: [hex(start, program(64)), hex(start, program(64))] },
      { what: 'neighbours', files: [hex(start, program(64)), hex(start + 64, program(64))] },
    ],
  },
  areas: {
    trips: [
      {
        what: 'an address in no memory',
        files: [hex(0x90000000, program(64))],
        verdict: 'refuse',
        says: /no memory: 0x90000000/,
      },
      {
        what: 'another memory than the one that was chosen',
        files: [hex(start, program(64))],
        request: { alternate: '1' },
        verdict: 'refuse',
        says: /It has 0x1FFFC000/,
      },
      {
        what: 'one part of several',
        files: [
          container([
            { address: start, bytes: program(64) },
            { address: 0x60000000, bytes: program(64) },
          ]),
        ],
        verdict: 'refuse',
        says: /0x60000000/,
      },
    ],
    passes: [
      { what: 'main flash', files: [hex(start, program(64))] },
      { what: 'a plain board', files: [good], board: plain },
    ],
  },
  fits: {
    trips: [
      {
        what: 'an image for the bigger sister',
        files: [container([{ address: start, bytes: program(128 * 1024 + 16) }])],
        board: f072,
        verdict: 'refuse',
        says: /0x08020000-0x0802000F/,
      },
    ],
    passes: [
      {
        what: 'an image that fills the flash',
        files: [container([{ address: start, bytes: program(128 * 1024) }])],
        board: f072,
      },
    ],
  },
  lock: {
    trips: [
      {
        what: 'RDP level 2, whatever is allowed',
        files: [container([{ address: 0x1fffc000, bytes: Uint8Array.of(0xef, 0xcc) }], any, 1)],
        request: { allow: new Set(['option-bytes']) },
        verdict: 'refuse',
        says: /lock the chip for ever/,
      },
      {
        what: 'RDP level 2 in Intel HEX',
        files: [hex(0x1ffff800, [0xcc, 0x33])],
        board: f072,
        request: { allow: new Set(['option-bytes']) },
        verdict: 'refuse',
        says: /0x1FFFF800/,
      },
    ],
    passes: [
      {
        what: 'RDP level 0',
        files: [hex(0x1ffff800, [0xaa, 0x55])],
        board: f072,
        request: { allow: new Set(['option-bytes']) },
      },
      { what: 'the same byte in main flash', files: [hex(start + 2048, [0xcc, 0xcc])] },
    ],
  },
  forbidden: {
    trips: [
      {
        what: 'OTP, whatever is allowed',
        files: [hex(0x1fff7800, [1, 2, 3, 4])],
        request: { allow: new Set(['option-bytes']) },
        verdict: 'refuse',
        says: /OTP Memory/,
      },
      {
        what: 'option bytes without permission',
        files: [hex(0x1fffc000, [0xef, 0xaa])],
        verdict: 'refuse',
        says: /--allow option-bytes/,
      },
      {
        what: "a Particle board's bootloader",
        files: [hex(0xf4000, program(64))],
        board: tracker,
        verdict: 'refuse',
        says: /the bootloader/,
      },
      {
        what: "a Particle board's radio stack, touched by its last byte",
        files: [hex(0x26fff, [1, 2])],
        board: tracker,
        verdict: 'refuse',
        says: /0x00026FFF/,
      },
      {
        what: "a Particle board's keys",
        files: [container([{ address: 34, bytes: program(64) }], any, 1)],
        board: tracker,
        verdict: 'refuse',
        says: /keys/,
      },
    ],
    passes: [
      {
        what: 'option bytes with permission',
        files: [hex(0x1fffc000, [0xef, 0xaa])],
        request: { allow: new Set(['option-bytes']) },
      },
      { what: 'the user part', files: [bin(particleFile())], board: tracker },
      {
        what: "the one flag byte among a Particle board's keys",
        files: [container([{ address: 8134, bytes: Uint8Array.of(1) }], any, 1)],
        board: tracker,
      },
    ],
  },
  alignment: {
    trips: [
      {
        what: 'an odd start on a chip that programs eight bytes',
        files: [hex(start + 4, program(64))],
        board: l4,
        verdict: 'tell',
        says: /every 8 bytes/,
      },
      {
        what: 'half a unit of option bytes',
        files: [hex(0x1fffc004, [1, 2, 3, 4])],
        board: {
          ...l4,
          regions: l4.regions.map((one) => ({
            ...one,
            runs: one.runs.map((run) => ({ ...run, erasable: one.kind === 'main-flash' })),
          })),
        },
        request: { allow: new Set(['option-bytes']) },
        verdict: 'refuse',
        says: /multiples of 8/,
      },
    ],
    passes: [
      { what: 'a whole unit', files: [hex(start + 8, program(64))], board: l4 },
      { what: 'an end in the middle of a unit', files: [hex(start, program(61))], board: l4 },
      { what: 'a chip that programs bytes', files: [hex(start + 3, program(64))] },
    ],
  },
} satisfies { readonly [id in CheckId]?: CheckCases };
