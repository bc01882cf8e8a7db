// Firmware files over 1 MiB are read in a thread of their own: neither a window nor a board waits for a parser.
import { Worker } from 'node:worker_threads';
import type { ErrorCode, ErrorParams } from '../../shared/errors/codes.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import type { FirmwareImage } from '../images/image.ts';
import { readImage, type ReadOptions } from '../images/registry.ts';

/** What the thread is given. */
export interface ReadRequest {
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly options: ReadOptions;
}

/** What it answers: an image, or an error by code. */
export type ReadAnswer =
  { readonly image: FirmwareImage } | { readonly code: ErrorCode; readonly params: object };

/** Beside the bundle when built, beside this file when run from source. */
const workerFile = import.meta.url.endsWith('.ts') ? './read-image-worker.ts' : './read-image-worker.js';

/**
 * Understands a firmware file. The bytes of a large one are given away: nobody else may use them afterwards.
 * @throws FlashError `image.*`
 */
export async function openImage(
  bytes: Uint8Array,
  path: string,
  options: ReadOptions = {},
): Promise<FirmwareImage> {
  if (bytes.length <= limits.readInPlaceBytes) return readImage(bytes, path, options);
  const answer = await askWorker({ bytes, path, options });
  if ('image' in answer) return answer.image;
  throw new FlashError(answer.code, answer.params as ErrorParams[ErrorCode]);
}

function askWorker(request: ReadRequest): Promise<ReadAnswer> {
  const { buffer } = request.bytes;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(workerFile, import.meta.url), {
      workerData: request,
      transferList: buffer instanceof ArrayBuffer ? [buffer] : [],
    });
    worker.once('message', (answer: ReadAnswer) => resolve(answer));
    worker.once('error', (error: Error) => {
      reject(new FlashError('internal', { detail: `the reading thread failed: ${error.message}` }, error));
    });
    worker.once('exit', (code) => {
      // After an answer this says nothing any more.
      reject(new FlashError('internal', { detail: `the reading thread ended without an answer (${code})` }));
    });
  });
}
