// Whether a hub cannot feed all that runs on it. We see no volts: what we see is that several of its boards were lost
// within a moment while they were erased or written, which is when they draw most. A hub that is pulled out looks the same,
// and is told the same: fewer at a time is right for both. No source says how long the moment is; the two seconds are ours
// (rivals.md has nothing but a wish to look at power, theme D).
import type { Result } from '../../shared/result.ts';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { Log } from '../log/log.ts';
import type { Queue } from './queue.ts';
import { hasSlot } from './states.ts';

/** Losses this close together are taken for one event, ms. */
const withinMs = 2_000;

/** What a board that lost its power looks like from here. */
const lost: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['usb.gone', 'usb.transfer-error', 'usb.timeout']);

/** A board lost while it was erased or written. */
interface Loss {
  readonly atMs: number;
  readonly portPath: string;
  /** How many ran then. */
  readonly running: number;
}

/** `1-2.3` is port 3 of the hub at `1-2`; `1-2` is a port of the computer's own hub `1`. */
function hubOf(portPath: string): string {
  const at = Math.max(portPath.lastIndexOf('.'), portPath.lastIndexOf('-'));
  return at < 0 ? portPath : portPath.slice(0, at);
}

/** Remembers losses for as long as they may belong together. */
export class PowerTrouble {
  readonly #queue: Queue;
  readonly #log: Log;
  #losses: readonly Loss[] = [];

  constructor(queue: Queue, log: Log) {
    this.#queue = queue;
    this.#log = log;
  }

  /** Takes in how a job ended, while it still has its slot; lowers the limit where it has to be. */
  note(portPath: string, result: Result, nowMs: number): void {
    if (!isLoss(result)) return;
    const recent = this.#losses.filter((one) => nowMs - one.atMs <= withinMs && one.portPath !== portPath);
    const running = this.#queue.entries.filter(({ state }) => hasSlot(state)).length;
    // Those that were lost before it no longer run, and were too many all the same.
    this.#losses = [...recent, { portPath, atMs: nowMs, running: running + recent.length }];
    const hub = hubOf(portPath);
    const mine = this.#losses.filter((one) => hubOf(one.portPath) === hub);
    const most = Math.max(...mine.map((one) => one.running));
    const to = Math.max(1, Math.floor(most / 2));
    if (mine.length < 2 || to >= this.#queue.limit) return;
    const ports = mine.map((one) => one.portPath);
    this.#log.write(
      'warn',
      'queue',
      `boards on ${ports.join(', ')} of hub ${hub} were lost together: ${to} at a time from here on`,
    );
    this.#queue.lower({ to, hub, ports });
  }
}

function isLoss({ error, steps }: Result): boolean {
  if (error === undefined || !lost.has(error.code)) return false;
  return steps.some(({ step, state }) => state === 'failed' && (step === 'erase' || step === 'write'));
}
