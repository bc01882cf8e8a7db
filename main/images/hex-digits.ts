// Hex digits straight from bytes: what makes large text formats quick to read.

/** Set in a table entry, and so in the sum of any that are or-ed together, when a character was no hex digit. */
export const notADigit = 0x100;

const digits = new Uint16Array(256).fill(notADigit);
for (let value = 0; value < 16; value++) {
  const letter = value.toString(16);
  digits[letter.charCodeAt(0)] = value;
  digits[letter.toUpperCase().charCodeAt(0)] = value;
}

/** Values of all 256 characters; `notADigit` for those that are none. */
export const digitTable: Readonly<Uint16Array> = digits;

/** The byte written as two digits at `at`; `notADigit` is set in it when they are none, or the file ends. */
export function hexByteAt(file: Uint8Array, at: number): number {
  const high = digitTable[file[at] ?? 0] ?? notADigit;
  const low = digitTable[file[at + 1] ?? 0] ?? notADigit;
  return (((high & 0xff) << 4) | low | (high & notADigit)) & 0x1ff;
}
