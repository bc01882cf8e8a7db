// Questions, with somebody at the terminal and without.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { terminalAsk } from '../../main/cli/ask.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import type { Plan, PlanQuestion } from '../../shared/plan.ts';

const plan: Plan = {
  board: 'STM32F072',
  portPath: '1-1',
  virtual: true,
  protocol: 'dfuse',
  images: [{ name: 'evil\u001b[2J.bin', bytes: 4, sha256: '' }],
  steps: [{ step: 'back-up' }],
  regions: [],
  warnings: [],
  questions: [],
  refusals: [],
  checks: [],
  memories: [],
  leaveAddress: undefined,
  estimateMs: undefined,
  hash: '',
};

const questions: readonly PlanQuestion[] = [
  { id: 'confirm', flag: '--yes' },
  { id: 'go-without-backup', flag: '--no-backup' },
  { id: 'write-as-raw', flag: '--as-raw' },
];
const [confirm] = questions as [PlanQuestion];

function terminal(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  let shown = '';
  output.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  return { input, output, shown: () => shown };
}

/** What one question comes to when these keys are pressed. */
async function answered(keys: string, signal = new AbortController().signal): Promise<boolean | string> {
  const there = terminal(true);
  const answer = terminalAsk({ yes: false, json: false, signal }, there)(confirm, plan);
  there.input.write(keys);
  return await answer.catch((error: unknown) => (isFlashError(error) ? error.code : String(error)));
}

async function refusal(question: PlanQuestion, options: { yes: boolean; json: boolean }, isTTY: boolean) {
  const ask = terminalAsk({ ...options, signal: new AbortController().signal }, terminal(isTTY));
  const error: unknown = await ask(question, plan).catch((thrown: unknown) => thrown);
  return isFlashError(error, 'question.unanswered') ? error.params.flag : error;
}

describe('without a terminal', () => {
  it.each(questions)('$id is a refusal that names $flag', async (question) => {
    expect(await refusal(question, { yes: false, json: false }, false)).toBe(question.flag);
    expect(await refusal(question, { yes: false, json: true }, true)).toBe(question.flag);
  });

  it('--yes answers the confirmation, and never a danger', async () => {
    expect(await refusal(confirm, { yes: true, json: false }, false)).toBe(true);
    for (const danger of questions.slice(1))
      expect(await refusal(danger, { yes: true, json: false }, false)).toBe(danger.flag);
  });
});

describe('on a terminal', () => {
  it('only a yes is a yes', async () => {
    for (const yes of ['y\r', 'Y\r', 'yes\r', ' Yes \r']) expect(await answered(yes)).toBe(true);
    for (const no of ['\r', 'n\r', 'yep\r', 'sure\r']) expect(await answered(no)).toBe(false);
  });

  it('Ctrl-C and Ctrl-D stop, and are no mistake of ours', async () => {
    expect(await answered('\u0003')).toBe('job.stopped');
    expect(await answered('\u0004')).toBe('job.stopped');
  });

  it('a stop from outside ends a question nobody answers', async () => {
    const stop = new AbortController();
    const answer = answered('', stop.signal);
    stop.abort();
    expect(await answer).toBe('job.stopped');
  });

  it('a name from a file cannot repaint it', async () => {
    const there = terminal(true);
    const ask = terminalAsk({ yes: false, json: false, signal: new AbortController().signal }, there);
    there.input.write('n\r');
    await ask(confirm, plan);
    expect(there.shown()).toContain('evil[2J.bin');
  });
});
