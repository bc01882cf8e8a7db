// Lines of Intel HEX and S-record files, made independently of the parsers.

const hex = (bytes: readonly number[]): string =>
  bytes.map((byte) => (byte & 0xff).toString(16).toUpperCase().padStart(2, '0')).join('');
const sum = (bytes: readonly number[]): number => bytes.reduce((total, byte) => total + (byte & 0xff), 0);

/** One Intel HEX line, without its end. */
export function hexLine(type: number, address: number, data: Iterable<number> = []): string {
  const bytes = [...data];
  const record = [bytes.length, address >> 8, address, type, ...bytes];
  return `:${hex([...record, -sum(record)])}`;
}

/** One S-record line, without its end. */
export function sLine(type: number, address: number, data: Iterable<number> = []): string {
  const width = [2, 2, 3, 4, 4, 2, 3, 4, 3, 2][type] ?? 2;
  const bytes = [...data];
  const field = Array.from(
    { length: width },
    (_, index) => Math.floor(address / 256 ** (width - 1 - index)) & 0xff,
  );
  const record = [width + bytes.length + 1, ...field, ...bytes];
  return `S${type}${hex([...record, ~sum(record)])}`;
}

/** Lines as the bytes of a file. */
export function linesFile(lines: readonly string[], end = '\n'): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => line + end).join(''));
}

/** The same text with every line's checksum made right, where the line is one. In place. */
export function resealLines(file: Uint8Array): void {
  const text = String.fromCharCode(...file);
  const lines = text.split('\n').map((line) => {
    const match = /^(:|S[0-9])((?:[0-9A-Fa-f]{2})+)[0-9A-Fa-f]{2}(\r?)$/.exec(line);
    if (match === null) return line;
    const [, start = '', body = '', end = ''] = match;
    const bytes = body.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
    const check = start === ':' ? -sum(bytes) : ~sum(bytes);
    return `${start}${body}${hex([check])}${end}`;
  });
  file.set(new TextEncoder().encode(lines.join('\n')).subarray(0, file.length));
}
