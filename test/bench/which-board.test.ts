// Which board a job is for: known, told, asked for, refused; and by what name its plan and backup go.
import { describe, expect, it } from 'vitest';
import { sleep } from '../../main/base/clock.ts';
import { startWait } from '../../main/base/wait.ts';
import { createBoard, type BoardName } from '../../main/bench/boards/registry.ts';
import { pycomImage } from '../../main/bench/boards/pycom.ts';
import type { BackupRequest } from '../../main/jobs/request.ts';
import { findBoards } from '../../main/jobs/survey.ts';
import type { BoardReport } from '../../shared/board.ts';
import type { Plan } from '../../shared/plan.ts';
import { dfuseImage, flashRequest, makeRig, plainImage, program, type Rig } from '../support/rig.ts';

const image = dfuseImage([{ address: 0x08000000, bytes: program(20_000) }]);
/** A Pytrack whose program is bad stays in flash mode, a moment after it got power. */
const waitMs = 3_000;
const pytrackImage = plainImage(pycomImage(77));

async function look(rig: Rig, board?: string): Promise<BoardReport> {
  const [first] = await findBoards(rig.services, { waitMs: 0, profile: board }, startWait(rig.clock, 60_000));
  if (first === undefined) throw new Error('no board');
  return first.report;
}

const put = (rig: Rig, name: BoardName, portPath: string, startIn: 'app' | 'dfu'): void =>
  void rig.bench.plug(createBoard(name, { clock: rig.clock, startIn }), portPath);

function planOf(rig: Rig): Plan {
  const [plan] = rig.events.flatMap((event) => (event.type === 'plan' ? [event.plan] : []));
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

const backup = (board?: string): BackupRequest => ({
  kind: 'backup',
  selection: { waitMs: 0, profile: board },
  raw: false,
  leave: false,
  reset: false,
});

describe('a board is shown', () => {
  it('as what it proves to be, with its evidence', async () => {
    expect(await look(makeRig('nanovna-h', { startIn: 'app' }))).toMatchObject({
      mode: 'other',
      state: 'application',
      isBoard: true,
      name: 'NanoVNA-H',
      profile: 'nanovna-h',
      known: 'proven',
      likely: [],
    });
  });

  it('as what it may be where its marks are those of many', async () => {
    const report = await look(makeRig('nanovna-h', { startIn: 'dfu' }));
    expect(report).toMatchObject({ state: 'flash', name: 'STM32F072', profile: undefined, known: undefined });
    expect(report.evidence).toBe('USB 0483:df11, DfuSe 1.1a, 64 sectors of 2 KB');
    expect(report.candidates.map(({ profile, sure, generic }) => [profile, sure, generic])).toEqual([
      ['nanovna-h', false, false],
      ['stm32-rom', true, true],
    ]);
  });

  it('as what it was, when it comes into flash mode on its port, and by its own name on the way back', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'app' });
    await look(rig);
    put(rig, 'nanovna-h', '1-1', 'dfu');
    expect(await look(rig)).toMatchObject({ name: 'NanoVNA-H', profile: 'nanovna-h', known: 'kept' });
    put(rig, 'nanovna-h', '1-1', 'app');
    expect(await look(rig)).toMatchObject({ name: 'NanoVNA-H', known: 'proven' });
  });

  it('and what it was counts for nothing once its chip is another', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'app' });
    await look(rig);
    put(rig, 'stm32f405', '1-1', 'dfu');
    expect(await look(rig)).toMatchObject({ name: 'STM32F405 or F407', profile: undefined });
  });
});

describe('a job on a board that is known', () => {
  it('has its name in plan and backup, and nothing unproven', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'dfu' });
    const selection = { waitMs: 0, profile: 'nanovna-h' };
    const result = await rig.run(flashRequest([image], { selection }));
    expect(result).toMatchObject({ outcome: 'done', board: 'NanoVNA or NanoVNA-H' });
    expect(result.backup?.path).toContain('virtual-nanovna-h-');
    expect(planOf(rig).board).toBe('NanoVNA or NanoVNA-H');
    expect(planOf(rig).warnings.map(({ code }) => code)).not.toContain('identity-unproven');
  });

  it('has another plan than one on a board that is not', async () => {
    const hashes = [];
    for (const board of [undefined, 'nanovna-h']) {
      const rig = makeRig('nanovna-h', { startIn: 'dfu' });
      await rig.run(flashRequest([image], { dryRun: true, selection: { waitMs: 0, profile: board } }));
      hashes.push(planOf(rig).hash);
    }
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  it('has the same plan when it was away, however long: what was confirmed is not asked again', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'dfu' });
    const hashes = [];
    for (let look = 0; look < 2; look++) {
      await rig.run(flashRequest([image], { dryRun: true }));
      hashes.push(rig.events.flatMap((event) => (event.type === 'plan' ? [event.plan.hash] : [])).at(-1));
      rig.port.unplug();
      await sleep(rig.clock, 60_000);
      rig.port.replug();
      await sleep(rig.clock, waitMs);
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('takes the one board of several that can be it', async () => {
    const rig = makeRig('stm32f405');
    put(rig, 'nanovna-h', '1-2', 'dfu');
    const result = await rig.run(backup('nanovna-h'));
    expect(result).toMatchObject({ outcome: 'done', portPath: '1-2' });
  });
});

describe('a job is refused', () => {
  it('on a board that cannot be the one it is said to be, before anything is sent to it', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'dfu' });
    const result = await rig.run(flashRequest([image], { selection: { waitMs: 0, profile: 'nanovna-h4' } }));
    expect(result).toMatchObject({
      outcome: 'refused',
      error: { code: 'device.not-that-board', params: { portPath: '1-1', said: 'NanoVNA-H4' } },
    });
    expect(result.steps.find(({ step }) => step === 'identify')?.state).toBe('not-reached');
  });

  it('on one that is proven to be another', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'app' });
    const said = { waitMs: 0, profile: 'stm32-rom' };
    expect((await rig.run({ ...backup(), selection: said })).error?.code).toMatch(
      /^device\.(not-that-board|none)$/,
    );
  });

  it('for a board that no profile describes', async () => {
    const result = await makeRig('nanovna-h', { startIn: 'dfu' }).run(backup('nanovna-h5'));
    expect(result.error).toMatchObject({ code: 'usage' });
  });

  it('to flash one of two that look the same, and says what is printed on each', async () => {
    const rig = makeRig('pytrack', { badApplication: true });
    const result = await rig.run(flashRequest([pytrackImage], { selection: { waitMs } }));
    expect(result).toMatchObject({
      outcome: 'refused',
      error: {
        code: 'device.which-board',
        params: {
          choices: [
            { profile: 'pycom-pytrack', name: 'Pytrack' },
            { profile: 'pycom-pytrack-2x', name: 'Pytrack 2X', printed: 'Pytrack 2X' },
          ],
        },
      },
    });
  });

  it('but not once somebody said which; nor to read it', async () => {
    const rig = makeRig('pytrack', { badApplication: true });
    const selection = { waitMs, profile: 'pycom-pytrack-2x' };
    await rig.run(flashRequest([pytrackImage], { selection, dryRun: true }));
    expect(planOf(rig).board).toBe('Pytrack 2X');
    const read = await makeRig('pytrack', { badApplication: true }).run({
      ...backup(),
      selection: { waitMs },
    });
    expect(read.steps.find(({ step }) => step === 'identify')?.state).toBe('done');
  });
});
