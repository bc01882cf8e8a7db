// Standard output may go away before we do: a reader that has seen enough, a full disk.
import { ExitCode } from '../../shared/result.ts';

let jobsRunning = 0;
let lost = false;

/** Until disposed, a lost output ends nothing: a board half-written is worse than words nobody reads. */
export function keepRunningWithoutReader(): Disposable {
  jobsRunning++;
  return {
    [Symbol.dispose]() {
      jobsRunning--;
    },
  };
}

/**
 * Ends the process quietly when nobody reads its output any more, unless a job is running.
 * @param exitCode what it would have ended with
 */
export function endWithoutReader(exitCode: () => ExitCode): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that goes away (head, a closed pager) has what it wanted; every other loss is told by the exit code.
    const readerLeft = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
    if (!readerLeft) lost = true;
    if (jobsRunning === 0) process.exit(readerLeft ? exitCode() : ExitCode.cannotCreate);
  });
  // Diagnostics that cannot be told must not end what they are about.
  process.stderr.on('error', () => undefined);
}

/** Whether something that was told could not be written down. */
export function outputLost(): boolean {
  return lost;
}
