// Sixteen boards side by side, against one alone: in-process, on a clock that stands still while we compute, so that what
// is compared is the time of the devices and of nothing else.
import { createBoard } from '../../main/bench/boards/registry.ts';
import { RunningJobs } from '../../main/jobs/running-jobs.ts';
import { silentLog } from '../../main/log/log.ts';
import { dfuseImage, flashRequest, makeRig, program } from './rig.ts';

const image = dfuseImage([{ address: 0x08000000, bytes: program(60 * 1024) }]);

export interface ManyFigures {
  /** Simulated ms of one board alone, and of each of sixteen. */
  readonly aloneMs: number;
  readonly togetherMs: readonly number[];
  /** How many of the sixteen ended verified. */
  readonly verified: number;
}

export async function sixteenBoards(): Promise<ManyFigures> {
  const alone = await flashBoards(1);
  const together = await flashBoards(16);
  return { aloneMs: alone.took[0] ?? Number.NaN, togetherMs: together.took, verified: together.verified };
}

async function flashBoards(count: number): Promise<{ took: number[]; verified: number }> {
  const rig = makeRig('nanovna-h');
  rig.port.unplug();
  const openLog = () => ({ ...silentLog, [Symbol.dispose]: () => undefined });
  const jobs = new RunningJobs(rig.services, openLog, 16);
  const ids = Array.from({ length: count }, (_, index) => {
    const portPath = `1-${3 + Math.floor(index / 4)}.${1 + (index % 4)}`;
    rig.bench.plug(createBoard('nanovna-h', { clock: rig.clock }), portPath);
    return jobs.start({
      kind: 'flash',
      request: flashRequest([image], { leave: false, selection: { device: portPath, waitMs: 0 } }),
      portPath,
      board: 'a board',
      virtual: true,
      files: [],
      consent: { planHash: undefined, questions: [] },
    });
  });
  const over = new AbortController();
  const answering = answerAll(jobs, over.signal);
  await Promise.all(ids.map((id) => jobs.ended(id)));
  over.abort();
  await answering;
  await rig.services.journal[Symbol.asyncDispose]();
  const results = jobs.snapshots.value.flatMap(({ result }) => result ?? []);
  const verified = results.filter(({ content }) => content.kind === 'verified').length;
  return { took: results.map(({ durationMs }) => durationMs), verified };
}

async function answerAll(jobs: RunningJobs, signal: AbortSignal): Promise<void> {
  for await (const all of jobs.snapshots.watch(signal))
    for (const { id, question } of all) if (question !== undefined) jobs.answer(id, question.id, true);
}
