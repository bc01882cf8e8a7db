import type { BatchUnit } from '../../shared/batch.ts';
import type { Result } from '../../shared/result.ts';
import type { Guest } from './guest.ts';

/** A batch as it told of itself, and what the history tells of its jobs. */
export interface BatchTold {
  readonly exitCode: number | null;
  /** One for each board that ended. */
  readonly units: readonly BatchUnit[];
  /** What each job says its board holds. */
  readonly contents: readonly Result['content']['kind'][];
  /** How many were under way at one moment, at most. */
  readonly mostAtOnce: number;
}

let batches = 0;

/**
 * Runs `rekindle batch` in the guest, with a data folder of its own, to its end.
 * @throws Error with what it printed when it tells of no board
 */
export async function runBatch(
  guest: Guest,
  file: string,
  count: number,
  args: readonly string[],
  timeoutMs = 240_000,
): Promise<BatchTold> {
  const options = { env: { REKINDLE_DATA: `/tmp/batch-${++batches}` }, timeoutMs };
  const rekindle = [guest.node, `${guest.repository}/dist/cli.js`];
  const batch = ['batch', file, '--count', String(count), '--yes', '--json', ...args];
  const run = await guest.run([...rekindle, ...batch], options);
  const units = linesOf<{ event: string; unit: BatchUnit }>(run.stdout)
    .filter(({ event }) => event === 'unit')
    .map(({ unit }) => unit);
  if (units.length === 0) throw new Error(`no board in ${run.stdout}${run.stderr}`);
  const told = await guest.run([...rekindle, 'history', '--json'], options);
  const [history] = linesOf<{ jobs: readonly { result?: Result }[] }>(told.stdout);
  const contents = (history?.jobs ?? []).flatMap(({ result }) => result?.content.kind ?? []);
  return { exitCode: run.exitCode, units, contents, mostAtOnce: mostAtOnce(units) };
}

function linesOf<Line>(text: string): Line[] {
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Line);
}

function mostAtOnce(units: readonly BatchUnit[]): number {
  const spans = units.map(({ startedAt, seconds = 0 }) => {
    const from = Date.parse(startedAt);
    return { from, to: from + seconds * 1000 };
  });
  return Math.max(
    ...spans.map(({ from: at }) => spans.filter(({ from, to }) => from <= at && at < to).length),
  );
}
