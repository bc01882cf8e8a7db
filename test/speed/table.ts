/** A figure of ours, and dfu-util's of the same run. */
export interface RatioRow {
  readonly board: string;
  readonly what: string;
  readonly ours: number;
  readonly theirs: number | undefined;
}

/** A figure, and what we want it to be at most. */
export interface TargetRow {
  readonly where: string;
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly target: number | undefined;
}

export function printRatios(rows: readonly RatioRow[]): void {
  printLine('board', 'what', 'ours', 'dfu-util', 'ratio');
  for (const { board, what, ours, theirs } of rows) {
    const other = theirs === undefined ? '' : `${Math.round(theirs)} ms`;
    const ratio = theirs === undefined ? '' : (ours / theirs).toFixed(2);
    printLine(board, what, `${Math.round(ours)} ms`, other, ratio);
  }
}

export function printTargets(rows: readonly TargetRow[]): void {
  printLine('studio', 'what', 'figure', 'target', '');
  for (const { where, what, figure, unit, target } of rows) {
    const verdict = target === undefined ? '' : figure <= target ? 'met' : 'MISSED';
    printLine(where, what, amount(figure, unit), target === undefined ? '' : amount(target, unit), verdict);
  }
}

function amount(value: number, unit: string): string {
  return `${value.toFixed(Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0)} ${unit}`.trimEnd();
}

function printLine(first: string, what: string, figure: string, other: string, last: string): void {
  console.log(
    `${first.padEnd(14)}${what.padEnd(44)}${figure.padStart(11)}${other.padStart(11)}${last.padStart(8)}`,
  );
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that at least this share of all is not above. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN;
}
