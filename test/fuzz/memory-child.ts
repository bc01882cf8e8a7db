// Reads one file and says how much memory that took: peak over what was held before, the file itself included there.
import { readFileSync } from 'node:fs';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { readImage } from '../../main/images/registry.ts';

const [path = '', name = ''] = process.argv.slice(2);
const file = new Uint8Array(readFileSync(path));
globalThis.gc?.();
const before = process.memoryUsage().rss;
const started = performance.now();
let outcome: string;
try {
  outcome = readImage(file, name).format;
} catch (error) {
  if (!isFlashError(error)) throw error;
  outcome = error.code;
}
const ms = performance.now() - started;
// The peak is the process's, in KiB; reading that stays below what starting took costs nothing.
const peak = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ outcome, ms, bytes: file.length, growth: Math.max(0, peak - before) }));
