// The touch, several ways one after the other, and who is sent into flash mode at all.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { runJob } from '../../main/jobs/run.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { profileSchema, type Profile } from '../../shared/profile.ts';
import { makeRig } from '../support/rig.ts';
import { scriptedDoor, shellOn } from '../support/scripted-serial.ts';
import { detach, scene, triedIn } from '../support/entry-scene.ts';

/** A profile for tests. */
function profileOf(changes: Record<string, unknown>): Profile {
  return v.parse(profileSchema, {
    id: 'test-board',
    name: 'Test board',
    maker: 'Test',
    support: 'full',
    tested: 'simulator',
    modes: [
      { kind: 'application', ids: ['0483:5740'], source: 'test' },
      { kind: 'flash', ids: ['0483:df11'], source: 'test' },
    ],
    sources: ['test'],
    ...changes,
  });
}

const touch = { kind: 'serial-touch', baud: 1200, limitMs: 10_000, source: 'devices.md 6.2' };
const byHand = {
  kind: 'by-hand',
  name: 'Button',
  steps: [{ verb: 'press', control: 'reset' }],
  source: 'test',
};

describe('the touch', () => {
  it('opens at the speed, drops DTR, closes, and the board is there', async () => {
    const here = scene({}, [profileOf({ ways: [touch, byHand] })]);
    here.port.onAct = (act) => {
      if (act === 'close') here.board.become(here.loader);
    };
    expect((await here.run()).outcome).toBe('done');
    expect(here.port.acts).toEqual(['open 1200', 'dtr 0 rts 0', 'close']);
    expect(here.port.received).toBe('');
  });

  it('works where the system lets nobody set DTR, as closing drops it; and where the board is gone at once', async () => {
    const here = scene({}, [profileOf({ ways: [touch] })]);
    here.port.refuseLines = new FlashError('serial.failed', { path: 'x', detail: 'Operation not supported' });
    here.port.onAct = (act) => {
      if (act === 'close') here.board.become(here.loader);
    };
    expect((await here.run()).outcome).toBe('done');
    const quick = scene({}, [profileOf({ ways: [touch] })]);
    quick.port.onAct = (act) => {
      if (act !== 'open 1200') return;
      quick.port.vanish();
      quick.board.become(quick.loader);
    };
    expect((await quick.run()).outcome).toBe('done');
  });

  it('is an honest failure on a board that takes the speed for a speed', async () => {
    const here = scene({}, [profileOf({ ways: [touch, byHand] })]);
    const result = await here.run();
    expect(triedIn(result)).toMatchObject([
      { kind: 'serial-touch', outcome: 'failed', code: 'entry.stayed', params: { answer: undefined } },
    ]);
    expect(result.error?.params).toMatchObject({ board: 'Test board', ways: [{ name: 'Button' }] });
  });
});

describe('a chain of ways', () => {
  const command = {
    kind: 'serial-command',
    prompt: 'ch> ',
    command: 'reset dfu',
    limitMs: 10_000,
    source: 'test',
  };

  it('goes on to the next when one fails, and tells of both', async () => {
    const here = scene({}, [profileOf({ ways: [command, touch, byHand] })]);
    here.port.onAct = (act) => {
      if (act.startsWith('dtr')) here.board.become(here.loader);
    };
    expect((await here.run()).outcome).toBe('done');
    expect(here.rig.events.filter((event) => event.type === 'tried')).toMatchObject([
      { tried: { kind: 'serial-command', outcome: 'failed', code: 'entry.no-prompt' } },
      { tried: { kind: 'serial-touch', outcome: 'worked' } },
    ]);
  });

  it('goes on with the board as it stands: restarted, or in flash mode after its time was over', async () => {
    const here = scene({}, [profileOf({ ways: [command, touch] })]);
    shellOn(here.port, () => {
      here.board.become({});
      return '';
    });
    here.port.onAct = (act) => {
      if (act.startsWith('dtr')) here.board.become(here.loader);
    };
    expect((await here.run()).outcome).toBe('done');
    const late = scene({}, [profileOf({ ways: [command, touch] })]);
    shellOn(late.port, () => {
      late.board.become(late.loader, 10_050);
      return '';
    });
    expect((await late.run()).outcome).toBe('done');
    expect(late.port.acts).not.toContain('open 1200');
  });

  it('ends with DETACH on a board that offers it', async () => {
    const rig = makeRig('runtime-dfu');
    const [facts] = await rig.bench.bus.list({ signal: new AbortController().signal, deadline: 1_000 });
    const ids = (product: number | undefined): string =>
      `${facts?.vendorId.toString(16).padStart(4, '0') ?? ''}:${product?.toString(16).padStart(4, '0') ?? ''}`;
    const profile = profileOf({
      modes: [{ kind: 'runtime-dfu', ids: [ids(facts?.productId)], source: 'test' }],
      ways: [touch],
    });
    const events: unknown[] = [];
    const result = await runJob(
      detach,
      { ...rig.services, profiles: [profile], serial: [scriptedDoor(rig.clock, [])] },
      {
        stop: rig.stop.signal,
        abort: rig.abort.signal,
        emit: (event) => void events.push(event),
        ask: () => Promise.resolve(true),
      },
    );
    expect(result.outcome).toBe('done');
    expect(events.filter((event) => (event as { type: string }).type === 'tried')).toMatchObject([
      { tried: { kind: 'serial-touch', outcome: 'not-possible', code: 'serial.no-port' } },
      { tried: { kind: 'dfu-detach', outcome: 'worked' } },
    ]);
  });
});

describe('who is sent into flash mode at all', () => {
  const touched = profileOf({ ways: [touch] });

  it('is no board that is known by name only', async () => {
    const named = profileOf({ ways: [touch], support: 'named', today: 'Use its own tool.' });
    const here = scene({}, [named]);
    expect((await here.run()).error?.code).toBe('device.none');
    expect(here.port.acts).toEqual([]);
  });

  it('is no board without a way, and none whose names contradict', async () => {
    const other = profileOf({ ways: [touch], modes: [{ ...applicationMode, products: ['Other'] }] });
    for (const profiles of [[], [profileOf({ ways: [byHand] })], [other]]) {
      const here = scene({}, profiles);
      expect((await here.run()).error?.code).toBe('device.none');
      expect(here.port.acts).toEqual([]);
    }
  });

  it('is no board that may be one of several with different ways', async () => {
    const second = profileOf({ id: 'second', name: 'Second', ways: [{ ...touch, baud: 14_400 }] });
    const here = scene({}, [touched, second]);
    const result = await here.run();
    expect(result.error).toMatchObject({
      code: 'entry.which-board',
      params: { boards: ['Test board', 'Second'] },
    });
    expect(here.port.acts).toEqual([]);
  });

  it('is no running board while another is in flash mode', async () => {
    const here = scene({}, [touched]);
    here.rig.bench.plug(createBoard('nanovna-h', { clock: here.rig.clock }), '1-2');
    const result = await here.run();
    expect(result).toMatchObject({ outcome: 'done', portPath: '1-2' });
    expect(here.port.acts).toEqual([]);
  });
});

const applicationMode = { kind: 'application', ids: ['0483:5740'], source: 'test' };
