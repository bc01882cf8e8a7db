// The history on its way out, piece by piece: as long as it is, no more than one piece of it is ever held.
import type { HistoryCursor, HistoryEntry, HistoryFilter, HistoryFormat } from '../../shared/history.ts';
import { limits } from '../../shared/limits.ts';
import { concatBytes } from '../base/bytes.ts';
import { historyCsvHeading, historyCsvLine } from './history-csv.ts';

export interface HistoryPiece {
  readonly bytes: Uint8Array;
  /** Undefined with the last piece. */
  readonly next: HistoryCursor | undefined;
}

/** What each job adds to the file, and what comes around them all. */
interface Shape {
  readonly head: string;
  readonly job: (entry: HistoryEntry, isFirst: boolean) => string;
  readonly tail: string;
}

const shapes: { readonly [format in HistoryFormat]: Shape } = {
  csv: { head: historyCsvHeading, job: (entry) => historyCsvLine(entry), tail: '' },
  json: {
    head: '{"v":1,"jobs":[',
    job: (entry, isFirst) => `${isFirst ? '\n' : ',\n'}${JSON.stringify(entry)}`,
    tail: '\n]}\n',
  },
};

/**
 * The piece that begins at `from`, newest job first; jobs begun meanwhile are not in it.
 * @param ask the jobs that fit, newest first
 */
export async function historyPiece(
  ask: (filter: HistoryFilter) => Promise<readonly HistoryEntry[]>,
  filter: HistoryFilter,
  format: HistoryFormat,
  from: HistoryCursor,
): Promise<HistoryPiece> {
  const { head, job, tail } = shapes[format];
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let room: number = limits.chunkBytes;
  let { before, offset } = from;
  const fits = (bytes: Uint8Array): boolean => {
    pieces.push(bytes.subarray(0, room));
    room -= Math.min(room, bytes.length);
    return room > 0;
  };
  for (;;) {
    const entries = await ask({ ...filter, before, limit: limits.historyPageJobs });
    for (const entry of entries) {
      const isFirst = before === undefined;
      const whole = encoder.encode(`${isFirst ? head : ''}${job(entry, isFirst)}`);
      const left = room;
      if (!fits(whole.subarray(offset)) && offset + left < whole.length)
        return { bytes: concatBytes(pieces), next: { before, offset: offset + left } };
      before = entry.number;
      offset = 0;
      if (room === 0) return { bytes: concatBytes(pieces), next: { before, offset } };
    }
    if (entries.length < limits.historyPageJobs) break;
  }
  // Of no job at all there is still a file.
  const end = encoder.encode(`${before === undefined ? head : ''}${tail}`);
  if (end.length > room) return { bytes: concatBytes(pieces), next: { before, offset: 0 } };
  return { bytes: concatBytes([...pieces, end]), next: undefined };
}
