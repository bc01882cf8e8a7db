// The store's thread: takes calls as they come and does all that wait in one commit. Started by `store.ts`.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { StoreFile, type AnyCall } from '../store/store-door.ts';
import type { StoreAnswer, StoreQuestion, StoreThreadData } from './store.ts';

const { file, busyMs } = workerData as StoreThreadData;
const port = parentPort;
if (port === null) throw new Error('this is no thread');

const answer = (message: StoreAnswer): void => port.postMessage(message);
const store = new StoreFile(file, { busyMs, now: () => new Date() }, (notice) => answer({ notice }));

/** Most calls of one commit: an answer must not wait for a crowd without end. */
const mostCalls = 1_000;

port.on('message', (first: StoreQuestion) => {
  const questions = [first];
  // What came while the last commit was synced is done in the next one, together.
  while (questions.length < mostCalls) {
    const next = receiveMessageOnPort(port) as { message: StoreQuestion } | undefined;
    if (next === undefined) break;
    questions.push(next.message);
  }
  const calls = questions.flatMap((question) =>
    'call' in question ? [question.call satisfies AnyCall] : [],
  );
  const outcomes = calls.length === 0 ? [] : store.run(calls);
  for (const question of questions) {
    if (!('call' in question)) continue;
    const outcome = outcomes.shift();
    if (outcome === undefined) continue;
    const { id } = question;
    if ('value' in outcome) answer({ id, value: outcome.value });
    else answer({ id, code: outcome.error.code, params: outcome.error.params });
  }
  if (questions.some((question) => 'end' in question)) {
    store[Symbol.dispose]();
    port.close();
  }
});
