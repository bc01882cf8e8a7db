import type { CheckId } from '../../../shared/plan.ts';
import { readImage } from '../../../main/images/registry.ts';
import { f072, f405, tracker } from '../../support/boards.ts';
import { nanovnaH, odriveBoard, odriveFile, pycomFile, pytrack } from '../../support/family-boards.ts';
import { nordicDfuFile, particleFile } from '../../support/maker-files.ts';
import { program } from '../../support/rig.ts';
import {
  start,
  at,
  any,
  bin,
  good,
  container,
  uf2,
  programWith,
  unwritable,
  nanovna,
  type CheckCases,
} from './files.ts';

export const boardCases = {
  writable: {
    trips: [
      {
        what: 'a board that only reads',
        files: [good],
        board: unwritable,
        request: at,
        verdict: 'refuse',
        says: /cannot be written/,
      },
    ],
    passes: [{ what: 'any other', files: [good], request: at }],
  },
  route: {
    trips: [
      { what: 'UF2 for RP2040', files: [uf2(0xe48bff56)], verdict: 'refuse', says: /RP2040.*drive/s },
      {
        what: 'a Nordic package',
        files: [readImage(nordicDfuFile(), 'a.zip')],
        request: at,
        verdict: 'refuse',
        says: /serial DFU/,
      },
      {
        what: 'a Particle bootloader',
        files: [bin(particleFile({ module: 2 }))],
        board: tracker,
        verdict: 'refuse',
        says: /running system/,
      },
    ],
    passes: [
      { what: 'UF2 for this chip', files: [uf2(0x57755a57)] },
      { what: 'UF2 of a family nobody knows', files: [uf2(0x11111111)] },
    ],
  },
  'device-ids': {
    trips: [
      {
        what: 'a suffix of another device',
        files: [container([{ address: start, bytes: program(64) }], { ...any, vendorId: 0x1209 })],
        verdict: 'refuse',
        says: /1209:ffff.*0483:df11/s,
      },
      {
        what: 'a suffix that names none',
        files: [container([{ address: start, bytes: program(64) }])],
        verdict: 'tell',
        says: /does not say which board/,
      },
    ],
    passes: [
      {
        what: 'its own ids',
        files: [
          container([{ address: start, bytes: program(64) }], {
            vendorId: 0x0483,
            productId: 0xdf11,
            bcdDevice: 0,
          }),
        ],
      },
      {
        what: 'the ids of its program',
        files: [
          container([{ address: start, bytes: program(64) }], {
            vendorId: 0x1209,
            productId: 0x0d32,
            bcdDevice: 0,
          }),
        ],
        board: { ...f405, runtimeIds: { vendorId: 0x1209, productId: 0x0d32 } },
      },
      { what: 'no suffix', files: [good], request: at },
    ],
  },
  platform: {
    trips: [
      {
        what: 'a module for a Boron on a Tracker',
        files: [bin(particleFile({ platform: 13 }))],
        board: tracker,
        verdict: 'refuse',
        says: /platform 13, Boron.*2b04:d01a/s,
      },
      {
        what: 'a module on a board of another maker',
        files: [bin(particleFile())],
        verdict: 'refuse',
        says: /Particle platform 26/,
      },
      {
        what: 'what a module needs',
        files: [bin(particleFile())],
        board: tracker,
        verdict: 'tell',
        says: /system-part 1, at least 3103/,
      },
    ],
    passes: [
      { what: 'a module that needs nothing', files: [bin(particleFile({ needs: [] }))], board: tracker },
    ],
  },
  family: {
    trips: [
      {
        what: 'a NanoVNA-H4 program on the chip of a NanoVNA-H',
        files: [nanovna('1.2.14', '-H 4')],
        board: nanovnaH,
        verdict: 'refuse',
        says: /NanoVNA-H4 .*this board is NanoVNA-H \(its memory map\)/,
      },
      {
        what: 'a program that names no NanoVNA',
        files: [good],
        board: nanovnaH,
        request: at,
        verdict: 'ask',
        says: /a\.bin.*NanoVNA-H/,
      },
      {
        what: 'ODrive 0.5.2 on a board without a record',
        files: [odriveFile('ODriveFirmware_v3.6-56V_0.5.2.hex')],
        board: odriveBoard({ kind: 'unknown', why: 'empty' }),
        verdict: 'refuse',
        says: /never starts/,
      },
      {
        what: 'the second generation\u2019s file on a Pytrack',
        files: [pycomFile('pytrack2_1.0.0.dfu')],
        board: pytrack('pycom-pytrack'),
        verdict: 'refuse',
        says: /Pytrack 2X .*this board is Pytrack \(you said so\)/,
      },
    ],
    passes: [
      { what: 'a program that names the board', files: [nanovna('1.2.14', '')], board: nanovnaH },
      {
        what: 'any program where no family is known',
        files: [good],
        board: f072,
        request: at,
      },
    ],
  },
  chip: {
    trips: [
      { what: 'UF2 for an F7', files: [uf2(0x53b80f00)], verdict: 'refuse', says: /STM32F7.*STM32F405/s },
      {
        what: 'a NanoVNA-H4 on an F072',
        files: [programWith('NanoVNA-H4', 'utf16')],
        board: f072,
        verdict: 'refuse',
        says: /STM32F303 \(its USB product name, NanoVNA-H4\).*STM32F072/s,
      },
      {
        what: 'a NanoVNA-H on an F303',
        files: [programWith('Board: NanoVNA\0', 'ascii')],
        board: { ...f072, chip: 'stm32f303' },
        verdict: 'refuse',
        says: /STM32F072.*STM32F303/s,
      },
      {
        what: 'an ODrive on an F072',
        files: [programWith('ODrive 3.6 CDC Interface', 'ascii')],
        board: f072,
        verdict: 'refuse',
        says: /STM32F405/,
      },
    ],
    passes: [
      { what: 'UF2 for an F4 on an F405', files: [uf2(0x57755a57)] },
      { what: 'a NanoVNA-H on an F072', files: [programWith('NanoVNA-H', 'utf16')], board: f072 },
      { what: 'an ODrive on an F405', files: [programWith('ODrive 3.6 CDC Interface', 'utf16')] },
      { what: 'a chip nobody knows', files: [uf2(0x53b80f00)], board: { ...f405, chip: undefined } },
    ],
  },
} satisfies { readonly [id in CheckId]?: CheckCases };
