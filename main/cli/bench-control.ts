// Where the virtual boards of a running command take lines: from its own terminal, and from another.
import { toFlashError } from '../../shared/errors/flash-error.ts';
import { errorText } from '../../shared/text/errors.ts';
import type { Bench } from '../bench/bench.ts';
import { openControlPort, type ControlPort } from '../bench/control-port.ts';
import { silentLog } from '../log/log.ts';
import { actByLine } from './bench-actions.ts';
import { platform } from './host.ts';

/** One line of JSON: what a line did, or why it did nothing. Never throws. */
export function answerTo(boards: Bench, line: string): string {
  try {
    return JSON.stringify({ done: actByLine(boards, line) });
  } catch (error) {
    const { code, params } = toFlashError(error);
    return JSON.stringify({ refused: errorText(code, params as never, platform).title });
  }
}

/** Takes lines from another terminal until closed. @throws the system's error when no port can be had */
export function openBenchControl(boards: Bench): Promise<ControlPort> {
  return openControlPort((line) => answerTo(boards, line), silentLog);
}
