// Arm and wait on virtual boards: the moment one is in flash mode its job begins, and nothing else makes it begin or end.
import { describe, expect, it } from 'vitest';
import type { ArmRequest, FlashRequest, JobControl } from '../../main/jobs/request.ts';
import { createBoard, type BoardName, type BoardOptions } from '../../main/bench/boards/registry.ts';
import { settle } from '../../main/jobs/arm/settle.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import type { GuideSnapshot } from '../../shared/guide.ts';
import type { FlashModeAccess } from '../../shared/rights.ts';
import type { Result } from '../../shared/result.ts';
import { dfuseImage, flashRequest, makeRig, plainImage, program, type Rig } from '../support/rig.ts';
import { testProfiles } from '../support/bench-profiles.ts';

const image = dfuseImage([{ address: 0x08000000, bytes: program(20_000) }]);
const plain = plainImage(program(10_000));

function arm(
  profile: string,
  changes: Partial<ArmRequest> = {},
  flash: Partial<FlashRequest> = {},
): ArmRequest {
  return {
    kind: 'arm',
    flash: flashRequest([profile === 'test-nanovna' ? image : plain], flash),
    backup: undefined,
    profile,
    portPath: undefined,
    way: undefined,
    waitMs: 600_000,
    ...changes,
  };
}

interface ArmedRig extends Rig {
  readonly guides: GuideSnapshot[];
  /** The same rig, with the profiles of the bench's boards. */
  arm(request: ArmRequest, control?: Partial<JobControl>): Promise<Result>;
  after(milliseconds: number, action: () => void): void;
  remarks(): string[];
}

/** A bench with one empty port 1-1, whose board waits in the bag. */
function armedRig(
  name: BoardName,
  options: Omit<Partial<BoardOptions>, 'clock'> = {},
  access?: FlashModeAccess,
  wrap?: (bus: UsbBus) => UsbBus,
): ArmedRig {
  const rig = makeRig(name, { timeScale: 0, ...options }, wrap === undefined ? {} : { wrap });
  rig.port.unplug();
  Object.assign(rig.services, {
    profiles: testProfiles,
    ...(access === undefined ? {} : { flashModeAccess: () => Promise.resolve(access) }),
  });
  const guides = (): GuideSnapshot[] =>
    rig.events.flatMap((event) => (event.type === 'guide' && event.guide !== undefined ? [event.guide] : []));
  return {
    ...rig,
    get guides() {
      return guides();
    },
    arm: (request, control) => rig.run(request, control),
    after: (milliseconds, action) => void rig.clock.after(milliseconds, action),
    remarks: () => {
      const codes = guides().flatMap(({ remark }) => (remark === undefined ? [] : [remark.code]));
      return codes.filter((code, index) => code !== codes[index - 1]);
    },
  };
}

describe('a board that is waited for', () => {
  it('is flashed the moment it is in flash mode, within its window', async () => {
    const rig = armedRig('plain-dfu', { manifestationTolerant: false });
    let pluggedMs = 0;
    rig.after(12_345, () => {
      pluggedMs = rig.clock.now();
      rig.port.replug();
    });
    const firstRequest = new Promise<number>((resolve) => {
      rig.port.onChange(() => {
        const { device } = rig.port;
        if (device === undefined) return;
        const control = device.control.bind(device);
        device.control = (setup, ...rest) => {
          if ((setup.requestType & 0x60) === 0x20) resolve(rig.clock.now());
          return control(setup, ...rest);
        };
      });
    });
    const result = await rig.arm(arm('test-plain'));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' }, portPath: '1-1' });
    // Nothing but a claim comes before it: no strings, no survey.
    expect((await firstRequest) - pluggedMs).toBeLessThanOrEqual(2);
    expect(Buffer.compare(rig.board.flash.subarray(0, 10_000), program(10_000))).toBe(0);
    expect(rig.guides.at(-1)).toMatchObject({ caught: true, hold: 'now' });
    expect(rig.events.at(-1)?.type).toBe('result');
    // Its marks may fit others: what the person chose is remembered.
    const [recorded] = await rig.services.journal.history({});
    expect(recorded?.unit.profile).toBe('test-plain');
  });

  it('has its plan settled, with the backup as is usual for it, before it is there', async () => {
    const rig = armedRig('plain-dfu', { manifestationTolerant: false });
    rig.after(1_000, () => rig.port.replug());
    await rig.arm(arm('test-plain'));
    const [first] = rig.events;
    const plan = first?.type === 'plan' ? first.plan : undefined;
    expect(plan?.board).toBe('Plain board');
    expect(plan?.warnings).toContainEqual(expect.objectContaining({ code: 'no-backup', why: 'not-usual' }));
    expect(plan?.steps.find(({ step }) => step === 'back-up')?.skip).toBe('not-usual');
    const asked = await settle(arm('test-plain', { backup: true }), rig.services);
    expect(asked.plan.warnings.map(({ code }) => code)).not.toContain('no-backup');
  });

  it('already in flash mode, begins at once', async () => {
    const rig = armedRig('nanovna-h');
    rig.port.replug();
    const result = await rig.arm(arm('test-nanovna'));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, app: 'running' });
    expect(result.backup).toBeDefined();
    expect(rig.guides).toHaveLength(1);
  });

  it('is brought into flash mode by software where it runs and has a way', async () => {
    const rig = armedRig('runtime-dfu');
    rig.port.replug();
    const result = await rig.arm(arm('test-detaching'));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' } });
    expect(rig.guides).toEqual([]);
  });

  it('and by hand where software got nowhere', async () => {
    const rig = armedRig('runtime-dfu', { faults: [{ kind: 'never-return' }] });
    rig.port.replug();
    rig.after(60_000, () => rig.bench.plug(createBoard('runtime-dfu', { clock: rig.clock }), '1-1'));
    rig.after(70_000, () => rig.stop.abort());
    const result = await rig.arm(arm('test-detaching'));
    expect(result).toMatchObject({ outcome: 'cancelled', error: { code: 'arm.stopped' } });
    expect(rig.guides[0]).toMatchObject({ tries: 1, remark: undefined });
  });
});

describe('a flash of a board whose ways by software are exhausted', () => {
  it('goes on as a wait for a hand, on the same port and in the same job', async () => {
    const rig = armedRig('runtime-dfu', { faults: [{ kind: 'never-return' }] });
    rig.port.replug();
    rig.after(25_000, () => rig.stop.abort());
    const result = await rig.run(flashRequest([plain]));
    expect(result).toMatchObject({ outcome: 'cancelled', error: { code: 'arm.stopped' }, portPath: '1-1' });
    const failed = { kind: 'dfu-detach', outcome: 'failed', code: 'device.not-returned' };
    expect(rig.events).toContainEqual({ type: 'tried', tried: expect.objectContaining(failed) as unknown });
    // It left its port when it was asked to: that much is done, and what to hold is said.
    expect(rig.guides[0]).toMatchObject({
      portPath: '1-1',
      way: 'Button',
      steps: [{ state: 'done' }, { state: 'now' }, {}, {}, {}],
    });
    expect(rig.events.filter(({ type }) => type === 'result')).toHaveLength(1);
  });
});

describe('what else comes', () => {
  it('a wrong board is told and left alone; other boards that come and go change nothing', async () => {
    const rig = armedRig('nanovna-h');
    const wrong = createBoard('plain-dfu', { clock: rig.clock });
    rig.after(1_000, () => rig.bench.plug(wrong, '1-2'));
    rig.after(2_000, () => rig.bench.unplug('1-2'));
    rig.after(5_000, () => rig.port.replug());
    const result = await rig.arm(arm('test-nanovna'));
    expect(result.outcome).toBe('done');
    expect(rig.remarks()).toEqual(['wrong-board']);
    expect(wrong.statistics.getStatus).toBe(0);
  });

  it('came up running its program: let go too early, then caught', async () => {
    const rig = armedRig('nanovna-h');
    const running = createBoard('nanovna-h', { clock: rig.clock, startIn: 'app' });
    rig.after(1_000, () => rig.bench.plug(running, '1-1'));
    rig.after(4_000, () => rig.bench.unplug('1-1'));
    rig.after(6_000, () => rig.bench.plug(rig.board, '1-1'));
    const result = await rig.arm(arm('test-nanovna'));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(rig.remarks()).toEqual(['let-go-too-early']);
    expect(running.statistics.getStatus).toBe(0);
  });

  it('bound to a port, takes none on another', async () => {
    const rig = armedRig('nanovna-h');
    const elsewhere = createBoard('nanovna-h', { clock: rig.clock });
    rig.after(1_000, () => rig.bench.plug(elsewhere, '1-2'));
    rig.after(4_000, () => rig.port.replug());
    const result = await rig.arm(arm('test-nanovna', { portPath: '1-1' }));
    expect(result).toMatchObject({ outcome: 'done', portPath: '1-1' });
    expect(rig.remarks()).toEqual(['other-port']);
    expect(elsewhere.statistics.getStatus).toBe(0);
  });

  it('with two there, guesses none', async () => {
    const rig = armedRig('nanovna-h');
    rig.port.replug();
    rig.bench.plug(createBoard('nanovna-h', { clock: rig.clock }), '1-2');
    const result = await rig.arm(arm('test-nanovna'));
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'device.several' } });
  });

  it('another chip behind the same ids is refused with words, unchanged, and the wait goes on', async () => {
    const rig = armedRig('nanovna-h');
    const other = createBoard('stm32f405', { clock: rig.clock });
    const before = other.flash.slice();
    rig.after(1_000, () => rig.bench.plug(other, '1-2'));
    rig.after(9_000, () => rig.bench.unplug('1-2'));
    rig.after(12_000, () => rig.port.replug());
    const result = await rig.arm(arm('test-nanovna'));
    expect(result).toMatchObject({ outcome: 'done', portPath: '1-1' });
    const remark = rig.guides.find((guide) => guide.remark?.code === 'try-failed')?.remark;
    expect(remark).toMatchObject({
      error: 'device.not-that-board',
      params: { portPath: '1-2', found: 'STM32F405 or F407' },
    });
    expect(Buffer.compare(other.flash, before)).toBe(0);
    // Tried once, not again and again while it stands there.
    expect(rig.guides.at(-1)?.tries).toBe(2);
  });
});

describe('a try that fails', () => {
  it('is tried again by itself when the board is back, and repairs what was begun', async () => {
    const rig = armedRig('nanovna-h', {
      timeScale: 1,
      faults: [{ kind: 'vanish', at: { what: 'block', index: 5 }, returnAfterMs: 3_000 }],
    });
    rig.after(1_000, () => rig.port.replug());
    const result = await rig.arm(arm('test-nanovna'));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(rig.remarks()).toEqual(['try-failed']);
    expect(rig.guides.at(-1)?.tries).toBe(2);
    // The way back is what was on it at first.
    expect(rig.events.filter((event) => event.type === 'backup')).toHaveLength(1);
    expect(result.backup).toBeDefined();
  });

  it('keeps telling what it left when the wait is ended before the next', async () => {
    const rig = armedRig('nanovna-h', {
      timeScale: 1,
      faults: [{ kind: 'vanish', at: { what: 'block', index: 5 } }],
    });
    rig.after(1_000, () => rig.port.replug());
    rig.after(60_000, () => rig.stop.abort());
    const result = await rig.arm(arm('test-nanovna'));
    expect(result).toMatchObject({ outcome: 'interrupted', error: { code: 'usb.gone' } });
    expect(result.content.kind).not.toBe('untouched');
  });
});

describe('ending and refusing', () => {
  it('stopped while it waits: not started', async () => {
    const rig = armedRig('nanovna-h');
    rig.after(5_000, () => rig.stop.abort());
    expect(await rig.arm(arm('test-nanovna'))).toMatchObject({
      outcome: 'cancelled',
      content: { kind: 'untouched' },
      error: { code: 'arm.stopped' },
    });
  });

  it('nothing came in the time there was', async () => {
    const rig = armedRig('nanovna-h');
    expect(await rig.arm(arm('test-nanovna', { waitMs: 90_000 }))).toMatchObject({
      outcome: 'refused',
      error: { code: 'arm.nothing-came', params: { waitedMs: 90_000 } },
      durationMs: 90_000,
    });
    expect(rig.remarks()).toEqual(['nothing-came']);
  });

  it('no access to flash mode refuses before anybody holds a button; not knowing is said', async () => {
    const no = armedRig('nanovna-h', {}, { answer: 'no', why: 'no-rule' });
    no.port.replug();
    expect(await no.arm(arm('test-nanovna'))).toMatchObject({
      outcome: 'refused',
      error: { code: 'arm.no-access', params: { ids: '0483:df11' } },
    });
    expect(no.board.statistics.getStatus).toBe(0);
    const unknown = armedRig('nanovna-h', {}, { answer: 'unknown', why: 'driver-unknown' });
    unknown.port.replug();
    expect((await unknown.arm(arm('test-nanovna'))).outcome).toBe('done');
    const told = unknown.events[0];
    expect(told?.type === 'plan' ? told.plan.warnings[0]?.code : undefined).toBe('access-unknown');
  });

  it('a file that does not fit, and a no to the plan, end it before it waits', async () => {
    const rig = armedRig('nanovna-h');
    const large = dfuseImage([{ address: 0x08000000, bytes: program(200_000) }]);
    const request = arm('test-nanovna');
    expect(await rig.arm({ ...request, flash: { ...request.flash, images: [large] } })).toMatchObject({
      error: { code: 'plan.outside-memory' },
      durationMs: 0,
    });
    expect(await rig.arm(request, { ask: () => Promise.resolve(false) })).toMatchObject({
      outcome: 'cancelled',
      error: { code: 'question.declined' },
    });
    expect(rig.guides).toEqual([]);
  });

  it('the person’s word goes to the coach', async () => {
    const rig = armedRig('nanovna-h');
    rig.after(60_000, () => rig.stop.abort());
    await rig.arm(arm('test-nanovna'), {
      onSay: (listener) => {
        rig.after(1_000, () => listener('done'));
        rig.after(2_000, () => listener('done'));
        return { [Symbol.dispose]: () => undefined };
      },
    });
    expect(rig.remarks()).toEqual(['nothing-came']);
  });
});
