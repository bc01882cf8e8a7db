import { limits } from '../../shared/limits.ts';
import { isAtLeast, type LogEntry, type LogPage, type LogQuery } from '../../shared/log.ts';

/** The newest lines, in bounded memory, for pages. */
export interface LogRing {
  add(entry: Omit<LogEntry, 'sequence'>): LogEntry;
  page(query: LogQuery): LogPage;
  /** Tells of every new line, at once; a listener that throws is left out of nothing else. */
  watch(changed: () => void): Disposable;
}

/** @param bounds lines, and UTF-16 units of all messages together; the oldest go first */
export function createLogRing(
  bounds: { lines: number; chars: number } = { lines: limits.logLines, chars: limits.logChars },
): LogRing {
  /** Line `sequence` is at `sequence % bounds.lines`. */
  const slots: LogEntry[] = [];
  const listeners = new Set<() => void>();
  let [first, next, chars] = [1, 1, 0];

  const at = (sequence: number): LogEntry => slots[sequence % bounds.lines] as LogEntry;
  const tell = (): void => {
    for (const listener of listeners) {
      try {
        listener();
      } catch {
        // Whoever writes a line is not to blame for whoever reads it.
      }
    }
  };
  return {
    add(entry) {
      const added = { ...entry, sequence: next };
      while (first < next && (next - first >= bounds.lines || chars + entry.message.length > bounds.chars)) {
        chars -= at(first).message.length;
        first++;
      }
      slots[next % bounds.lines] = added;
      chars += entry.message.length;
      next++;
      tell();
      return added;
    },
    page(query) {
      const limit = Math.max(1, Math.min(query.limit, limits.logPageLines));
      const fits = (entry: LogEntry): boolean =>
        (query.level === undefined || isAtLeast(entry.level, query.level)) &&
        (query.job === undefined || entry.job === query.job);
      const found: LogEntry[] = [];
      const forwards = query.after !== undefined;
      let sequence = forwards
        ? Math.max(first, query.after + 1)
        : Math.min(next, Math.max(first, query.before ?? next)) - 1;
      // One more than asked for tells whether there is more.
      while (sequence >= first && sequence < next && found.length <= limit) {
        const entry = at(sequence);
        if (fits(entry)) found.push(entry);
        sequence += forwards ? 1 : -1;
      }
      const entries = found.slice(0, limit);
      if (!forwards) entries.reverse();
      return { entries, more: found.length > limit, first, last: next - 1 };
    },
    watch(changed) {
      const listener = (): void => changed();
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
