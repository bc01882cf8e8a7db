// ELF: against ld and objcopy where they are, and against headers that lie.
import { describe, expect, it } from 'vitest';
import { readImage } from '../../main/images/registry.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { flat } from '../support/flat.ts';
import { needsTool, runTool, workFolder } from '../support/tools.ts';

const source = `
  .section .vectors,"a"
  .long 0x20001000
  .long 0x08000101
  .section .text
  .global _start
_start:
  .ascii "this is code"
  .section .rodata
  .ascii "read-only"
  .section .data
  .ascii "data that is copied"
  .section .bss,"aw",@nobits
  .space 512
  .section .note.GNU-stack,"",@progbits
  .section .comment
  .ascii "never loaded"
`;

/** Data runs in RAM and lies in flash behind the program, as on every microcontroller. */
const script = (headers: string): string => `
MEMORY { FLASH (rx) : ORIGIN = 0x08000000, LENGTH = 1M  RAM (rw) : ORIGIN = 0x20000000, LENGTH = 64K }
ENTRY(_start)
SECTIONS {
  . = 0x08000000 ${headers};
  .vectors : { *(.vectors) } > FLASH
  .text : ALIGN(64) { *(.text) } > FLASH
  .rodata : ALIGN(16) { *(.rodata) } > FLASH
  .data : ALIGN(16) { *(.data) } > RAM AT > FLASH
  .bss : { *(.bss) } > RAM
}
`;

/** The same for x86-64, whose ld may refuse what it thinks no program. */
function link(bits: '32' | '64', scriptText: string): { elf: Uint8Array; bin: Uint8Array } {
  using folder = workFolder();
  const asm = folder.write('a.s', source);
  const ld = folder.write('a.ld', scriptText);
  runTool('as', `--${bits}`, '-o', folder.at('a.o'), asm);
  const emulation = bits === '32' ? 'elf_i386' : 'elf_x86_64';
  runTool('ld', '-m', emulation, '-T', ld, '-o', folder.at('a.elf'), folder.at('a.o'));
  runTool('objcopy', '-O', 'binary', folder.at('a.elf'), folder.at('a.bin'));
  return { elf: folder.read('a.elf'), bin: folder.read('a.bin') };
}

describe('what ld links', () => {
  it.for([
    ['32', ''],
    ['64', ''],
    ['32', '+ SIZEOF_HEADERS'],
    ['64', '+ SIZEOF_HEADERS'],
  ] as const)('%s bits, headers "%s": the bytes objcopy would load', ([bits, headers], context) => {
    needsTool(context, 'ld');
    needsTool(context, 'as');
    if (process.arch !== 'x64') {
      console.warn(`skipped: the assembler here is for ${process.arch}`);
      context.skip();
    }
    const { elf, bin } = link(bits, script(headers));
    const image = readImage(elf, 'firmware.bin');
    expect(image).toMatchObject({ format: 'elf' });
    const { start, bytes } = flat(image);
    expect(start).toBeGreaterThanOrEqual(0x08000000);
    expect(Buffer.from(bytes).equals(bin)).toBe(true);
    expect(new TextDecoder().decode(bytes)).toContain('data that is copied');
    expect(new TextDecoder().decode(bytes)).not.toContain('\x7fELF');
  });
});

/** A small ELF for an ARM chip: one segment, no sections. */
function small(
  changes: (view: DataView) => void = () => undefined,
  body = [1, 2, 3, 4, 5, 6, 7, 8],
): Uint8Array {
  const file = new Uint8Array(84 + body.length);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(18, 40, true);
  view.setUint32(24, 0x08000101, true);
  view.setUint32(28, 52, true);
  view.setUint16(40, 52, true);
  view.setUint16(42, 32, true);
  view.setUint16(44, 1, true);
  view.setUint32(52, 1, true);
  view.setUint32(56, 84, true);
  view.setUint32(60, 0x20000000, true);
  view.setUint32(64, 0x08000000, true);
  view.setUint32(68, body.length, true);
  file.set(body, 84);
  changes(view);
  return file;
}

function codeOf(file: Uint8Array): string {
  try {
    readImage(file, 'a.elf');
    return 'read';
  } catch (error) {
    return isFlashError(error) ? error.code : String(error);
  }
}

describe('ELF by hand', () => {
  it('goes by the physical address, and tells the processor', () => {
    const image = readImage(small(), 'a');
    expect(image.parts.map((part) => [part.address, ...part.bytes])).toEqual([
      [0x08000000, 1, 2, 3, 4, 5, 6, 7, 8],
    ]);
    expect(image.entry).toBe(0x08000101);
    expect(image.facts).toContainEqual({ code: 'processor', at: { offset: 18 }, processor: 'arm' });
  });

  it('reads big-endian files', () => {
    const file = small();
    const view = new DataView(file.buffer);
    file[5] = 2;
    for (const at of [18, 40, 42, 44]) view.setUint16(at, view.getUint16(at, true));
    for (const at of [24, 28, 52, 56, 60, 64, 68]) view.setUint32(at, view.getUint32(at, true));
    expect(readImage(file, 'a').parts[0]).toMatchObject({ address: 0x08000000 });
  });

  it('leaves out a header that is mapped into the first segment, and says so', () => {
    const file = small((view) => {
      view.setUint32(56, 0, true);
      view.setUint32(68, 92, true);
    });
    const image = readImage(file, 'a');
    expect(image.parts.map((part) => [part.address, part.bytes.length])).toEqual([[0x08000000 + 84, 8]]);
    expect(image.facts).toContainEqual({
      code: 'left-out',
      at: { offset: 0 },
      what: 'elf-headers',
      bytes: 84,
    });
  });

  it('is refused when cut at any byte', () => {
    const file = small();
    for (let length = 4; length < file.length; length++)
      expect(codeOf(file.subarray(0, length))).toMatch(/^image\.(truncated|malformed)$/);
  });

  it.each<[string, (view: DataView) => void, string]>([
    ['a class that is none', (view) => view.setUint8(4, 3), 'image.malformed'],
    ['a byte order that is none', (view) => view.setUint8(5, 0), 'image.malformed'],
    ['headers too small', (view) => view.setUint16(42, 8, true), 'image.malformed'],
    ['65,535 segments', (view) => view.setUint16(44, 0xffff, true), 'image.malformed'],
    ['a segment past the end', (view) => view.setUint32(68, 0xffffffff, true), 'image.truncated'],
    ['an address past 32 bits', (view) => view.setUint32(64, 0xfffffffc, true), 'image.malformed'],
    [
      'section headers past the end',
      (view) => {
        view.setUint16(46, 40, true);
        view.setUint16(48, 9, true);
        view.setUint32(32, 0xffff, true);
      },
      'image.truncated',
    ],
    ['nothing to load', (view) => view.setUint32(52, 2, true), 'image.empty'],
  ])('%s is refused', (_what, change, code) => {
    expect(codeOf(small(change))).toBe(code);
  });

  it('two segments that disagree are refused, with the byte of the file', () => {
    const file = new Uint8Array(120);
    file.set(small().subarray(0, 84));
    const view = new DataView(file.buffer);
    view.setUint16(44, 2, true);
    for (const [index, at] of [52, 84].entries()) {
      view.setUint32(at, 1, true);
      view.setUint32(at + 4, 116 + 2 * index, true);
      view.setUint32(at + 12, 0x08000000 + index, true);
      view.setUint32(at + 16, 2, true);
    }
    file.set([1, 2, 9, 3], 116);
    expect(() => readImage(file, 'a.elf')).toThrow(
      expect.objectContaining({
        code: 'image.overlap',
        params: { range: { start: 0x08000001, end: 0x08000002 }, names: ['a.elf'], offset: 118 },
      }),
    );
  });

  it('segments that load the same bytes again and again are refused before they are joined', () => {
    const count = 1_000;
    const file = new Uint8Array(52 + count * 32 + 64);
    file.set(small().subarray(0, 52));
    const view = new DataView(file.buffer);
    view.setUint16(44, count, true);
    for (let index = 0; index < count; index++) {
      const at = 52 + index * 32;
      view.setUint32(at, 1, true);
      view.setUint32(at + 4, 52, true);
      view.setUint32(at + 12, 0x08000000 + index * 0x10000, true);
      view.setUint32(at + 16, file.length - 52, true);
    }
    expect(codeOf(file)).toBe('image.malformed');
  });
});
