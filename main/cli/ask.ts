// Questions. Without a terminal each is a refusal that names the option which answers it.
import { createInterface } from 'node:readline/promises';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Ask } from '../../shared/job-events.ts';
import { questionText } from '../../shared/text/plan.ts';
import { cleanText } from '../../shared/text/clean.ts';

/**
 * @param options.yes answers the confirmation of the plan, and never a danger
 * @param options.signal ends a question nobody answers
 */
export function terminalAsk(options: { yes: boolean; json: boolean; signal: AbortSignal }): Ask {
  return async (question, plan) => {
    if (question.id === 'confirm' && options.yes) return true;
    const text = cleanText(questionText(question, plan));
    const someoneThere = process.stdin.isTTY && process.stderr.isTTY && !options.json;
    if (!someoneThere) throw new FlashError('question.unanswered', { question: text, flag: question.flag });
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await terminal.question(`\n${text} [y/N] `, { signal: options.signal });
      return /^y(es)?$/i.test(answer.trim());
    } catch (error) {
      if (options.signal.aborted) throw new FlashError('job.stopped', {}, error);
      throw error;
    } finally {
      terminal.close();
    }
  };
}
