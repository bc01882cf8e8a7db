// Questions. Without a terminal each is a refusal that names the option which answers it.
import { createInterface } from 'node:readline/promises';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Ask } from '../../shared/job-events.ts';
import { questionText } from '../../shared/text/plan.ts';
import { cleanText } from '../../shared/text/clean.ts';

/** Where a person reads and types. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * @param options.yes answers the confirmation of the plan, and never a danger
 * @param options.signal ends a question nobody answers
 * The answer throws FlashError `question.unanswered` with nobody there, and `job.stopped` when the question is
 * ended instead of answered: Ctrl-C (the terminal hands it to us and not to the system while a line is read) or Ctrl-D.
 */
export function terminalAsk(
  options: { yes: boolean; json: boolean; signal: AbortSignal },
  terminal: Terminal = { input: process.stdin, output: process.stderr },
): Ask {
  return async (question, plan) => {
    if (question.id === 'confirm' && options.yes) return true;
    const text = cleanText(questionText(question, plan));
    const someoneThere = terminal.input.isTTY === true && terminal.output.isTTY === true && !options.json;
    if (!someoneThere) throw new FlashError('question.unanswered', { question: text, flag: question.flag });
    const line = createInterface(terminal);
    try {
      const answer = await line.question(`\n${text} [y/N] `, { signal: options.signal });
      return /^y(es)?$/i.test(answer.trim());
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError')
        throw new FlashError('job.stopped', {}, error);
      throw error;
    } finally {
      line.close();
    }
  };
}
