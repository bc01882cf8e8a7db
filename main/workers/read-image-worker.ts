// A thread that reads one firmware file and ends. Started by `read-image.ts`.
import { parentPort, workerData } from 'node:worker_threads';
import { toFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { readImage } from '../images/registry.ts';
import type { ReadAnswer, ReadRequest } from './read-image.ts';

const { bytes, path, options } = workerData as ReadRequest;

let answer: ReadAnswer;
try {
  answer = { image: readImage(bytes, path, options) };
} catch (error) {
  const { code, params } = toFlashError(error);
  answer = { code, params };
}
const buffers = 'image' in answer ? answer.image.parts.map((part) => part.bytes.buffer) : [];
// Handed over instead of copied. Small ones may lie in memory that Node shares out, which must stay.
const moved = [...new Set(buffers)].filter(
  (buffer): buffer is ArrayBuffer =>
    buffer instanceof ArrayBuffer && buffer.byteLength > limits.readInPlaceBytes,
);
parentPort?.postMessage(answer, moved);
