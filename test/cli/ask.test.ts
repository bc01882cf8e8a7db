// Questions, with somebody at the terminal and without.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { terminalAsk, terminalChoose } from '../../main/cli/ask.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import type { ChoiceQuestion } from '../../shared/choice-question.ts';
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

describe('a question with choices', () => {
  const question: ChoiceQuestion = {
    id: 'which-board',
    board: 'evil\u001b[2J',
    portPath: '1-1',
    choices: [
      { id: '1-2', evidence: 'USB 0483:df11, DfuSe 1.1a' },
      { id: '1-3', evidence: '' },
    ],
  };
  const never = new AbortController().signal;

  /** What these lines come to, typed as they are asked for; and all that was shown. */
  async function chosen(keys: readonly string[], signal = never, withdrawn = never) {
    const there = terminal(true);
    const choose = terminalChoose({ json: false, signal }, there);
    if (choose === undefined) throw new Error('nobody there');
    const left = [...keys];
    there.output.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Enter for none')) there.input.write(left.shift() ?? '');
    });
    const answer = await choose(question, withdrawn).catch((error: unknown) =>
      isFlashError(error) ? error.code : String(error),
    );
    return { answer, shown: there.shown() };
  }

  it('is numbered, and answered by a number or by Enter for none', async () => {
    expect(await chosen(['2\r'])).toMatchObject({ answer: '1-3' });
    const { answer, shown } = await chosen([' 1 \r']);
    expect(answer).toBe('1-2');
    expect(shown).toContain('1  Port 1-2: USB 0483:df11, DfuSe 1.1a');
    expect(shown).toContain('2  Port 1-3\n');
    expect(shown).toContain('evil[2J');
    expect((await chosen(['\r'])).answer).toBeUndefined();
  });

  it('is put again where the answer is none of the numbers', async () => {
    const { answer, shown } = await chosen(['0\r', '3\r', '1-2\r', 'y\r', '2\r']);
    expect(answer).toBe('1-3');
    expect(shown.match(/none of the numbers/g)).toHaveLength(4);
  });

  it('is over when it is withdrawn, which is no stop; Ctrl-C and a stop are', async () => {
    const withdrawn = new AbortController();
    const open = chosen([], never, withdrawn.signal);
    withdrawn.abort();
    expect((await open).answer).toBeUndefined();
    expect((await chosen(['\u0003'])).answer).toBe('job.stopped');
    const stop = new AbortController();
    const stopped = chosen([], stop.signal);
    stop.abort();
    expect((await stopped).answer).toBe('job.stopped');
  });

  it('is not put where nobody is', () => {
    expect(terminalChoose({ json: false, signal: never }, terminal(false))).toBeUndefined();
    expect(terminalChoose({ json: true, signal: never }, terminal(true))).toBeUndefined();
  });
});
