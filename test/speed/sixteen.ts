// Sixteen boards at once in the guest, each against one alone, with data-sheet timing: in one boot, taking turns.
import { realClock } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { program } from '../support/rig.ts';
import { runBatch } from '../usb-vm/batch.ts';
import { linkBench } from '../usb-vm/bench-link.ts';
import { startGuest, type Guest } from '../usb-vm/guest.ts';
import { median } from './table.ts';

/** The seconds are those of the jobs, as they tell them; only the ratios compare between computers. */
export interface SixteenFigures {
  readonly aloneSeconds: number;
  readonly medianRatio: number;
  readonly worstRatio: number;
  /** Of all boards of the rounds with sixteen, how many ended verified. */
  readonly verified: number;
  readonly boards: number;
}

const together = 16;
const settleLimitMs = 120_000;
const batchLimitMs = 600_000;

/** @returns undefined where there is no guest, with the reason printed */
export async function sixteenInGuest(rounds: number): Promise<SixteenFigures | undefined> {
  const guest = await startGuest({ limitSeconds: 3_600 });
  if (!guest.available) {
    console.log(`Sixteen boards at once need a guest, and there is none: ${guest.reason}`);
    return undefined;
  }
  try {
    const alone: number[] = [];
    const each: number[] = [];
    let verified = 0;
    for (let round = 0; round < rounds; round++) {
      await guest.writeFile('/tmp/speed.bin', program(20 * 1024, 300 + round));
      alone.push(...(await flashBoards(guest, 1)).seconds);
      const many = await flashBoards(guest, together);
      each.push(...many.seconds);
      verified += many.verified;
    }
    const aloneSeconds = median(alone);
    return {
      aloneSeconds,
      medianRatio: median(each) / aloneSeconds,
      worstRatio: Math.max(...each) / aloneSeconds,
      verified,
      boards: rounds * together,
    };
  } finally {
    await guest.close();
  }
}

async function flashBoards(guest: Guest, count: number): Promise<{ seconds: number[]; verified: number }> {
  const bench = new Bench({ clock: realClock });
  for (let board = 0; board < count; board++) bench.plug(createBoard('nanovna-h', { clock: realClock }));
  await using link = await linkBench(guest, bench);
  await link.settled(settleLimitMs);
  const place = ['--address', '0x08000000', '--no-backup', '--no-leave'];
  const { units, contents } = await runBatch(guest, '/tmp/speed.bin', count, place, batchLimitMs);
  return {
    seconds: units.flatMap(({ state, seconds }) =>
      state === 'done' && seconds !== undefined ? [seconds] : [],
    ),
    verified: contents.filter((kind) => kind === 'verified').length,
  };
}

export function printSixteen({
  aloneSeconds,
  medianRatio,
  worstRatio,
  verified,
  boards,
}: SixteenFigures): void {
  console.log(
    `Sixteen boards at once in the guest, each against one alone (${aloneSeconds.toFixed(1)} s): ` +
      `median ${medianRatio.toFixed(2)}, slowest ${worstRatio.toFixed(2)}; ${verified} of ${boards} verified. ` +
      'The guest has one emulated processor.\n',
  );
}
