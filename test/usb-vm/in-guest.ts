// What the test files of this tier begin with: one guest a file, a bench in it a test, our command line on that bench.
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { Bench, type BenchPort } from '../../main/bench/bench.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { createBoard, type BoardName, type BoardOptions } from '../../main/bench/boards/registry.ts';
import type { Result } from '../../shared/result.ts';
import { linkBench, type BenchLink, type LinkedBench } from './bench-link.ts';
import { startGuest, type Guest, type GuestOptions } from './guest.ts';
import { prepareMachine } from './machine.ts';
import type { PresentDevice } from './messages.ts';
import type { GuestProgram, RunOptions, RunResult } from './program.ts';

const machine = await prepareMachine();
/** Why there is no guest on this computer; undefined where there is one. */
export const whyNoGuest = machine.available ? undefined : machine.reason;
if (whyNoGuest !== undefined) console.warn(`usb-vm skipped: ${whyNoGuest}`);

/** The file's guest and the test's bench. Only for use inside tests and hooks. */
export interface InGuest {
  readonly guest: Guest;
  /** The link of the bench that this test has plugged in. */
  readonly link: BenchLink;
  /** Plugs a bench in, for the rest of the test, and waits until the guest has all its boards. */
  plugIn(bench: LinkedBench): Promise<ReadonlyMap<string, PresentDevice>>;
  /** The same with boards on a bench of their own, on the real clock. */
  plugInBoards(...boards: readonly VirtualBoard[]): Promise<{ bench: Bench; ports: BenchPort[] }>;
  /** Our command line, run to its end, with a data folder of its own for each account; killed after two minutes. */
  rekindle(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  startRekindle(args: readonly string[], options?: RunOptions): GuestProgram;
}

export interface InGuestOptions extends GuestOptions {
  /** Of each test, ms. */
  readonly timeout: number;
}

/** A `describe` with a guest; skipped, with the reason printed, where there is none. */
export function describeInGuest(name: string, options: InGuestOptions, body: (here: InGuest) => void): void {
  describe.skipIf(whyNoGuest !== undefined)(name, { timeout: options.timeout }, () => {
    let guest: Guest | undefined;
    let link: BenchLink | undefined;

    beforeAll(async () => {
      const started = await startGuest(options);
      if (!started.available) throw new Error(started.reason);
      guest = started;
    }, 120_000);
    afterEach(async () => {
      await link?.[Symbol.asyncDispose]();
      link = undefined;
    });
    afterAll(() => guest?.close());

    const here: InGuest = {
      get guest() {
        if (guest === undefined) throw new Error('there is no guest outside of tests');
        return guest;
      },
      get link() {
        if (link === undefined) throw new Error('this test has plugged nothing in');
        return link;
      },
      async plugIn(bench) {
        await link?.[Symbol.asyncDispose]();
        link = await linkBench(here.guest, bench);
        return link.settled();
      },
      async plugInBoards(...boards) {
        const bench = new Bench({ clock: realClock });
        const ports = boards.map((board) => bench.plug(board));
        await here.plugIn(bench);
        return { bench, ports };
      },
      rekindle: (args, runOptions) => here.startRekindle(args, runOptions).ended,
      startRekindle: (args, runOptions = {}) =>
        here.guest.start([here.guest.node, `${here.guest.repository}/dist/cli.js`, ...args], {
          timeoutMs: 120_000,
          ...runOptions,
          env: { REKINDLE_DATA: `/tmp/rekindle-${runOptions.user ?? 'root'}`, ...runOptions.env },
        }),
    };
    body(here);
  });
}

/** A board with fast flash: what is judged here is the protocol, not the patience. */
export function quickBoard(name: BoardName, options: Partial<BoardOptions> = {}): VirtualBoard {
  return createBoard(name, { clock: realClock, timeScale: 0.02, ...options });
}

/** What a command with `--json` ended with. @throws Error with all it printed when that is no result */
export function resultOf(run: RunResult): Result {
  const last = run.stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`no result: ${run.stdout}${run.stderr}`);
  const line = JSON.parse(last) as { event: string; result: Result };
  expect(line.event).toBe('result');
  return line.result;
}
