// A bar on a terminal, for whatever has so many bytes to go.
import { SingleBar } from 'cli-progress';
import { formatBytes, formatDuration, formatRate } from '../../shared/units.ts';

/** Columns of what stands before the bar. */
export const labelWidth = 28;

/** Until stopped; nothing of it is left on the screen then. */
export class ProgressBar {
  readonly #bar: SingleBar;
  readonly #totalBytes: number;
  readonly #startedAt = performance.now();

  constructor(stream: NodeJS.WriteStream, label: string, totalBytes: number) {
    this.#totalBytes = totalBytes;
    this.#bar = new SingleBar({
      stream,
      format: `  > ${label.padEnd(labelWidth)}{bar} {percentage} %  {note}`,
      barsize: 24,
      barCompleteChar: '=',
      barIncompleteChar: ' ',
      hideCursor: true,
      clearOnComplete: true,
      fps: 10,
    });
    this.#bar.start(totalBytes, 0, { note: '' });
  }

  update(doneBytes: number): void {
    const elapsedMs = performance.now() - this.#startedAt;
    const leftMs = doneBytes > 0 ? ((this.#totalBytes - doneBytes) * elapsedMs) / doneBytes : 0;
    const note = `${formatBytes(doneBytes)} of ${formatBytes(this.#totalBytes)}, ${formatRate(doneBytes, elapsedMs)}, ${formatDuration(leftMs)} left`;
    this.#bar.update(doneBytes, { note });
  }

  stop(): void {
    this.#bar.stop();
  }
}
