// A NanoVNA from its running program to the new one: what it said and kept before is with the job that writes it.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startWait } from '../../main/base/wait.ts';
import { nanovnaProgram, type NanovnaModel } from '../../main/bench/boards/nanovna-program.ts';
import type { BoardName } from '../../main/bench/boards/registry.ts';
import { readImage } from '../../main/images/registry.ts';
import { JobContext } from '../../main/jobs/context.ts';
import { hearBefore } from '../../main/jobs/families/hear.ts';
import { remember, type Heard } from '../../main/jobs/families/heard.ts';
import { findBoards } from '../../main/jobs/survey.ts';
import { flashRequest, makeRig, type Rig } from '../support/rig.ts';
import { openTerminal } from './terminal.ts';

const request = (model: NanovnaModel, version: string) =>
  flashRequest(
    [readImage(nanovnaProgram({ family: 'dislord', model, version }, undefined, 9), `${model}.bin`)],
    { address: 0x0800_0000 },
  );

/** As a job does before it takes the board out of its program. */
async function listenTo(rig: Rig, stop = new AbortController()): Promise<Heard | undefined> {
  const wait = startWait(rig.clock, 120_000);
  const emit = (): void => undefined;
  const control = { stop: stop.signal, abort: rig.abort.signal, emit, ask: () => Promise.resolve(true) };
  const record = rig.services.journal.record(request('NanoVNA-H', '0.0.1'), emit);
  const context = new JobContext(rig.services, control, wait, record);
  const [sighting] = await findBoards(rig.services, { waitMs: 0 }, wait);
  if (sighting === undefined) throw new Error('no board');
  return await hearBefore(context, sighting, true);
}

/** As the way in by its shell does. */
async function enterByShell(rig: Rig, heard: Heard | undefined): Promise<void> {
  await using terminal = await openTerminal(rig);
  await terminal.type('reset dfu\r');
  await new Promise<void>((resolve) => rig.clock.after(3_000, resolve));
  const [facts] = await rig.bench.bus.list(startWait(rig.clock, 1_000));
  if (facts?.productId !== 0xdf11) throw new Error('not in flash mode');
  if (heard !== undefined) remember(rig.services.heard, rig.bench.bus, facts, heard);
}

describe('a NanoVNA that ran its program', () => {
  it.each<[BoardName, NanovnaModel, number]>([
    ['nanovna-h', 'NanoVNA-H', 5],
    ['nanovna-h4', 'NanoVNA-H4', 7],
  ])('%s: calibration beside the backup, info compared', async (name, model, slots) => {
    const rig = makeRig(name, { startIn: 'app' });
    const heard = await listenTo(rig);
    expect(heard?.extra?.facts).toEqual([
      {
        code: 'calibration-read',
        slots: Array.from({ length: slots }, (_, index) => index),
        restored: 'as-it-was',
      },
    ]);
    await enterByShell(rig, heard);
    const result = await rig.run(request(model, '1.2.46'));
    expect(result).toMatchObject({
      outcome: 'done',
      board: model,
      content: { kind: 'verified' },
      app: 'running',
      says: {
        before: { versions: [{ of: 'NanoVNA', version: '1.2.40' }] },
        after: { versions: [{ of: 'NanoVNA', version: '1.2.46' }] },
        verdict: 'as-the-file-says',
      },
    });
    const [place = ''] = result.backup?.beside ?? [];
    expect(place).toBe((result.backup?.path ?? '').replace(/\.dfu$/, '.calibration.txt'));
    const text = await readFile(place, 'utf8');
    for (let slot = 0; slot < slots; slot++) expect(text).toContain(`[slot ${slot}]`);
    // Slot 1 has its own numbers; slot 2 and those after it are empty.
    expect(text).toMatch(/\[slot 1\]\nsweep 50002 /);
    expect(text).toMatch(/\[slot 2\]\n# it said: Err, default load/);
  });

  it('and is not newer than what is installed asks before it goes back', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.46' });
    await enterByShell(rig, await listenTo(rig));
    const asked: string[] = [];
    const ask = (question: { id: string }): Promise<boolean> => {
      asked.push(question.id);
      return Promise.resolve(true);
    };
    await rig.run(request('NanoVNA-H', '1.2.40'), { ask });
    expect(asked).toContain('install-older');
  });

  it('and was pulled while it was listened to is done without', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'app' });
    rig.clock.after(5, () => rig.port.act({ act: 'unplug' }));
    const heard = await listenTo(rig);
    expect(heard?.extra?.files ?? []).toEqual([]);
  });

  it('and is stopped while it is listened to ends the job', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'app' });
    const stop = new AbortController();
    rig.clock.after(5, () => stop.abort());
    await expect(listenTo(rig, stop)).rejects.toMatchObject({ code: 'job.stopped' });
  });

  it('is not taken for the board that comes to its port later', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'app' });
    await enterByShell(rig, await listenTo(rig));
    rig.port.act({ act: 'close-jumper', control: 'BOOT0 to VDD' });
    rig.port.replug();
    const result = await rig.run(request('NanoVNA-H', '1.2.46'));
    expect(result.outcome).toBe('done');
    expect(result.says?.before).toBeUndefined();
    expect(result.backup?.beside).toBeUndefined();
  });
});
