// Ctrl-C: first stop at the next block, then abort, then just end. A closed terminal is no wish to stop.
import { ExitCode } from '../../shared/result.ts';

const stoppingJob = '\nStopping at the next block. Press Ctrl-C again to abort at once.\n';
const stoppingBatch =
  '\nNo other board is begun on; those that run come to their ends. Press Ctrl-C again to abort them at once.\n';

/** The two ways to end a job, and the handler that is taken away afterwards. */
export interface Interrupt extends Disposable {
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  /** Told to end by the system, as when the computer shuts down: it waits for no board. */
  readonly end: AbortSignal;
}

/**
 * Listens for Ctrl-C and for being told to end.
 * @param what a `job` has a block to finish and says so, a `batch` the boards that run; a `watch` just ends
 */
export function listenForInterrupt(what: 'job' | 'batch' | 'watch'): Interrupt {
  const stop = new AbortController();
  const abort = new AbortController();
  const end = new AbortController();
  const onSignal = (): void => {
    if (abort.signal.aborted) process.exit(ExitCode.cancelled);
    if (what === 'watch') {
      stop.abort();
      abort.abort();
      return;
    }
    if (stop.signal.aborted) {
      process.stderr.write('\nAborting: the block in flight will be in doubt.\n');
      abort.abort();
      return;
    }
    process.stderr.write(what === 'batch' ? stoppingBatch : stoppingJob);
    stop.abort();
  };
  const onTerminate = (): void => {
    if (what !== 'batch' || end.signal.aborted) {
      onSignal();
      return;
    }
    process.stderr.write('\nTold to end: boards that run stop at their next block.\n');
    end.abort();
    stop.abort();
  };
  // A board half-written because a window was closed helps nobody: the job goes on to its end.
  const onHangUp = what !== 'watch' ? (): void => undefined : onSignal;
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onTerminate);
  process.on('SIGHUP', onHangUp);
  return {
    stop: stop.signal,
    abort: abort.signal,
    end: end.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onTerminate);
      process.off('SIGHUP', onHangUp);
    },
  };
}
