// Words for questions with several answers.
import type { Choice, ChoiceQuestion } from '../choice-question.ts';

/** What is asked, and why nobody else can know. */
export function choiceText({ id, board, portPath }: ChoiceQuestion): { title: string; why: string } {
  switch (id) {
    case 'which-board':
      return {
        title: `Which of these is ${board} now?`,
        why: `It left port ${portPath} for flash mode. What has come to other ports since then may be it, or another of its kind; only what you choose is touched.`,
      };
    case 'which-serial-port':
      return {
        title: `Which of these serial ports is the one of ${board}?`,
        why: `The system does not say which of them belongs to the board at port ${portPath}. What you choose is opened, and told to go into flash mode.`,
      };
  }
}

/** One line for one choice. */
export function choiceLabel({ id }: ChoiceQuestion, choice: Choice): string {
  const where = id === 'which-board' ? `Port ${choice.id}` : choice.id;
  return choice.evidence === '' ? where : `${where}: ${choice.evidence}`;
}

export const choiceWords = {
  none: 'None of these',
  /** In a terminal, where choices are numbered. */
  prompt: (count: number): string =>
    count === 1 ? '1, or Enter for none of these' : `1 to ${count}, or Enter for none of these`,
  notOne: 'That is none of the numbers.',
  withdrawn: 'What is plugged in has changed; the question is looked at again.',
} as const;
