// Three people who wrote to a forum, met here by the same boards doing the same: what happened to them stands above each.
import { describe, expect, it } from 'vitest';
import { startWait } from '../../main/base/wait.ts';
import { odriveProgram } from '../../main/bench/boards/odrive.ts';
import type { Fault } from '../../main/bench/faults.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { readImage } from '../../main/images/registry.ts';
import type { ArmRequest } from '../../main/jobs/request.ts';
import type { Services } from '../../main/jobs/services.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import type { GuideSnapshot } from '../../shared/guide.ts';
import type { Result } from '../../shared/result.ts';
import { afterStepText } from '../../shared/text/families.ts';
import { errorText, type Platform } from '../../shared/text/errors.ts';
import { resultText } from '../../shared/text/results.ts';
import { bytes, coached, follower } from '../support/coached-pytrack.ts';
import { rightsInFolder, type RightsInFolder } from '../support/rights-in-folder.ts';
import { flashRequest, makeRig, program, type Rig } from '../support/rig.ts';

function said({ error }: Result, platform: Platform = 'linux'): string {
  if (error === undefined) return '';
  const { title, advice } = errorText(error.code, error.params as never, platform);
  return `${title}. ${advice}`;
}

function accessBy({ rights }: RightsInFolder): Pick<Services, 'flashModeAccess'> {
  return { flashModeAccess: (ids, dfuInterface) => rights.flashModeAccess(ids, dfuInterface) };
}

async function idsOn({ bench, clock }: Pick<Rig, 'bench' | 'clock'>): Promise<number[]> {
  return (await bench.bus.list(startWait(clock, 1_000))).map(({ productId }) => productId);
}

// Thread 001, a Pytrack under Debian with dfu-util 0.8:
// - without sudo it could not be opened; others wrote a rule by hand            -> seen and said before any button is held
// - sudo asked for its password while the 7 s ran out                           -> nothing is asked in the window
// - when to let go and how soon to start had to be found by trying              -> said the moment it is true; it starts itself
// - "Runtime device already in DFU state ?!?": its loader says protocol 1       -> taken for the flash mode its ids say it is
// - 96 %, then "Error sending completion packet", and nobody knew what it meant -> judged by its program's coming back
describe('the Pytrack whose window was too short for sudo', () => {
  it('without a rule is not waited for: the reason, and what lets in, before anybody moves', async () => {
    using folder = rightsInFolder('');
    const rig = coached({}, follower(900));
    Object.assign(rig.services, accessBy(folder));
    const result = await rig.arm();
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'arm.no-access' } });
    expect(said(result)).toMatch(/your account may not open its flash mode \(04d8:f014\).*rekindle rights/s);
    expect(rig.heard).toEqual([]);
  });

  it('with the rule somebody wrote by hand is caught, and asked nothing in its window', async () => {
    using folder = rightsInFolder('ATTRS{idVendor}=="04d8", ATTRS{idProduct}=="f014", MODE="0666"\n');
    const rig = coached({ closing: 'gone' }, follower(900));
    Object.assign(rig.services, accessBy(folder));
    const result = await rig.arm();
    // The last request is never answered: no failure, for its program is back.
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' }, app: 'running' });
    expect(Buffer.compare(rig.board.flash.subarray(1024, 16_000), bytes.subarray(1024, 16_000))).toBe(0);
    expect(await idsOn(rig)).toEqual([0xf013]);
    expect(resultText(result).title).toBe(
      'Written. This board leaves flash mode after writing, so we could not compare. It went before its last answer, and started again',
    );
  });
});

// Thread 004, a NanoVNA on a Mac (10.12) with dfu-util 0.9: listed by `dfu-util -l`, then "Cannot claim interface", as root as well.
// Never solved there; devices.md 5.9 has no confirmed cause. What held it, no program can see there.
// - that rights were not it took days to see                                   -> it is never said to be rights
// - what else to try, nobody said                                              -> the usual holders are named, and what to do
// - the file's suffix says 0000 for its product                                 -> no reason to refuse it
// - once it is let go of                                                        -> backed up, written, compared, seen running
describe('the NanoVNA whose interface somebody else had', () => {
  const image = readImage(
    writeDfuse({
      ids: { vendorId: 0x0483, productId: 0x0000, bcdDevice: 0xffff },
      targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes: program(60_000) }] }],
    }),
    'ch.dfu',
  );
  const arm: ArmRequest = {
    kind: 'arm',
    flash: flashRequest([image]),
    backup: undefined,
    profile: 'nanovna-h',
    portPath: undefined,
    way: 'Menu',
    waitMs: 600_000,
  };

  function held(until: { atMs: number }, options: Parameters<typeof makeRig>[1] = {}): Rig {
    const wrap = (bus: UsbBus): UsbBus => ({
      name: bus.name,
      virtual: bus.virtual,
      list: (wait) => bus.list(wait),
      watch: (changed) => bus.watch(changed),
      open(facts, wait) {
        if (rig.clock.now() >= until.atMs) return bus.open(facts, wait);
        throw new FlashError('usb.busy', { portPath: facts.portPath, holder: undefined });
      },
    });
    const rig = makeRig('nanovna-h', { timeScale: 0, ...options }, { wrap, platform: 'darwin' });
    return rig;
  }

  it('is told truly, with what to close, and nothing is changed', async () => {
    const rig = held({ atMs: Number.POSITIVE_INFINITY });
    const before = rig.board.flash.slice();
    const result = await rig.run(flashRequest([image]));
    expect(result).toMatchObject({ outcome: 'refused', content: { kind: 'untouched' } });
    expect(said(result, 'darwin')).toBe(
      'Found at port 1-1, but something else is using it, and we cannot see what. Usual holders are virtual machines, browser tabs that flash boards, and other flashing tools. Close them and try again.',
    );
    expect(said(result, 'darwin')).not.toMatch(/account|sudo|root/);
    expect(Buffer.compare(rig.board.flash, before)).toBe(0);
  });

  it('is written by the wait that was on when it was let go of and plugged in again', async () => {
    const rig = held({ atMs: 20_000 });
    rig.clock.after(30_000, () => rig.port.replug());
    const result = await rig.run(arm);
    const remarks = rig.events.flatMap((event) =>
      event.type === 'guide' && event.guide?.remark !== undefined ? [event.guide.remark] : [],
    );
    expect(remarks[0]).toMatchObject({ code: 'try-failed', error: 'usb.busy' });
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, app: 'running' });
    expect(result.backup).toBeDefined();
    expect(resultText(result).title).toBe('Installed: written, compared, started again');
    expect(await idsOn(rig)).toEqual([0x5740]);
  });
});

// Thread 002, an ODrive v3.5-48V under Windows with odrivetool 0.4.1: erased, then "An error occured. Device Status: (0, 2, 0, 0)" at
// the first sector, which left it blank and in flash mode for good; mended with a probe and another tool.
// - it said that boards before 3.5 must not, to one that is 3.5                 -> its one-time memory says which it is
// - "[unknown version]" over another, and questions that nobody could answer    -> file and board are held against each other
// - fell to dfuIDLE while a block was written                                   -> the block is written again
// - what was blank stayed blank                                                 -> it can be read, so it ends compared
// - nobody said that its switch has to go back                                  -> said, and then it runs
describe('the ODrive that was left blank', () => {
  const image = readImage(
    odriveProgram({ board: '3.5-48V', version: '0.5.1' }, 99),
    'ODriveFirmware_v3.5-48V_0.5.1.bin',
  );
  const blank = (fault: Fault): Rig =>
    makeRig('odrive-v3', {
      startIn: 'dfu',
      timeScale: 0,
      odrive: { otp: '3.5-48V', program: 'none' },
      faults: [fault],
    });
  const request = flashRequest([image], { address: 0x0800_0000 });

  it('is written past the fall to idle, compared, and runs once its switch is back', async () => {
    const rig = blank({ kind: 'fall-to-idle', block: 0, times: 1 });
    const asked: string[] = [];
    const result = await rig.run(request, {
      ask: (question) => {
        asked.push(question.id);
        return Promise.resolve(true);
      },
    });
    expect(result).toMatchObject({
      outcome: 'done',
      content: { kind: 'verified' },
      board: 'ODrive v3.5-48V',
    });
    expect(asked).toEqual(['confirm']);
    const [part] = image.parts;
    expect(
      Buffer.compare(rig.board.flash.subarray(0, part?.bytes.length), part?.bytes ?? new Uint8Array()),
    ).toBe(0);
    const { title, advice } = resultText(result);
    expect(title).toBe('Installed: written, compared, started again');
    expect((result.afterSteps ?? []).map(afterStepText).slice(0, 3)).toEqual([
      'Set the DFU / RUN switch to RUN.',
      'Switch the board off.',
      'Switch the board on.',
    ]);
    expect(advice).toContain('Set the DFU / RUN switch to RUN.');
    const hands: BenchAction[] = [
      { act: 'switch', control: 'DFU / RUN switch', to: 'RUN' },
      { act: 'switch-off' },
      { act: 'switch-on' },
    ];
    for (const hand of hands) rig.port.act(hand);
    await new Promise<void>((resolve) => void rig.clock.after(5_000, resolve));
    expect(await idsOn(rig)).toEqual([0x0d32]);
  });

  it('that falls to idle every time: what it is now, and that the same again goes on; and it does', async () => {
    const rig = blank({ kind: 'fall-to-idle', block: 3, times: 9 });
    const result = await rig.run(request);
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'dfu.state' }, next: 'continue' });
    expect(resultText(result).title).toContain('No working firmware right now.');
    expect(resultText(result).advice).toBe(
      'Run the same command again: it goes on from what the board holds.',
    );
    const results: Result[] = [];
    for (let more = 0; more < 5 && results.at(-1)?.outcome !== 'done'; more++)
      results.push(await rig.run(request));
    expect(results.at(-1)).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
  });

  it('is waited for as well, by its switch, with all of it settled before', async () => {
    const rig = blank({ kind: 'fall-to-idle', block: 0, times: 1 });
    rig.port.unplug();
    rig.clock.after(5_000, () => rig.port.replug());
    const guides: GuideSnapshot[] = [];
    const result = await rig.run(
      {
        kind: 'arm',
        flash: request,
        backup: undefined,
        profile: 'odrive-v3',
        portPath: undefined,
        way: undefined,
        waitMs: 600_000,
      },
      {
        emit: (event) => {
          if (event.type === 'guide' && event.guide !== undefined) guides.push(event.guide);
        },
        ask: () => Promise.resolve(rig.clock.now() < 5_000),
      },
    );
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(guides.at(-1)?.caught).toBe(true);
  });
});
