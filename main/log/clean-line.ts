import { cleanText } from '../../shared/text/clean.ts';

const cutMark = ' ... (cut)';
const lineBreaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

/**
 * A text as one harmless line: line breaks and tabs shown as marks (so that nothing can forge a second line), other control and
 * format characters dropped, at most `limitBytes` of UTF-8.
 */
export function cleanLine(text: string, limitBytes: number): string {
  // Bounded before anything looks at it: a character is at least a byte.
  const start = text.slice(0, limitBytes);
  const line = cleanText(start.trimEnd().replace(lineBreaks, ' | ').replaceAll('\t', ' '));
  const cut = new Uint8Array(limitBytes);
  const { read } = new TextEncoder().encodeInto(line, cut);
  if (read === line.length && start.length === text.length) return line;
  const room = new Uint8Array(limitBytes - cutMark.length);
  return line.slice(0, new TextEncoder().encodeInto(line, room).read) + cutMark;
}
