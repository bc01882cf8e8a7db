// A hand that knows nothing but what the page says: it reads what is due, and moves the board on the bench accordingly.
import type { Page } from 'playwright-core';
import type { Bench } from '../../main/bench/bench.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import type { GuideStep, Profile } from '../../shared/profile.ts';
import { guideStepText } from '../../shared/text/guide.ts';

/** More than any board takes here, ms. */
const limitMs = 90_000;

/** What is done where a sentence asks for it; undefined where it asks for no movement. */
function actionOf(step: GuideStep): BenchAction | undefined {
  switch (step.verb) {
    case 'press':
    case 'hold':
    case 'let-go':
      return { act: step.verb, control: step.control };
    case 'unplug':
      return { act: 'unplug' };
    case 'plug-in':
      return { act: 'plug' };
    case 'switch-off':
    case 'switch-on':
      return { act: step.verb };
    case 'set-switch':
      return { act: 'switch', control: step.control, to: step.to };
    case 'close-jumper':
    case 'open-jumper':
      return { act: step.verb, control: step.control };
    case 'choose-on-screen':
      return { act: 'choose', path: [...step.path] };
    case 'wait':
    case 'do-not-unplug':
      return undefined;
  }
}

/** Every sentence a profile may have said to a hand. */
function sentencesOf(profile: Profile): ReadonlyMap<string, GuideStep> {
  const steps = profile.ways.flatMap((way) => (way.kind === 'by-hand' ? [...way.steps, ...way.after] : []));
  return new Map([...steps, ...profile.after].map((step) => [guideStepText(step), step]));
}

/** What the page shows to a hand at a moment: read in one go, as what is due when a job has ended is another list's. */
interface Shown {
  readonly ended: boolean;
  readonly due: readonly string[];
  readonly letGo: string | undefined;
  readonly tries: string;
}

function look(page: Page): Promise<Shown> {
  return page.evaluate(() => ({
    ended: document.querySelector('[data-tick]') !== null,
    due: [...document.querySelectorAll('[data-step=now] [data-sentence]')].map((one) =>
      one.textContent.trim(),
    ),
    letGo: document.querySelector('[data-hold=now] strong')?.textContent.trim(),
    tries: document.querySelector('[data-tries]')?.textContent ?? '',
  }));
}

/**
 * Whether something is still held on the board of a port. "Let go now" is said until all is written, and that may be over
 * before anybody looks: a board that stands still until then has the word seen, and obeyed, at any speed.
 */
export function stillHeld(bench: Bench): (portPath: string) => boolean {
  return (portPath) => heldOn(bench, portPath) !== undefined;
}

function heldOn(bench: Bench, portPath: string): string | undefined {
  const controls = bench.ports.find((port) => port.portPath === portPath)?.board?.controls;
  const held = controls?.find((one) => one.kind === 'button' && one.held);
  return held?.kind === 'button' ? held.name : undefined;
}

/** The hand of one person at one port. */
export class Hand {
  readonly #page: Page;
  readonly #bench: Bench;
  readonly #portPath: string;
  readonly #sentences: ReadonlyMap<string, GuideStep>;
  /** What it did, in order. */
  readonly did: string[] = [];

  constructor(page: Page, bench: Bench, portPath: string, profile: Profile) {
    this.#page = page;
    this.#bench = bench;
    this.#portPath = portPath;
    this.#sentences = sentencesOf(profile);
  }

  act(...actions: readonly BenchAction[]): void {
    for (const action of actions) {
      this.did.push(action.act);
      this.#bench.act(this.#portPath, action);
    }
  }

  /** Does what the sentences of a list say, one after the other. @throws Error for one it does not understand */
  obey(sentences: readonly string[]): void {
    for (const sentence of sentences) {
      const step = this.#sentences.get(sentence);
      if (step === undefined) throw new Error(`no movement is called "${sentence}"`);
      const action = actionOf(step);
      if (action !== undefined) this.act(action);
    }
  }

  /** Does what is due, each once a try, until the page shows that the job has ended. @throws Error when that does not come */
  async follow(): Promise<void> {
    const endMs = Date.now() + limitMs;
    let done = new Set<string>();
    let tries = '';
    let letGo = false;
    for (let shown = await look(this.#page); !shown.ended; shown = await look(this.#page)) {
      if (Date.now() > endMs) throw new Error(`followed in vain; it did ${this.did.join(', ')}`);
      if (shown.tries !== tries) done = new Set();
      tries = shown.tries;
      const anew = shown.due.filter((sentence) => !done.has(sentence));
      for (const sentence of anew) done.add(sentence);
      // Letting go is said in words of its own, the moment it is due.
      this.obey(anew.filter((sentence) => this.#sentences.get(sentence)?.verb !== 'let-go'));
      const held = heldOn(this.#bench, this.#portPath);
      if (shown.letGo !== undefined && held !== undefined && !letGo) {
        this.act({ act: 'let-go', control: held });
        letGo = true;
      } else if (shown.letGo === undefined) letGo = false;
      await this.#page.waitForTimeout(40);
    }
  }
}
