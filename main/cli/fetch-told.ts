// How far a file has come, told while it comes.
import type { JudgedOffer } from '../../shared/board-updates.ts';
import { updateLineWords } from '../../shared/text/update-lines.ts';
import { ProgressBar } from './progress-bar.ts';
import { writeJson } from './report-json.ts';

/** JSON lines are this far apart at least, ms. */
const everyMs = 100;

type Progress = (doneBytes: number, totalBytes: number | undefined) => void;

/** On a terminal a bar, for programs lines, and nothing for a reader of plain text: what comes of it is told in any case. */
export async function fetchAndTell<T>(
  { id, sizeBytes }: JudgedOffer,
  json: boolean,
  fetch: (progress: Progress) => Promise<T>,
): Promise<T> {
  let bar: ProgressBar | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  const progress: Progress = (doneBytes, totalBytes = sizeBytes) => {
    if (json) {
      if (performance.now() - toldAt < everyMs) return;
      toldAt = performance.now();
      writeJson('fetching', { offer: id, doneBytes, totalBytes });
    } else if (process.stdout.isTTY && totalBytes !== undefined && totalBytes > 0) {
      bar ??= new ProgressBar(process.stdout, updateLineWords.fetching, totalBytes);
      bar.update(doneBytes);
    }
  };
  try {
    return await fetch(progress);
  } finally {
    bar?.stop();
  }
}
