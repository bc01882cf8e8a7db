import { silentLog, type Log } from './log.ts';

/**
 * A job's own log. Whatever becomes of it, the job runs to its end: one that cannot be opened or closed is complained of
 * in the program's log.
 */
export function harmlessLog(
  id: string,
  open: (id: string) => Log & Disposable,
  program: Log,
): Log & Disposable {
  const complain = (error: unknown): void =>
    program.write('warn', 'job', `the log of ${id}: ${String(error)}`);
  try {
    const log = open(id);
    const close = (): void => {
      try {
        log[Symbol.dispose]();
      } catch (error) {
        complain(error);
      }
    };
    return { write: (...line) => log.write(...line), [Symbol.dispose]: close };
  } catch (error) {
    complain(error);
    return { ...silentLog, [Symbol.dispose]: () => undefined };
  }
}
