// Which of two versions is newer, in a board's own order: only where facts state one.

/** `unknown`: one of them is missing, of another kind, or in no order that facts state. */
export type Comparison = 'same' | 'newer' | 'older' | 'unknown';

/**
 * Number by number: 1.2.9 is older than 1.2.46. `v` in front and zeros at the end count for nothing; what follows a `-` is a
 * pre-release and older than the same without, what follows a `+` names a build and decides nothing (semantic versioning 2.0.0).
 * @returns below zero where `a` is older; undefined where that cannot be told
 */
export function compareNumbered(a: string, b: string): number | undefined {
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined) return undefined;
  // 2026 and 1.2.3 are counted in different ways.
  if ((left.numbers.length === 1) !== (right.numbers.length === 1)) return undefined;
  for (let index = 0; index < Math.max(left.numbers.length, right.numbers.length); index++) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.before === right.before) return left.build === right.build ? 0 : undefined;
  if (left.before === undefined) return 1;
  if (right.before === undefined) return -1;
  // What the words of two pre-releases mean, their maker knows.
  return undefined;
}

/**
 * For lists, newest first. Versions that are counted in other ways come after those of several numbers, and what is no number last:
 * among them nothing can be compared, and one of them must not stand between two that can.
 */
export function newestFirst(a: string, b: string): number {
  return kindOf(a) - kindOf(b) || (compareNumbered(b, a) ?? 0);
}

function kindOf(version: string): number {
  const parsed = parse(version);
  if (parsed === undefined) return 2;
  return parsed.numbers.length === 1 ? 1 : 0;
}

interface Parsed {
  readonly numbers: readonly number[];
  readonly before: string | undefined;
  readonly build: string | undefined;
}

function parse(text: string): Parsed | undefined {
  const found = /^v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/i.exec(text);
  if (found === null) return undefined;
  const [, numbers = '', before, build] = found;
  return { numbers: numbers.split('.').map(Number), before, build };
}

/**
 * What our facts state of a board's versions: NanoVNA and ODrive count them number by number (devices.md 5.7, 3.2: major, minor,
 * revision). Of all others they state no order: a Pycom file is named after a version that its board does not tell over USB
 * (devices.md 2.4).
 */
const numbered: ReadonlySet<string> = new Set(['NanoVNA', 'ODrive']);

/**
 * How an offered version stands to the one on the board.
 * @param of what the versions are of, as in `NamedVersion`; undefined where nobody knows
 */
export function compareOffered(
  of: string | undefined,
  offered: string,
  onBoard: string | undefined,
): Comparison {
  if (onBoard === undefined) return 'unknown';
  if (offered === onBoard) return 'same';
  if (of === undefined || !numbered.has(of)) return 'unknown';
  const difference = compareNumbered(offered, onBoard);
  if (difference === undefined) return 'unknown';
  return difference === 0 ? 'same' : difference > 0 ? 'newer' : 'older';
}
