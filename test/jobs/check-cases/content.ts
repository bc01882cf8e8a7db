import { practiceImage } from '../../../main/bench/practice-image.ts';
import type { CheckId } from '../../../shared/plan.ts';
import { readImage } from '../../../main/images/registry.ts';
import { addDfuSuffix } from '../../../main/images/formats/dfu-write.ts';
import { f072, f405, plain, tracker } from '../../support/boards.ts';
import { pytrack } from '../../support/family-boards.ts';
import { mcubootFile, particleFile } from '../../support/maker-files.ts';
import { program } from '../../support/rig.ts';
import { hexLine, linesFile } from '../../support/text-records.ts';
import {
  start,
  at,
  any,
  bin,
  good,
  hex,
  broken,
  prefixed,
  lpc,
  bundle,
  release,
  nanovna,
  type CheckCases,
} from './files.ts';

export const contentCases = {
  digest: {
    trips: [
      {
        what: 'MCUboot with a changed byte',
        files: [bin(broken(mcubootFile(), 40))],
        request: at,
        verdict: 'refuse',
        says: /changed or damaged.*SHA-256/s,
      },
      {
        what: 'a Particle module with a wrong CRC',
        files: [bin(broken(particleFile(), 50))],
        board: tracker,
        verdict: 'refuse',
        says: /CRC-32/,
      },
    ],
    passes: [
      { what: 'MCUboot as it was made', files: [bin(mcubootFile())], request: at },
      {
        what: 'an encrypted image, which cannot be judged',
        files: [bin(mcubootFile({ flags: 4 }))],
        request: at,
      },
    ],
  },
  disguise: {
    trips: [
      {
        what: 'a web page',
        files: [bin(new TextEncoder().encode('<!DOCTYPE html><html>404</html>'))],
        request: at,
        verdict: 'ask',
        says: /Write its bytes as they are/,
      },
    ],
    passes: [{ what: 'a program', files: [good], request: at }],
  },
  blank: {
    trips: [
      {
        what: 'all FF',
        files: [bin(new Uint8Array(64).fill(0xff))],
        request: at,
        verdict: 'ask',
        says: /blank throughout/,
      },
    ],
    passes: [
      {
        what: 'all FF, and accepted',
        files: [bin(new Uint8Array(64).fill(0xff))],
        request: { ...at, accept: new Set(['blank'] as const) },
      },
      {
        what: 'one byte that is not',
        files: [bin(new Uint8Array(64).fill(0xff).fill(0, 63))],
        request: { ...at },
      },
    ],
  },
  'vector-table': {
    trips: [
      {
        what: 'text at the start of flash',
        files: [hex(start, new TextEncoder().encode('not a program at all'))],
        verdict: 'ask',
        says: /hardly start/,
      },
      {
        what: 'an MCUboot image where the bootloader should be',
        files: [bin(mcubootFile())],
        request: at,
        verdict: 'ask',
        says: /hardly start/,
      },
      {
        what: 'a program cut off at its head',
        files: [bin(program(128).subarray(2))],
        request: at,
        verdict: 'ask',
        says: /hardly start/,
      },
      {
        what: 'the same on a chip nobody knows',
        files: [bin(program(128).subarray(2))],
        request: at,
        board: { ...f405, chip: undefined },
        verdict: 'tell',
        says: /does not begin like a program/,
      },
    ],
    passes: [
      { what: 'a program', files: [good], request: at },
      {
        what: 'what is no program for a Cortex-M, on a RISC-V',
        files: [bin(program(128).subarray(2))],
        request: at,
        board: { ...f405, chip: 'gd32vf103' },
      },
      {
        what: 'the same, on a board that is a PIC',
        files: [readImage(practiceImage('pytrack').bytes, 'pytrack_0.0.8.dfu')],
        board: pytrack('pycom-pytrack'),
      },
      { what: 'an MCUboot image in its slot', files: [bin(mcubootFile())], request: { address: 0x08020000 } },
      {
        what: 'text, and accepted',
        files: [hex(start, new TextEncoder().encode('not a program at all'))],
        request: { accept: new Set(['vector-table'] as const) },
      },
    ],
  },
  'left-out': {
    trips: [
      {
        what: 'bytes that belong to nothing',
        files: [readImage(linesFile([hexLine(0, 0, program(16)), hexLine(1, 0), 'more']), 'a.hex')],
        verdict: 'tell',
        says: /5 bytes/,
      },
      { what: "an application's assets", files: [bundle], board: tracker, verdict: 'ask', says: /tone\.wav/ },
      {
        what: "a release's bootloader",
        files: [release],
        board: tracker,
        verdict: 'tell',
        says: /boot\.bin/,
      },
    ],
    passes: [
      { what: 'a whole file', files: [good], request: at },
      {
        what: 'assets, and accepted',
        files: [bundle],
        board: tracker,
        request: { accept: new Set(['no-assets'] as const) },
      },
    ],
  },
  prefix: {
    trips: [
      { what: "TI's", files: [bin(prefixed)], board: plain, verdict: 'tell', says: /TI's prefix of 8 bytes/ },
      {
        what: "NXP's, behind a suffix",
        files: [readImage(addDfuSuffix(lpc, any, 0x0100), 'a.dfu')],
        board: plain,
        verdict: 'tell',
        says: /NXP's prefix of 16 bytes/,
      },
    ],
    passes: [{ what: 'none', files: [good], board: plain }],
  },
  older: {
    trips: [
      {
        what: 'what was read from the board is newer',
        files: [nanovna('1.2.9', '')],
        board: f072,
        known: [{ alternate: 0, start, bytes: nanovna('1.2.46', '').parts[0]?.bytes ?? program(8) }],
        verdict: 'ask',
        says: /1\.2\.9, the board has 1\.2\.46/,
      },
      {
        what: 'what the board said is newer',
        files: [bin(particleFile({ version: 7 }))],
        board: { ...tracker, versions: [{ of: 'Particle 26 user-part 1', version: '8' }] },
        verdict: 'ask',
        says: /the board has 8/,
      },
    ],
    passes: [
      {
        what: 'the same version',
        files: [nanovna('1.2.46', '')],
        board: f072,
        known: [{ alternate: 0, start, bytes: nanovna('1.2.46', '').parts[0]?.bytes ?? program(8) }],
      },
      {
        what: 'older, and accepted',
        files: [bin(particleFile())],
        board: { ...tracker, versions: [{ of: 'Particle 26 user-part 1', version: '8' }] },
        request: { accept: new Set(['older'] as const) },
      },
      {
        what: 'the version of something else',
        files: [bin(particleFile())],
        board: { ...tracker, versions: [{ of: 'Particle 26 system-part 1', version: '9999' }] },
      },
    ],
  },
  'other-unit': {
    trips: [
      {
        what: 'a backup of another board',
        files: [nanovna('1.2.46', '')],
        board: { ...f072, serial: '2079358F4230' },
        request: { backupOf: { board: 'NanoVNA-H', unit: unitOf('3063358F4230') } },
        verdict: 'ask',
        says: /another board \(NanoVNA-H, serial 3063358F4230\)/,
      },
      {
        what: 'boards that cannot be told apart',
        files: [nanovna('1.2.46', '')],
        board: { ...f072, serial: 'FFFFFFFEFFFF' },
        request: { backupOf: { board: 'NanoVNA-H', unit: unitOf('FFFFFFFEFFFF') } },
        verdict: 'tell',
        says: /read on port 1-4/,
      },
    ],
    passes: [
      {
        what: 'the same board',
        files: [nanovna('1.2.46', '')],
        board: { ...f072, serial: '3063358F4230' },
        request: { backupOf: { board: 'NanoVNA-H', unit: unitOf('3063358F4230') } },
      },
      {
        what: 'another board, and accepted',
        files: [nanovna('1.2.46', '')],
        board: { ...f072, serial: '2079358F4230' },
        request: {
          backupOf: { board: 'NanoVNA-H', unit: unitOf('3063358F4230') },
          accept: new Set(['other-unit'] as const),
        },
      },
      { what: 'no backup at all', files: [nanovna('1.2.46', '')], board: f072 },
    ],
  },
} satisfies { readonly [id in CheckId]?: CheckCases };

function unitOf(serial: string) {
  return { portPath: '1-4', serial, ids: '0483:df11' };
}
