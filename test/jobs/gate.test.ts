// Boards known by name only: nothing starts on them, not even a backup, unless somebody insists and is told.
import { describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { namedProfile } from '../../main/jobs/gate.ts';
import { runAnyJob } from '../../main/jobs/run-any.ts';
import type { JobRequest, Permission } from '../../main/jobs/request.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import type { Profile } from '../../shared/profile.ts';
import { profile } from '../support/profiles.ts';
import { dfuseImage, flashRequest, makeRig, program, type Rig } from '../support/rig.ts';

const tracker = { vendorId: 0x2b04, productId: 0xd01a };
const selection = { waitMs: 0 };
const insisting = new Set<Permission>(['unsupported-board']);
const image = dfuseImage([{ address: 0x08000000, bytes: program(4096) }]);

/** The board under other ids: what a gate goes by. */
function shownAs(ids: { vendorId: number; productId: number }) {
  return (bus: UsbBus): UsbBus => ({
    name: bus.name,
    virtual: bus.virtual,
    list: async (wait) => (await bus.list(wait)).map((facts) => ({ ...facts, ...ids })),
    watch: (changed) => bus.watch(changed),
    open: (facts, wait) => bus.open(facts, wait),
  });
}

function rigWith(profiles: readonly Profile[], ids = tracker): Pick<Rig, 'board' | 'events' | 'run'> {
  const rig = makeRig('stm32f405', { timeScale: 0 }, { wrap: shownAs(ids) });
  const { board, events } = rig;
  return {
    board,
    events,
    run: (request) =>
      runAnyJob(
        request,
        { ...rig.services, profiles },
        {
          stop: rig.stop.signal,
          abort: rig.abort.signal,
          emit: (event) => void events.push(event),
          ask: () => Promise.resolve(true),
        },
      ),
  };
}

const requests: Readonly<Record<string, JobRequest>> = {
  flash: flashRequest([image]),
  'a dry run': flashRequest([image], { dryRun: true }),
  backup: { kind: 'backup', selection, raw: false, leave: false, reset: false },
  detach: { kind: 'detach', selection },
  leave: { kind: 'chip', command: 'leave', selection, dryRun: false, allow: new Set() },
  'mass erase': {
    kind: 'chip',
    command: 'mass-erase',
    selection,
    dryRun: false,
    allow: new Set<Permission>(['mass-erase']),
  },
};

describe('a board known by name only', () => {
  it.each(Object.keys(requests))('refuses %s, with what can be done today', async (name) => {
    const { run, events } = rigWith(builtInProfiles);
    const result = await run(requests[name] as JobRequest);
    expect(result.outcome).toBe('refused');
    expect(result.error).toMatchObject({
      code: 'device.unsupported',
      params: { board: 'Tracker SoM or Tracker One', today: expect.stringContaining('Particle') as string },
    });
    expect(events.some((event) => event.type === 'step-started' && event.step !== 'detect')).toBe(false);
  });

  it('is flashed for who insists, and the plan says what can go wrong', async () => {
    const { run, events } = rigWith(builtInProfiles);
    const result = await run(flashRequest([image], { allow: insisting }));
    const plan = events.find((event) => event.type === 'plan')?.plan;
    expect(plan?.warnings).toContainEqual(expect.objectContaining({ code: 'unsupported-board' }));
    expect(result.error?.code).not.toBe('device.unsupported');
  });

  it('is backed up for who insists, who is told first', async () => {
    const { run, events } = rigWith(builtInProfiles);
    const result = await run({
      kind: 'backup',
      selection,
      raw: false,
      leave: false,
      reset: false,
      allow: insisting,
    });
    expect(result.outcome).toBe('done');
    const told = events.findIndex((event) => event.type === 'unsupported-board');
    expect(told).toBeGreaterThan(-1);
    expect(told).toBeLessThan(
      events.findIndex((event) => event.type === 'step-started' && event.step === 'identify'),
    );
  });

  it("is one by a person's own profile, too", async () => {
    const own = profile({
      id: 'my-board',
      support: 'named',
      today: 'Leave it alone.',
      ways: [],
      modes: [{ kind: 'flash', ids: ['1234:5678'], source: 'me' }],
    });
    const { run } = rigWith([...builtInProfiles, own], { vendorId: 0x1234, productId: 0x5678 });
    const result = await run(requests['backup'] as JobRequest);
    expect(result.error).toEqual({
      code: 'device.unsupported',
      params: { board: 'Rocket', today: 'Leave it alone.' },
    });
  });
});

describe('whose gate is closed', () => {
  const named = (vendorId: number, productId: number, more: readonly Profile[] = []) =>
    namedProfile([...more, ...builtInProfiles], { vendorId, productId })?.id;

  it('ROM bootloaders, which may be any board, are open', () => {
    expect(named(0x0483, 0xdf11)).toBeUndefined();
    expect(named(0x28e9, 0x0189)).toBeUndefined();
    expect(named(0x1209, 0x2002)).toBeUndefined();
    expect(named(0x1234, 0x5678)).toBeUndefined();
    expect(named(0x04d8, 0xf014)).toBeUndefined();
  });

  it('a probe is closed, whichever', () => expect(named(0x1366, 0x1061)).toBe('segger-j-link'));

  it('a profile of a person opens nothing', () => {
    const own = (ids: string) =>
      profile({ id: 'mine', modes: [{ kind: 'flash', ids: [ids], source: 'me' }] });
    expect(named(0x2b04, 0xd01a, [own('2b04:d01a')])).toBe('particle-tracker');
    expect(named(0x1366, 0x1061, [own('1366:1061')])).toBe('segger-j-link');
  });
});
