// Whether a chip a file names can be the chip of a board. Both are beginnings of chips' names for files.
/** Names that say which chip; anything else is a board's own name. */
const chipNames = /^(stm32|gd32|at32|ch32|nrf|rp2|rtl|sam|esp)/;

/** `unknown` where the board's chip is not known: then nothing is claimed. */
export function chipFit(fileChip: string, boardChip: string | undefined): 'yes' | 'no' | 'unknown' {
  if (boardChip === undefined || !chipNames.test(boardChip) || !chipNames.test(fileChip)) return 'unknown';
  // Letters that stand for any digit (stm32f42x) compare as far as they say something.
  const [a, b] = [fileChip, boardChip].map((chip) => chip.replace(/x+$/, '')) as [string, string];
  return a.startsWith(b) || b.startsWith(a) ? 'yes' : 'no';
}

/** The processor of a chip, as ELF files name it; undefined where we do not know. */
export function processorOf(boardChip: string | undefined): string | undefined {
  if (boardChip === undefined) return undefined;
  if (/^(gd32v|ch32v)/.test(boardChip)) return 'riscv';
  return /^(stm32|gd32|at32|nrf)/.test(boardChip) ? 'arm' : undefined;
}
