// What a job gets from whoever watches it, and from its place in the queue: answers, words to the coach, ports, turns.
import type { ChoiceQuestion } from '../../shared/choice-question.ts';
import type { PlanQuestion } from '../../shared/plan.ts';
import { isArmed } from './new-job.ts';
import type { Queue } from './queue.ts';
import type { Choose, JobControl } from './request.ts';
import type { Running } from './running-job.ts';
import { turnsOf } from './turns.ts';

/** What a question needs of the job that asks. */
export interface Asker {
  readonly running: Running;
  readonly show: (question: PlanQuestion | ChoiceQuestion | undefined) => void;
  /** A job that waits for a person has its turn to give; undefined for one that has none. */
  readonly turns: NonNullable<JobControl['turns']> | undefined;
}

/** One job on its queue. @param show puts a question into the job's snapshot, or takes it back */
export function askerOf(queue: Queue, id: string, running: Running, show: Asker['show']): Asker {
  // A job that waits for its board anyway has no turn to give.
  return { running, show, turns: isArmed(running.job) ? undefined : turnsOf(queue, id, running) };
}

/** The parts of its control that those who watch it and the queue answer. */
export function controlOf(
  queue: Queue,
  id: string,
  asker: Asker,
): Pick<JobControl, 'choose' | 'onSay' | 'ports' | 'pause' | 'turns'> {
  const { running, turns } = asker;
  return {
    choose: running.job.asksNobody === true ? undefined : chooseThrough(asker),
    onSay: (listener) => {
      running.say = listener;
      return { [Symbol.dispose]: () => (running.say = undefined) };
    },
    ports: {
      claim: (portPath) => queue.claim(id, portPath),
      release: () => queue.unclaim(id, running.job.portPath),
      isFree: (portPath) => queue.isFree(id, portPath),
      follow: (portPath) => queue.follow(id, portPath),
    },
    pause: turnsOf(queue, id, running).pause,
    turns,
  };
}

function chooseThrough(asker: Asker): Choose {
  return async (question, withdrawn) => {
    const answer = await askThrough(asker, question, withdrawn);
    return typeof answer === 'string' ? answer : undefined;
  };
}

/**
 * Resolves once somebody has answered; with false when the job is ended, or `withdrawn`. Never rejects.
 * @returns yes or no, or the id of a choice
 */
export async function askThrough(
  { running, show, turns }: Asker,
  question: PlanQuestion | ChoiceQuestion,
  withdrawn?: AbortSignal,
): Promise<boolean | string> {
  if (running.stop.signal.aborted || withdrawn?.aborted === true) return false;
  turns?.give();
  const { promise, resolve } = Promise.withResolvers<boolean | string>();
  const withdraw = (): void => resolve(false);
  withdrawn?.addEventListener('abort', withdraw, { once: true });
  running.answer = resolve;
  show(question);
  const answer = await promise;
  withdrawn?.removeEventListener('abort', withdraw);
  running.answer = undefined;
  show(undefined);
  await turns?.take();
  return answer;
}
