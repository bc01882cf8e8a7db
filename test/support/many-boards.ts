// Sixteen boards side by side, against one alone: in-process, on a clock that stands still while we compute, so that what
// is compared is the time of the devices and of nothing else.
import { createBoard } from '../../main/bench/boards/registry.ts';
import { dfuseImage, makeRig, program } from './rig.ts';
import { allEnded, jobOn, jobsOf } from './running.ts';

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
  const jobs = jobsOf(rig.services, 16);
  for (let index = 0; index < count; index++) {
    const portPath = `1-${3 + Math.floor(index / 4)}.${1 + (index % 4)}`;
    rig.bench.plug(createBoard('nanovna-h', { clock: rig.clock }), portPath);
    jobs.start(jobOn(portPath, image));
  }
  await allEnded(jobs);
  await rig.services.journal[Symbol.asyncDispose]();
  const results = jobs.snapshots.value.flatMap(({ result }) => result ?? []);
  const verified = results.filter(({ content }) => content.kind === 'verified').length;
  return { took: results.map(({ durationMs }) => durationMs), verified };
}
