// A question with several answers: what nobody can know but a person.
import type { PlanQuestion } from './plan.ts';

/** One of several things: a port as people see it, and what stands there. */
export interface Choice {
  /** A USB port path, or a serial port as the system calls it. */
  readonly id: string;
  /** `USB 0483:df11, DfuSe 1.1a`; empty where nothing is known of it. */
  readonly evidence: string;
}

/** Texts in `shared/text/choices.ts`. */
export interface ChoiceQuestion {
  /**
   * `which-board`: it left its port, and what came to others may be it. `which-serial-port`: the system does not say
   * which of them is the board's.
   */
  readonly id: 'which-board' | 'which-serial-port';
  /** What the board is called, and the port where it stood. */
  readonly board: string;
  readonly portPath: string;
  readonly choices: readonly Choice[];
}

/** Whether this answers it: yes or no, the id of a choice, or no for none of them. */
export function isAnswerTo(question: PlanQuestion | ChoiceQuestion, answer: boolean | string): boolean {
  if (!isChoice(question)) return typeof answer === 'boolean';
  return answer === false || question.choices.some(({ id }) => id === answer);
}

/** Whether it is no question of yes or no. */
export function isChoice(question: PlanQuestion | ChoiceQuestion): question is ChoiceQuestion {
  return 'choices' in question;
}
