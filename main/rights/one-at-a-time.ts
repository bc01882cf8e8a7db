/**
 * Lets one wish run at a time. A second wish of the same kind joins the one that runs, and ends with it whatever signal it
 * brought; one of another kind waits its turn.
 */
export function oneAtATime<Kind, Result>(
  run: (kind: Kind, signal: AbortSignal | undefined) => Promise<Result>,
): (kind: Kind, signal?: AbortSignal) => Promise<Result> {
  let running: { readonly kind: Kind; readonly result: Promise<Result> } | undefined;
  return async (kind, signal) => {
    while (running !== undefined) {
      const { result } = running;
      if (running.kind === kind) return await result;
      await Promise.allSettled([result]);
    }
    const mine = { kind, result: run(kind, signal) };
    running = mine;
    try {
      return await mine.result;
    } finally {
      running = undefined;
    }
  };
}
