import { randomUUID } from 'node:crypto';
import { exitCodeOf, type ExitCode } from '../../shared/result.ts';
import type { JobRequest } from '../core.ts';
import type { Shell } from './shell.ts';
import { terminalAsk, terminalChoose } from './ask.ts';
import { listenForInterrupt } from './interrupt.ts';
import { keepRunningWithoutReader } from './output.ts';
import { writeJsonEvent } from './report-json.ts';
import { TextReporter } from './report-text.ts';

/** Runs a job in the terminal: events shown, questions asked, Ctrl-C heard. */
export async function runJobInTerminal(
  { core, logs }: Shell,
  request: JobRequest,
  options: { json: boolean; yes: boolean; guide?: boolean },
): Promise<ExitCode> {
  using interrupt = listenForInterrupt('job');
  using _output = keepRunningWithoutReader();
  using log = logs.openJob(randomUUID());
  const reporter = new TextReporter(process.stdout, options.guide === true);
  const result = await core.run(request, {
    stop: interrupt.stop,
    abort: interrupt.abort,
    emit: options.json ? writeJsonEvent : (event) => reporter.show(event),
    log,
    ask: terminalAsk({ ...options, signal: interrupt.stop }),
    choose: terminalChoose({ ...options, signal: interrupt.stop }),
  });
  return exitCodeOf(result);
}
