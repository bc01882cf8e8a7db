// A NanoVNA and what its program has to say: who it is, what it keeps, and whether the new one came up.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startWait, type Wait } from '../../main/base/wait.ts';
import { nanovnaLayouts, type NanovnaFamily } from '../../main/bench/boards/nanovna-layout.ts';
import { nanovnaProgram, type NanovnaModel } from '../../main/bench/boards/nanovna-program.ts';
import type { BoardName } from '../../main/bench/boards/registry.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { readImage } from '../../main/images/registry.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { surveyBoards } from '../../main/jobs/survey.ts';
import { askBoards } from '../../main/jobs/families/ask-boards.ts';
import { keptIn } from '../../main/families/nanovna/layout.ts';
import type { FlashRequest } from '../../main/jobs/request.ts';
import { runAnyJob } from '../../main/jobs/run-any.ts';
import type { Services } from '../../main/jobs/services.ts';
import type { SerialPorts } from '../../main/transports/serial/serial-line.ts';
import type { Plan } from '../../shared/plan.ts';
import { resultText } from '../../shared/text/results.ts';
import { flashRequest, makeRig, type Rig } from '../support/rig.ts';

const at: Partial<FlashRequest> = { address: 0x0800_0000 };

function file(model: NanovnaModel, version: string, family: NanovnaFamily = 'dislord'): FirmwareImage {
  return readImage(nanovnaProgram({ family, model, version }, undefined, 9), `${model}.bin`);
}

const asks = (rig: Rig) => askBoards(rig.services, { waitMs: 0 }, startWait(rig.clock, 30_000));

function plansOf(rig: Rig): Plan[] {
  return rig.events.flatMap((event) => (event.type === 'plan' ? [event.plan] : []));
}

describe('a NanoVNA whose program runs', () => {
  it.each<[BoardName, NanovnaFamily, object]>([
    ['nanovna-h', 'dislord', { name: 'NanoVNA-H', profile: 'nanovna-h', layout: 'dislord' }],
    ['nanovna-h4', 'dislord', { name: 'NanoVNA-H4', profile: 'nanovna-h4', layout: 'dislord' }],
    ['nanovna-h', 'ttrftech', { name: 'NanoVNA', layout: 'ttrftech' }],
  ])('%s with %s firmware says who it is', async (board, firmware, says) => {
    const rig = makeRig(board, { startIn: 'app', firmware });
    const [found] = await asks(rig);
    expect(found?.says).toMatchObject({ ...says, versions: [{ of: 'NanoVNA', version: '1.2.40' }] });
  });

  it('has its port opened by those who ask, and not by those who list', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'app' });
    const [door] = rig.services.serial;
    if (door === undefined) throw new Error('no serial ports');
    let opened = 0;
    const held: typeof door = {
      name: door.name,
      virtual: door.virtual,
      list: (wait) => door.list(wait),
      open() {
        opened++;
        return Promise.reject(new FlashError('usb.gone', {}));
      },
    };
    const services = { ...rig.services, serial: [held] };
    await surveyBoards(services, { waitMs: 0 }, startWait(rig.clock, 30_000));
    expect(opened).toBe(0);
    const [found] = await askBoards(services, { waitMs: 0 }, startWait(rig.clock, 30_000));
    expect(opened).toBeGreaterThan(0);
    expect(found?.name).toBe('NanoVNA-H');
    expect(found?.says).toBeUndefined();
  });
});

/** The rig with its serial ports held by somebody, or told of as another system does. */
function withPorts(rig: Rig, change: (door: SerialPorts) => Partial<SerialPorts>): Services {
  const serial = rig.services.serial.map((door) => ({
    name: door.name,
    virtual: door.virtual,
    list: (wait: Wait) => door.list(wait),
    open: (...given: Parameters<SerialPorts['open']>) => door.open(...given),
    ...change(door),
  }));
  return { ...rig.services, serial };
}

describe('the serial port of a NanoVNA', () => {
  const held = (why: { holder?: string; modemManager?: true }): FlashError =>
    new FlashError('serial.busy', { path: '/dev/ttyACM0', holder: undefined, ...why });

  it('is waited for while ModemManager looks at the program that came back, which is told', async () => {
    const rig = makeRig('nanovna-h');
    let firstMs: number | undefined;
    const services = withPorts(rig, (door) => ({
      open(...given) {
        firstMs ??= rig.clock.now();
        if (rig.clock.now() - firstMs < 10_000) return Promise.reject(held({ modemManager: true }));
        return door.open(...given);
      },
    }));
    const result = await runAnyJob(flashRequest([file('NanoVNA-H', '1.2.46')], at), services, {
      stop: rig.stop.signal,
      abort: rig.abort.signal,
      emit: (event) => void rig.events.push(event),
      ask: () => Promise.resolve(true),
    });
    expect(result).toMatchObject({ outcome: 'done', says: { verdict: 'as-the-file-says' } });
    expect(rig.events).toContainEqual({
      type: 'waiting',
      for: 'serial-port',
      holder: undefined,
      modemManager: true,
    });
  });

  it('that a terminal program has is not waited for: what cannot be asked is shown without', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'app' });
    const services = withPorts(rig, () => ({ open: () => Promise.reject(held({ holder: 'minicom' })) }));
    const before = rig.clock.now();
    const [found] = await askBoards(services, { waitMs: 0 }, startWait(rig.clock, 30_000));
    expect(found?.name).toBe('NanoVNA-H');
    expect(found?.says).toBeUndefined();
    expect(rig.clock.now() - before).toBeLessThan(250);
  });

  it.each([
    ['its chain of ports alone is found by it', [{ portChain: '1' }], true],
    ['nothing at all is the only one there', [{}], true],
    ['nothing at all, with another beside it, is left alone', [{}, {}], false],
  ])('of which the system tells %s', async (_what, told, heard) => {
    const rig = makeRig('nanovna-h', { startIn: 'app' });
    const services = withPorts(rig, (door) => ({
      list: async (wait) =>
        (await door.list(wait)).flatMap(({ portPath: _unknown, ...facts }) =>
          told.map((more, index) => ({
            ...facts,
            path: index === 0 ? facts.path : `${facts.path}-${index}`,
            portPath: undefined,
            ...more,
          })),
        ),
    }));
    const [found] = await askBoards(services, { waitMs: 0 }, startWait(rig.clock, 30_000));
    expect(found?.says !== undefined).toBe(heard);
  });
});

it('a NanoVNA that is waited for is heard before it is sent into flash mode, like any other', async () => {
  const rig = makeRig('nanovna-h', { startIn: 'app' });
  const result = await rig.run({
    kind: 'arm',
    flash: flashRequest([file('NanoVNA-H', '1.2.46')], at),
    backup: true,
    profile: 'nanovna-h',
    portPath: undefined,
    way: undefined,
    waitMs: 60_000,
  });
  expect(result).toMatchObject({
    outcome: 'done',
    says: { before: { profile: 'nanovna-h' }, verdict: 'as-the-file-says' },
  });
  expect(result.backup?.beside).toEqual([expect.stringContaining('.calibration.txt')]);
});

describe('a NanoVNA found in flash mode', () => {
  it('is asked once its new program runs', async () => {
    const rig = makeRig('nanovna-h');
    const result = await rig.run(flashRequest([file('NanoVNA-H', '1.2.46')], at));
    expect(result).toMatchObject({
      outcome: 'done',
      content: { kind: 'verified' },
      app: 'running',
      says: {
        before: undefined,
        after: { name: 'NanoVNA-H', versions: [{ of: 'NanoVNA', version: '1.2.46' }] },
        verdict: 'as-the-file-says',
      },
    });
    expect(result.afterSteps).toBeUndefined();
    // All of its flash, calibration included.
    expect(readFileSync(result.backup?.path ?? '').length).toBeGreaterThan(128 * 1024);
  });

  it.each<[BoardName, NanovnaModel]>([
    ['nanovna-h', 'NanoVNA-H4'],
    ['nanovna-h4', 'NanoVNA-H'],
  ])('%s does not get a program for %s', async (board, model) => {
    const rig = makeRig(board, { startIn: 'dfu' });
    const before = [...rig.board.flash];
    const result = await rig.run(flashRequest([file(model, '1.2.46')], at));
    expect(result).toMatchObject({ outcome: 'refused', content: { kind: 'untouched' } });
    const refused = plansOf(rig)[0]?.refusals.map(({ code }) => code);
    expect(refused).toEqual(expect.arrayContaining(['plan.wrong-chip', 'plan.wrong-board']));
    expect([...rig.board.flash]).toEqual(before);
  });

  it('with the other layout: what is lost is told, and its settings are cleared when the person says yes', async () => {
    const rig = makeRig('nanovna-h', { firmware: 'ttrftech' });
    const asked: string[] = [];
    const ask = (question: { id: string }): Promise<boolean> => {
      asked.push(question.id);
      return Promise.resolve(true);
    };
    const result = await rig.run(flashRequest([file('NanoVNA-H', '1.2.46')], at), { ask });
    expect(plansOf(rig)[1]?.warnings).toContainEqual({
      code: 'calibration-lost',
      why: 'layout-changes',
      name: 'NanoVNA-H.bin',
      slots: [0, 1],
    });
    expect(asked.at(-1)).toBe('clear-settings');
    expect(result.afterSteps).toEqual([{ code: 'settings-cleared' }, { code: 'calibrate' }]);
    const { flash } = rig.board;
    const kept = keptIn('stm32f072', ({ start, end }) =>
      flash.subarray(start - 0x0800_0000, end - 0x0800_0000),
    );
    expect(kept).toBeUndefined();
  });

  it.each<[string, () => Promise<boolean>]>([
    ['says no', () => Promise.resolve(false)],
    ['is not there', () => Promise.reject(new Error('nobody'))],
  ])('with the other layout: the next step is told where the person %s', async (_what, answer) => {
    const rig = makeRig('nanovna-h', { firmware: 'ttrftech' });
    const ask = (question: { id: string }): Promise<boolean> =>
      question.id === 'clear-settings' ? answer() : Promise.resolve(true);
    const config = nanovnaLayouts.ttrftechF072.config;
    const before = [...rig.board.flash.subarray(config, config + 64)];
    const result = await rig.run(flashRequest([file('NanoVNA-H', '1.2.46')], at), { ask });
    expect(result.outcome).toBe('done');
    expect(result.afterSteps).toEqual([
      { code: 'clear-settings', command: 'clearconfig 1234' },
      { code: 'calibrate' },
    ]);
    expect(resultText(result).advice).toContain('clearconfig 1234');
    expect([...rig.board.flash.subarray(config, config + 64)]).toEqual(before);
  });

  it('gets a whole backup back with what it kept, and nothing is said to be lost', async () => {
    const old = makeRig('nanovna-h', { firmware: 'dislord' });
    const backup = readImage(Uint8Array.from(old.board.flash), 'whole.bin');
    const rig = makeRig('nanovna-h', { firmware: 'ttrftech' });
    const asked: string[] = [];
    const ask = (question: { id: string }): Promise<boolean> => {
      asked.push(question.id);
      return Promise.resolve(true);
    };
    const result = await rig.run(flashRequest([backup], at), { ask });
    expect(result).toMatchObject({ outcome: 'done', says: { after: { layout: 'dislord' } } });
    expect(asked).toEqual(['confirm']);
    expect(plansOf(rig)[1]?.warnings.map(({ code }) => code)).not.toContain('calibration-lost');
    expect(result.afterSteps).toBeUndefined();
  });

  it('whose new program does not come to USB is not asked', async () => {
    const rig = makeRig('nanovna-h', { faults: [{ kind: 'never-return' }] });
    const result = await rig.run(flashRequest([file('NanoVNA-H', '1.2.46')], at));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(result.app).not.toBe('running');
    expect(result.says?.after).toBeUndefined();
  });
});
