import { describe, expect, it } from 'vitest';
import { recordBus } from '../../main/transports/recorder.ts';
import { playTrace } from '../../main/transports/player.ts';
import { runJob } from '../../main/jobs/run.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { dfuseImage, flashRequest, makeRig, program } from '../support/rig.ts';

const request = flashRequest([dfuseImage([{ address: 0x08000000, bytes: program(10_000) }])], {
  leave: false,
});

async function recorded(): Promise<{ lines: string[]; rig: ReturnType<typeof makeRig> }> {
  const lines: string[] = [];
  const clock = new SimulatedClock();
  const rig = makeRig('nanovna-h', {}, { wrap: (bus) => recordBus(bus, (line) => lines.push(line), clock) });
  const result = await rig.run(request);
  expect(result.content.kind).toBe('verified');
  return { lines, rig };
}

describe('a recorded flash', () => {
  it('plays again with the same end, without the board', async () => {
    const { lines, rig } = await recorded();
    const services = { ...rig.services, buses: [playTrace(lines, rig.clock)] };
    const control = {
      stop: rig.stop.signal,
      abort: rig.abort.signal,
      emit: () => undefined,
      ask: () => Promise.resolve(true),
    };
    const result = await runJob(request, services, control);
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, virtual: true });
  });

  it('says where another request departs from it', async () => {
    const { lines, rig } = await recorded();
    const services = { ...rig.services, buses: [playTrace(lines, rig.clock)] };
    const control = {
      stop: rig.stop.signal,
      abort: rig.abort.signal,
      emit: () => undefined,
      ask: () => Promise.resolve(true),
    };
    const other = flashRequest([dfuseImage([{ address: 0x08001000, bytes: program(10_000) }])], {
      leave: false,
      backup: false,
    });
    const result = await runJob(other, services, control);
    expect(result.error?.code).toBe('trace.mismatch');
  });

  it.each([['not json'], ['{"op":"list"}'], ['{"op":"call","port":"1-1","call":"open","end":{"t":"x"}}']])(
    'refuses %s',
    (line) => {
      const header = '{"op":"header","rekindleTrace":1}';
      expect(() => playTrace([header, line], new SimulatedClock())).toThrow('trace.mismatch');
      expect(() => playTrace([line], new SimulatedClock())).toThrow('trace.mismatch');
    },
  );
});
