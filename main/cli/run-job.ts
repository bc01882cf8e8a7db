import { randomUUID } from 'node:crypto';
import { exitCodeOf, type ExitCode } from '../../shared/result.ts';
import type { JobRequest } from '../core.ts';
import type { Shell } from './shell.ts';
import type { Bench } from '../bench/bench.ts';
import { openBenchControl } from './bench-control.ts';
import { processTerminal, terminalAsk, terminalChoose, type Terminal } from './ask.ts';
import { listenForInterrupt } from './interrupt.ts';
import { keepRunningWithoutReader } from './output.ts';
import { writeJsonEvent } from './report-json.ts';
import { TextReporter } from './report-text.ts';

export interface TerminalOptions {
  readonly json: boolean;
  readonly yes: boolean;
  readonly guide?: boolean;
  /** Who has told something of the board already. */
  readonly reporter?: TextReporter;
  /** The program's own, unless given. */
  readonly terminal?: Terminal;
}

/** Runs a job in the terminal: events shown, questions asked, Ctrl-C heard. */
export async function runJobInTerminal(
  { core, logs, bench }: Shell,
  request: JobRequest,
  options: TerminalOptions,
): Promise<ExitCode> {
  const { json, yes, guide = false, terminal = processTerminal } = options;
  using interrupt = listenForInterrupt('job');
  using _output = keepRunningWithoutReader();
  using log = logs.openJob(randomUUID());
  const { reporter = new TextReporter(process.stdout, guide) } = options;
  await using _hands = options.guide === true && bench !== undefined ? await handsOn(bench) : undefined;
  const result = await core.run(request, {
    stop: interrupt.stop,
    abort: interrupt.abort,
    emit: json ? writeJsonEvent : (event) => reporter.show(event),
    log,
    ask: terminalAsk({ json, yes, signal: interrupt.stop }, terminal),
    choose: terminalChoose({ json, signal: interrupt.stop }, terminal),
  });
  return exitCodeOf(result);
}

/** Somebody has to follow the guide: virtual boards are moved from another terminal. Said beside what programs read. */
async function handsOn(bench: Bench): Promise<AsyncDisposable> {
  const control = await openBenchControl(bench);
  process.stderr.write(
    `Move the virtual boards from another terminal: rekindle bench ACTION --at ${control.address}\n`,
  );
  return { [Symbol.asyncDispose]: () => control.close() };
}
