// A board that is sent into flash mode and comes back on another port: told by its port, by a number of its own, or asked for.
import { describe, expect, it } from 'vitest';
import { createBoard } from '../../main/bench/boards/registry.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import type { Choose } from '../../main/jobs/request.ts';
import type { ChoiceQuestion } from '../../shared/choice-question.ts';
import { dfuseImage, flashRequest, makeRig, program, type Rig } from '../support/rig.ts';

const bytes = program(20_000);
const image = dfuseImage([{ address: 0x0800_0000, bytes }]);
const evidence = 'USB 0483:df11, DfuSe 1.1a';

interface Moving extends Rig {
  /** A NanoVNA-H in flash mode, not plugged in yet. */
  readonly loader: () => VirtualBoard;
  readonly flash: (choose?: Choose) => ReturnType<Rig['run']>;
  /** What was asked, in order. */
  readonly asked: ChoiceQuestion[];
}

/** A NanoVNA-H runs on 1-1. The moment it leaves for flash mode a hand pulls it there, and `then` what it does. */
function moving(then: (rig: Moving) => void): Moving {
  const rig = makeRig('nanovna-h', { startIn: 'app', timeScale: 0 });
  const asked: ChoiceQuestion[] = [];
  const moved: Moving = {
    ...rig,
    asked,
    loader: () => createBoard('nanovna-h', { clock: rig.clock, timeScale: 0 }),
    flash: (choose) =>
      rig.run(flashRequest([image]), {
        choose:
          choose === undefined
            ? undefined
            : (question, withdrawn) => {
                asked.push(question);
                return choose(question, withdrawn);
              },
      }),
  };
  let gone = false;
  rig.port.onChange(() => {
    if (gone || rig.port.device !== undefined) return;
    gone = true;
    rig.port.unplug();
    then(moved);
  });
  return moved;
}

const holds = (board: VirtualBoard): boolean =>
  Buffer.from(board.flash.subarray(0, bytes.length)).equals(bytes);

/** Answers when nothing else happens any more but by the clock. */
const after =
  (rig: () => Rig, ms: number, act: () => void = () => undefined) =>
  (answer: string | undefined): Choose =>
  (_question, withdrawn) =>
    new Promise((resolve) => {
      withdrawn.addEventListener('abort', () => resolve(undefined), { once: true });
      rig().clock.after(ms, () => {
        act();
        resolve(answer);
      });
    });

describe('a board that comes back on another port', () => {
  it('is asked for, and the job goes on there with the one that was chosen', async () => {
    let board: VirtualBoard | undefined;
    const rig = moving(({ bench, loader }) => bench.plug((board = loader()), '1-2'));
    const result = await rig.flash(() => Promise.resolve('1-2'));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, portPath: '1-2' });
    expect(rig.asked).toEqual([
      { id: 'which-board', board: 'NanoVNA-H', portPath: '1-1', choices: [{ id: '1-2', evidence }] },
    ]);
    expect(board !== undefined && holds(board)).toBe(true);
    const ports = rig.events.flatMap((event) => (event.type === 'board' ? [event.portPath] : []));
    expect(ports).toEqual(['1-1', '1-2']);
    const place = { bus: rig.bench.bus.name, portPath: '1-1' };
    expect(rig.services.tracker.isNumberOf(place, 'anything')).toBe(false);
  });

  it('beside another of its kind: both are named, and only the chosen one is touched', async () => {
    const boards: VirtualBoard[] = [];
    const rig = moving(({ bench, loader }) => {
      for (const portPath of ['1-2', '1-3']) {
        const board = loader();
        boards.push(board);
        bench.plug(board, portPath);
      }
    });
    const before = () => boards.map((board) => [...board.flash]);
    let blank: number[][] = [];
    const result = await rig.flash(() => {
      blank = before();
      return Promise.resolve('1-3');
    });
    expect(result).toMatchObject({ outcome: 'done', portPath: '1-3' });
    expect(rig.asked[0]?.choices).toEqual([
      { id: '1-2', evidence },
      { id: '1-3', evidence },
    ]);
    expect(before()[0]).toEqual(blank[0]);
    expect(boards.map(holds)).toEqual([false, true]);
  });

  it('is the one on its own port without a question, whatever else comes', async () => {
    const other = moving(({ bench, loader, clock, port }) => {
      bench.plug(loader(), '1-2');
      clock.after(2_000, () => bench.plug(loader(), port.portPath));
    });
    const result = await other.flash(() => Promise.reject(new Error('asked')));
    expect(result).toMatchObject({ outcome: 'done', portPath: '1-1' });
    expect(other.asked).toEqual([]);
  });

  it('is none of those that stood on their ports when it left', async () => {
    const rig = moving(({ bench }) => bench.replug('1-2'));
    rig.bench.plug(rig.loader(), '1-2');
    const request = flashRequest([image], { selection: { waitMs: 0, device: '1-1' } });
    const result = await rig.run(request, { choose: () => Promise.reject(new Error('asked')) });
    // Nobody came to its port, by hand neither.
    expect(result).toMatchObject({ content: { kind: 'untouched' }, error: { code: 'arm.nothing-came' } });
    const tried = rig.events.flatMap((event) => (event.type === 'tried' ? [event.tried.code] : []));
    expect(tried).toEqual(['device.not-returned']);
  });
});

describe('the question which board it is', () => {
  it('answered with none of them, ends the job; nothing was touched', async () => {
    const boards: VirtualBoard[] = [];
    const rig = moving(({ bench, loader }) => {
      boards.push(loader());
      bench.plug(boards[0] as VirtualBoard, '1-2');
    });
    const result = await rig.flash(() => Promise.resolve(undefined));
    expect(result).toMatchObject({
      outcome: 'cancelled',
      content: { kind: 'untouched' },
      error: { code: 'question.declined', params: { question: 'which-board' } },
    });
    expect(boards.map(holds)).toEqual([false]);
  });

  it('with nobody to ask is a refusal that names what there is', async () => {
    const rig = moving(({ bench, loader }) => {
      bench.plug(loader(), '1-2');
      bench.plug(loader(), '1-3');
    });
    expect(await rig.flash()).toMatchObject({
      content: { kind: 'untouched' },
      error: {
        code: 'device.elsewhere',
        params: { portPath: '1-1', found: ['1-2  USB 0483:df11', '1-3  USB 0483:df11'] },
      },
    });
  });

  it('is withdrawn when a candidate goes, and asked anew about those that are left', async () => {
    const rig: Moving = moving(({ bench, loader }) => {
      bench.plug(loader(), '1-2');
      bench.plug(loader(), '1-3');
    });
    const slow = after(() => rig, 60_000);
    const result = await rig.flash((question, withdrawn) => {
      if (question.choices.length === 1) return Promise.resolve('1-3');
      rig.clock.after(5_000, () => rig.bench.unplug('1-2'));
      return slow('1-2')(question, withdrawn);
    });
    expect(result).toMatchObject({ outcome: 'done', portPath: '1-3' });
    expect(rig.asked.map(({ choices }) => choices.map(({ id }) => id))).toEqual([['1-2', '1-3'], ['1-3']]);
  });

  it('is over when the board comes to its own port', async () => {
    const rig: Moving = moving(({ bench, loader }) => bench.plug(loader(), '1-2'));
    const result = await rig.flash((question, withdrawn) => {
      rig.clock.after(5_000, () => rig.bench.plug(rig.loader(), '1-1'));
      return after(() => rig, 60_000)('1-2')(question, withdrawn);
    });
    expect(result).toMatchObject({ outcome: 'done', portPath: '1-1' });
    expect(rig.asked).toHaveLength(1);
  });

  it('chosen the moment it is pulled: nothing is done to what is not there', async () => {
    const rig: Moving = moving(({ bench, loader }) => bench.plug(loader(), '1-2'));
    const result = await rig.flash(
      after(
        () => rig,
        1_000,
        () => rig.bench.unplug('1-2'),
      )('1-2'),
    );
    expect(result).toMatchObject({ content: { kind: 'untouched' } });
    expect(result.outcome).not.toBe('done');
    expect(result.error?.code).not.toBe('internal');
    expect(rig.asked).toHaveLength(1);
  });

  it.each(['stop', 'abort'] as const)('ends with the job that is told to %s', async (how) => {
    const rig: Moving = moving(({ bench, loader }) => bench.plug(loader(), '1-2'));
    rig.clock.after(60_000, () => rig[how].abort());
    const result = await rig.flash(
      (_question, withdrawn) =>
        new Promise((resolve) =>
          withdrawn.addEventListener('abort', () => resolve(undefined), { once: true }),
        ),
    );
    expect(result).toMatchObject({ outcome: 'cancelled', content: { kind: 'untouched' } });
  });
});
