// The work at a glance: one lane for each port, with what runs there, what waits for it, or how the last of it ended. Pure.
import type { BoardReport } from './board.ts';
import type { JobSnapshot } from './job-snapshot.ts';

/**
 * What a lane is about now, most pressing first where they are sorted: `asks` a question; `failed` and nobody has looked at
 * it; `held` half-way, by a person or a computer that goes to sleep.
 */
export type LaneState = 'asks' | 'awaits' | 'running' | 'held' | 'queued' | 'failed' | 'done' | 'idle';

/** One lane. */
export interface Lane {
  /** Empty for a board that is waited for on any port. */
  readonly portPath: string;
  readonly key: string;
  readonly board: string;
  readonly virtual: boolean;
  readonly state: LaneState;
  /** The one that runs or waits, else the last that ended; none for a board that only stands there. */
  readonly job: JobSnapshot | undefined;
  /** Others that wait for the same port. */
  readonly behind: readonly JobSnapshot[];
  /** Place in the line of those that have not begun, from 1. */
  readonly place: number | undefined;
}

/** How many lanes are in each state. */
export type LaneCounts = { readonly [state in LaneState]: number };

/**
 * The lanes, by port; those of boards that are waited for on any port come first.
 * @param order ids of jobs that have not begun, in the order in which they are served
 */
export function lanesOf(
  jobs: readonly JobSnapshot[],
  boards: readonly BoardReport[],
  order: readonly string[],
): readonly Lane[] {
  const open = jobs.filter(({ result }) => result === undefined);
  const anywhere = open.filter(({ portPath }) => portPath === '');
  const ports = new Set([
    ...boards.filter(({ isBoard, internal }) => isBoard && !internal).map(({ portPath }) => portPath),
    ...jobs.map(({ portPath, result }) => result?.portPath ?? portPath).filter((port) => port !== ''),
  ]);
  const laneOf = (portPath: string): Lane => {
    const here = open.filter((job) => job.portPath === portPath);
    const begun = here.find(({ state }) => state !== 'queued');
    const inLine = here
      .filter(({ state }) => state === 'queued')
      .toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    const ended = jobs.find(
      ({ portPath: port, result }) => result !== undefined && (result.portPath ?? port) === portPath,
    );
    const job = begun ?? inLine[0] ?? ended;
    const behind = inLine.filter((one) => one !== job);
    return lane(
      portPath,
      job,
      boards.find((one) => one.portPath === portPath),
      behind,
      order,
    );
  };
  return [
    ...anywhere.map((job) => lane('', job, undefined, [], order)),
    ...[...ports].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).map(laneOf),
  ];
}

function lane(
  portPath: string,
  job: JobSnapshot | undefined,
  board: BoardReport | undefined,
  behind: readonly JobSnapshot[],
  order: readonly string[],
): Lane {
  const at = job === undefined ? -1 : order.indexOf(job.id);
  return {
    portPath,
    key: portPath === '' ? (job?.id ?? '') : portPath,
    board: job?.board ?? board?.name ?? '',
    virtual: job?.virtual ?? board?.virtual ?? false,
    state: stateOf(job),
    job,
    behind,
    place: at < 0 ? undefined : at + 1,
  };
}

function stateOf(job: JobSnapshot | undefined): LaneState {
  if (job === undefined) return 'idle';
  if (job.result !== undefined) return job.result.outcome === 'done' ? 'done' : 'failed';
  if (job.question !== undefined) return 'asks';
  if (job.guide !== undefined && !job.guide.caught) return 'awaits';
  if (job.state === 'queued') return 'queued';
  if (job.state === 'waiting') return 'awaits';
  return job.state === 'paused' || job.state === 'pausing' ? 'held' : 'running';
}

/** How many lanes are in each state. */
export function countLanes(lanes: readonly Lane[]): LaneCounts {
  const counts = { asks: 0, awaits: 0, running: 0, held: 0, queued: 0, failed: 0, done: 0, idle: 0 };
  for (const { state } of lanes) counts[state]++;
  return counts;
}
