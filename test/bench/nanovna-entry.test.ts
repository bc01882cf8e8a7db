// Virtual NanoVNAs, whole: from the running program over its shell into flash mode, and back into the program.
import { describe, expect, it } from 'vitest';
import type { ChoiceQuestion } from '../../shared/choice-question.ts';
import { createBoard, type BoardName } from '../../main/bench/boards/registry.ts';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import type { JobRequest } from '../../main/core.ts';
import { verdictOf } from '../../shared/result.ts';
import { dfuseImage, flashRequest, makeRig } from '../support/rig.ts';

const running = { startIn: 'app' } as const;
const detach = (device?: string): JobRequest => ({ kind: 'detach', selection: { waitMs: 0, device } });

describe('a NanoVNA as it lies on the bench', () => {
  it.each<[BoardName, 'dislord' | 'ttrftech']>([
    ['nanovna-h', 'dislord'],
    ['nanovna-h', 'ttrftech'],
    ['nanovna-h4', 'dislord'],
  ])('%s with the firmware of %s goes from its program to a new one', async (name, firmware) => {
    const rig = makeRig(name, { ...running, firmware });
    const bytes = nanovnaProgram({
      family: firmware,
      model: name === 'nanovna-h' ? 'NanoVNA-H' : 'NanoVNA-H4',
      version: '9.9.9',
    });
    const result = await rig.run(flashRequest([dfuseImage([{ address: 0x08000000, bytes }])]));
    expect(result.error).toBeUndefined();
    expect(verdictOf(result)).toBe('verified-and-running');
    expect(rig.board.flash.subarray(0, bytes.length)).toEqual(bytes);
    expect(rig.events).toContainEqual({
      type: 'tried',
      tried: { kind: 'serial-command', outcome: 'worked' },
    });
  });

  it('stays in flash mode after detach, and is found there', async () => {
    const rig = makeRig('nanovna-h', running);
    expect(await rig.run(detach())).toMatchObject({ outcome: 'done', content: { kind: 'untouched' } });
    const again = await rig.run(detach());
    expect(again.steps.find((one) => one.step === 'enter')).toMatchObject({
      state: 'skipped',
      reason: 'already-in-flash-mode',
    });
  });

  it('leaves the other one alone, by the port; and asks where ports are not told', async () => {
    for (const portsUnknown of [false, true]) {
      const rig = makeRig('nanovna-h', running, { serial: { portsUnknown } });
      rig.bench.plug(createBoard('nanovna-h', { clock: rig.clock, ...running }), '1-2');
      expect(await rig.run(detach())).toMatchObject({ error: { code: 'device.several' } });
      const result = await rig.run(detach('1-2'));
      const ids = (
        await rig.bench.bus.list({ signal: new AbortController().signal, deadline: Infinity })
      ).map((one) => one.productId);
      if (portsUnknown) {
        expect(result.error).toMatchObject({
          code: 'entry.by-hand-needed',
          params: { tried: [{ outcome: 'not-possible', code: 'serial.port-unknown' }] },
        });
        expect(ids).toEqual([0x5740, 0x5740]);
      } else {
        expect(result.outcome).toBe('done');
        expect(ids).toEqual([0x5740, 0xdf11]);
      }
    }
  });

  it('asks which serial port is its where the system does not say, and opens no other', async () => {
    for (const answer of ['its', 'none'] as const) {
      const rig = makeRig('nanovna-h', running, { serial: { portsUnknown: true } });
      rig.bench.plug(createBoard('nanovna-h', { clock: rig.clock, ...running }), '1-2');
      const asked: ChoiceQuestion[] = [];
      const result = await rig.run(detach('1-2'), {
        choose: (question) => {
          asked.push(question);
          return Promise.resolve(answer === 'its' ? question.choices[1]?.id : undefined);
        },
      });
      expect(asked).toMatchObject([{ id: 'which-serial-port', portPath: '1-2', choices: [{}, {}] }]);
      const ids = (
        await rig.bench.bus.list({ signal: new AbortController().signal, deadline: Infinity })
      ).map((one) => one.productId);
      expect(ids).toEqual(answer === 'its' ? [0x5740, 0xdf11] : [0x5740, 0x5740]);
      if (answer === 'its') expect(result.outcome).toBe('done');
      else
        expect(result.error).toMatchObject({
          code: 'entry.by-hand-needed',
          params: { tried: [{ outcome: 'not-possible', code: 'serial.port-unknown' }] },
        });
    }
  });

  it('needs a hand while its port is held, and says which', async () => {
    const rig = makeRig('nanovna-h', running, { serial: { held: true } });
    const result = await rig.run(detach());
    expect(result.error?.code).toBe('entry.by-hand-needed');
    expect(result.error?.params).toMatchObject({
      tried: [{ kind: 'serial-command', outcome: 'not-possible', code: 'serial.busy' }],
      ways: [{ name: 'Menu' }, { name: 'Jog switch' }, { name: 'Jumper' }],
    });
  });
});
