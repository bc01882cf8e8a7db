// Questions. Without a terminal each is a refusal that names the option which answers it.
import { createInterface } from 'node:readline/promises';
import type { Choose } from '../core.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Ask } from '../../shared/job-events.ts';
import { questionText } from '../../shared/text/plan.ts';
import { choiceLabel, choiceText, choiceWords } from '../../shared/text/choices.ts';
import { cleanText } from '../../shared/text/clean.ts';

/** Where a person reads and types. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

export const processTerminal: Terminal = { input: process.stdin, output: process.stderr };

/** Whether somebody reads and types there. */
function isSomeoneThere({ input, output }: Terminal, json: boolean): boolean {
  return input.isTTY === true && output.isTTY === true && !json;
}

/**
 * @param options.yes answers the confirmation of the plan, and never a danger
 * @param options.signal ends a question nobody answers
 * The answer throws FlashError `question.unanswered` with nobody there, and `job.stopped` when the question is
 * ended instead of answered: Ctrl-C (the terminal hands it to us and not to the system while a line is read) or Ctrl-D.
 */
export function terminalAsk(
  options: { yes: boolean; json: boolean; signal: AbortSignal },
  terminal: Terminal = processTerminal,
): Ask {
  return async (question, plan) => {
    if (question.id === 'confirm' && options.yes) return true;
    const text = cleanText(questionText(question, plan));
    if (!isSomeoneThere(terminal, options.json))
      throw new FlashError('question.unanswered', { question: text, flag: question.flag });
    const answer = await readLine(terminal, `\n${text} [y/N] `, options.signal);
    return /^y(es)?$/i.test(answer.trim());
  };
}

/**
 * Choices, numbered; undefined where there is nobody to ask.
 * @param options.signal ends a question nobody answers
 * The answer throws FlashError `job.stopped` when the question is ended instead of answered.
 */
export function terminalChoose(
  { json, signal }: { json: boolean; signal: AbortSignal },
  terminal: Terminal = processTerminal,
): Choose | undefined {
  if (!isSomeoneThere(terminal, json)) return undefined;
  return async (question, withdrawn) => {
    const { title, why } = choiceText(question);
    const { choices } = question;
    const lines = choices.map((choice, index) => `  ${index + 1}  ${choiceLabel(question, choice)}`);
    terminal.output.write(`\n${[title, why, ...lines].map(cleanText).join('\n')}\n`);
    const over = AbortSignal.any([signal, withdrawn]);
    for (;;) {
      try {
        const answer = (await readLine(terminal, `${choiceWords.prompt(choices.length)}: `, over)).trim();
        const chosen = /^\d{1,3}$/.test(answer) ? choices[Number(answer) - 1] : undefined;
        if (answer === '' || chosen !== undefined) return chosen?.id;
        terminal.output.write(`${choiceWords.notOne}\n`);
      } catch (error) {
        if (!withdrawn.aborted || signal.aborted) throw error;
        terminal.output.write(`\n${choiceWords.withdrawn}\n`);
        return undefined;
      }
    }
  };
}

/** @throws FlashError `job.stopped` by the signal, by Ctrl-C and by Ctrl-D */
async function readLine(terminal: Terminal, prompt: string, signal: AbortSignal): Promise<string> {
  const line = createInterface(terminal);
  try {
    return await line.question(prompt, { signal });
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw new FlashError('job.stopped', {}, error);
    throw error;
  } finally {
    line.close();
  }
}
