import type { Socket } from 'node:net';

/** Calls `onLine` for every full line that arrives; a line may be megabytes long (files travel in one). */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  let parts: string[] = [];
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    const pieces = chunk.toString().split('\n');
    for (const piece of pieces.slice(0, -1)) {
      parts.push(piece);
      onLine(parts.join(''));
      parts = [];
    }
    parts.push(pieces.at(-1) ?? '');
  });
}
