// Armed jobs among others: what they take and leave, who may open what, and what a page can say to them.
import { describe, expect, it } from 'vitest';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { settle } from '../../main/jobs/arm/settle.ts';
import { BoardWatch } from '../../main/jobs/board-watch.ts';
import type { ArmRequest } from '../../main/jobs/request.ts';
import { RunningJobs, type NewJob } from '../../main/jobs/running-jobs.ts';
import { silentLog } from '../../main/log/log.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import { dfuseImage, flashRequest, makeRig, program, type Rig } from '../support/rig.ts';
import { nanovnaProfile, testProfiles } from '../support/bench-profiles.ts';

const image = dfuseImage([{ address: 0x08000000, bytes: program(20_000) }]);

interface ArmedJobs extends Rig {
  readonly jobs: RunningJobs;
  arm(portPath?: string): Promise<string>;
  job(id: string): ReturnType<typeof find>;
  until(what: () => boolean): Promise<void>;
}

function find(jobs: RunningJobs, id: string) {
  const job = jobs.snapshots.value.find((one) => one.id === id);
  if (job === undefined) throw new Error('no such job');
  return job;
}

function armedJobs(): ArmedJobs {
  const rig = makeRig('nanovna-h', { timeScale: 0 });
  rig.port.unplug();
  const services = { ...rig.services, profiles: testProfiles };
  const jobs = new RunningJobs(services, () => ({ ...silentLog, [Symbol.dispose]: () => undefined }));
  return {
    ...rig,
    services,
    jobs,
    async arm(portPath) {
      const request: ArmRequest = {
        kind: 'arm',
        flash: flashRequest([image]),
        backup: undefined,
        profile: nanovnaProfile.id,
        portPath,
        way: undefined,
        waitMs: 10 * 60_000,
      };
      const { plan } = await settle(request, services);
      const job: NewJob = {
        kind: 'flash',
        request,
        portPath: portPath ?? '',
        board: nanovnaProfile.name,
        virtual: false,
        files: ['a.dfu'],
        consent: { planHash: plan.hash, questions: [] },
      };
      return jobs.start(job);
    },
    job: (id) => find(jobs, id),
    until: (what) => expect.poll(what, { interval: 1 }).toBe(true),
  };
}

describe('an armed job', () => {
  it('has no port until its board is there, then that one, and shows what the hand is to do', async () => {
    const rig = armedJobs();
    const id = await rig.arm();
    await rig.until(() => rig.job(id).guide !== undefined);
    expect(rig.jobs.busyPorts.size).toBe(0);
    expect(rig.job(id)).toMatchObject({ portPath: '', board: 'NanoVNA-H', question: undefined });
    rig.port.replug();
    await rig.until(() => rig.jobs.busyPorts.has('1-1'));
    expect(rig.job(id)).toMatchObject({ portPath: '1-1', guide: { caught: true } });
    await rig.until(() => rig.job(id).result !== undefined);
    expect(rig.job(id)).toMatchObject({
      portPath: '1-1',
      guide: undefined,
      virtual: true,
      result: { outcome: 'done', content: { kind: 'verified' } },
    });
  });

  it('bound to a port, is that port’s', async () => {
    const rig = armedJobs();
    const id = await rig.arm('1-1');
    const second = await rig.arm('1-1');
    expect(rig.job(second).state).toBe('queued');
    expect(rig.jobs.isBusy({ portPath: '1-1' } as never)).toBe(true);
    await rig.jobs.cancel(id, 'stop');
    expect(rig.job(id).result).toMatchObject({ outcome: 'cancelled', error: { code: 'arm.stopped' } });
    expect(rig.job(second).state).toBe('waiting');
    await rig.jobs.cancel(second, 'stop');
    expect(rig.jobs.busyPorts.size).toBe(0);
  });

  it('of two that wait for the same, one gets the board and the other goes on waiting', async () => {
    const rig = armedJobs();
    const both = [await rig.arm(), await rig.arm()];
    await rig.until(() => both.every((id) => rig.job(id).guide !== undefined));
    rig.port.replug();
    await rig.until(() => both.some((id) => rig.job(id).result !== undefined));
    const [done, waiting] = both.toSorted(
      (a, b) => Number(rig.job(b).result !== undefined) - Number(rig.job(a).result !== undefined),
    );
    expect(rig.job(done ?? '').result?.outcome).toBe('done');
    expect(rig.job(waiting ?? '').result).toBeUndefined();
    await rig.jobs.stopAll();
    expect(rig.jobs.count).toBe(0);
  });

  it('hears the person, and nobody once it has ended', async () => {
    const rig = armedJobs();
    const id = await rig.arm();
    await rig.until(() => rig.job(id).guide !== undefined);
    rig.jobs.guide(id, 'done');
    await rig.until(() => rig.job(id).guide?.steps[1]?.state === 'done');
    await rig.jobs.cancel(id, 'stop');
    expect(() => rig.jobs.guide(id, 'done')).toThrow(
      expect.objectContaining({ code: 'api.unknown' }) as Error,
    );
  });

  it('asks again before it waits when the plan is another than the one that was confirmed', async () => {
    const rig = armedJobs();
    const { plan } = await settle(
      { flash: flashRequest([image]), backup: undefined, profile: nanovnaProfile.id },
      rig.services,
    );
    expect(plan.portPath).toBe('none');
    const id = rig.jobs.start({
      kind: 'flash',
      request: {
        kind: 'arm',
        flash: flashRequest([image]),
        backup: undefined,
        profile: nanovnaProfile.id,
        portPath: undefined,
        way: undefined,
        waitMs: 60_000,
      },
      portPath: '',
      board: 'x',
      virtual: false,
      files: [],
      consent: { planHash: '0'.repeat(64), questions: [] },
    });
    await rig.until(() => rig.job(id).question?.id === 'confirm');
    rig.port.replug();
    rig.jobs.answer(id, 'confirm', true);
    await rig.until(() => rig.job(id).result !== undefined);
    expect(rig.job(id).result?.outcome).toBe('done');
  });

  it('can be had again once it has ended', async () => {
    const rig = armedJobs();
    const id = await rig.arm();
    await rig.jobs.cancel(id, 'stop');
    const again = rig.jobs.again(id);
    await rig.until(() => rig.job(again).guide !== undefined);
    await rig.jobs.cancel(again, 'stop');
    rig.jobs.dismiss(again);
    expect(() => rig.jobs.again(again)).toThrow(expect.objectContaining({ code: 'api.unknown' }) as Error);
  });

  it('is the first to open its board: the survey leaves it alone while it is waited for, and looks at others', async () => {
    const rig = armedJobs();
    const opened: string[] = [];
    const buses = rig.services.buses.map((bus): UsbBus => ({
      name: bus.name,
      virtual: bus.virtual,
      list: (wait) => bus.list(wait),
      watch: (changed) => bus.watch(changed),
      open(facts, wait) {
        opened.push(facts.portPath);
        return bus.open(facts, wait);
      },
    }));
    // On a port of its own, so that it waits for ever.
    const id = await rig.arm('1-2');
    await using watch = new BoardWatch({ ...rig.services, buses }, (facts) => rig.jobs.isBusy(facts));
    rig.bench.plug(createBoard('nanovna-h', { clock: rig.clock }), '1-2').unplug();
    rig.bench.plug(createBoard('plain-dfu', { clock: rig.clock }), '1-6');
    await watch.refresh();
    expect(opened).toEqual(['1-6']);
    const any = await rig.arm();
    await rig.until(() => rig.job(any).guide !== undefined);
    rig.port.replug();
    await watch.refresh();
    expect(opened).toEqual(['1-6']);
    await rig.jobs.stopAll();
    expect(rig.job(id).result?.outcome).toBe('cancelled');
  });
});
