// Time between two snapshots: the core says how long it was, the page counts on.

/** Ten times a second moves smoothly; once is enough for those who asked for less motion. */
const beatMs = 100;
const calmBeatMs = 1_000;

/** Whether less motion was asked for. */
export function wantsStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/**
 * Counts on from what was said last, for as long as the component lives.
 * @param sinceMs what the newest snapshot says, and the snapshot itself, to know when there is a new one
 */
export function countOn(newest: () => { readonly sinceMs: number }): { readonly ms: number } {
  let extraMs = $state(0);
  $effect(() => {
    newest();
    const started = performance.now();
    extraMs = 0;
    const beat = setInterval(
      () => (extraMs = performance.now() - started),
      wantsStill() ? calmBeatMs : beatMs,
    );
    return () => clearInterval(beat);
  });
  return {
    get ms() {
      return newest().sinceMs + extraMs;
    },
  };
}
