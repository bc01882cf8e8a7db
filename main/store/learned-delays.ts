// How long boards take on this computer from power to being seen: one small file, learned as it goes. It only ever makes
// words more exact, so nothing about it is worth an error.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { limits } from '../../shared/limits.ts';
import type { Log } from '../log/log.ts';
import { readFileBounded, writeFileAtomically } from './atomic-file.ts';

const mostBytes = 64 * 1024;
/** A new measurement counts this much: one slow plug is not what is usual. */
const weight = 0.3;

const delay = v.pipe(v.number(), v.minValue(0), v.maxValue(limits.learnedDelayMs));
const profileId = v.pipe(v.string(), v.minLength(1), v.maxLength(60));
const tableSchema = v.pipe(v.record(profileId, delay), v.maxEntries(limits.learnedDelays));

/** Delays by profile, ms. */
export class LearnedDelays {
  readonly #file: string;
  readonly #delays: Map<string, number>;
  readonly #complain: (why: string) => void;
  #last: Promise<void> = Promise.resolve();

  private constructor(file: string, delays: Map<string, number>, complain: (why: string) => void) {
    this.#file = file;
    this.#delays = delays;
    this.#complain = complain;
  }

  /** What was learned before; nothing where there is no file, or one that makes no sense. Never throws. */
  static async open(file: string, complain: (why: string) => void): Promise<LearnedDelays> {
    return new LearnedDelays(file, await readDelays(file), complain);
  }

  /** ms; undefined where it was never measured. */
  usual(profile: string): number | undefined {
    return this.#delays.get(profile);
  }

  /** Takes a measurement in, and keeps it on disk as well as the disk lets it. Nonsense is left out. */
  note(profile: string, delayMs: number): void {
    if (!v.is(delay, delayMs) || !v.is(profileId, profile)) return;
    const before = this.#delays.get(profile);
    const usual = before === undefined ? delayMs : before + weight * (delayMs - before);
    // The newest goes to the end, the oldest makes room.
    this.#delays.delete(profile);
    this.#delays.set(profile, Math.round(usual));
    const [oldest] = this.#delays.keys();
    if (this.#delays.size > limits.learnedDelays && oldest !== undefined) this.#delays.delete(oldest);
    this.#last = this.#last.then(() => this.#save());
  }

  /** When all that was noted is on disk, or could not be put there. */
  saved(): Promise<void> {
    return this.#last;
  }

  async #save(): Promise<void> {
    const text = `${JSON.stringify(Object.fromEntries(this.#delays), null, 2)}\n`;
    try {
      await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      await writeFileAtomically(this.#file, new TextEncoder().encode(text), { exclusive: false });
    } catch (error) {
      this.#complain(error instanceof Error ? error.message : String(error));
    }
  }
}

async function readDelays(file: string): Promise<Map<string, number>> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(await readFileBounded(file, mostBytes)));
    return new Map(Object.entries(v.parse(tableSchema, parsed)));
  } catch {
    return new Map();
  }
}

/** Those of this computer: beside the settings, which all its shells share. */
export async function openDelays(host: {
  readonly paths: { readonly settings: string };
  readonly log: Log;
}): Promise<LearnedDelays> {
  const file = path.join(path.dirname(host.paths.settings), 'delays.json');
  return await LearnedDelays.open(file, (why) =>
    host.log.write('warn', 'delays', `what was learned cannot be kept: ${why}`),
  );
}
