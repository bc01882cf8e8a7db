const stepMs = 10;

/**
 * Asks again and again until there is an answer. sysfs sends no word of most changes.
 * @throws Error naming `what` after the limit
 */
export async function until<T>(what: string, limitMs: number, ask: () => T | undefined): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
}
