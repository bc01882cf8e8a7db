// How long a board takes on this computer to be seen: learned while one is waited for, and said when the next one is.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import { readImage } from '../../main/images/registry.ts';
import type { ArmRequest } from '../../main/jobs/request.ts';
import { LearnedDelays } from '../../main/store/learned-delays.ts';
import type { GuideSnapshot } from '../../shared/guide.ts';
import { guideDelayText } from '../../shared/text/guide.ts';
import { flashRequest, makeRig, type Rig } from '../support/rig.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-delays-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytes = nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '1.2.46' }, undefined, 9);
const menu = ['CONFIG', 'DFU', 'RESET AND ENTER DFU'];
const request: ArmRequest = {
  kind: 'arm',
  flash: flashRequest([readImage(bytes, 'H.bin')], { address: 0x0800_0000 }),
  backup: undefined,
  profile: 'nanovna-h',
  portPath: undefined,
  way: 'Menu',
  waitMs: 600_000,
};

function waiting(delays: LearnedDelays): Rig {
  const rig = makeRig('nanovna-h', { timeScale: 0, startIn: 'app', silentShell: true });
  rig.port.unplug();
  Object.assign(rig.services, { delays });
  return rig;
}

async function wait(rig: Rig): Promise<GuideSnapshot[]> {
  const guides: GuideSnapshot[] = [];
  rig.clock.after(1_000, () => rig.port.act({ act: 'plug' }));
  // Its shell was given up by then.
  rig.clock.after(60_000, () => rig.port.act({ act: 'choose', path: menu }));
  const result = await rig.run(request, {
    emit(event) {
      if (event.type === 'guide' && event.guide !== undefined) guides.push(event.guide);
    },
  });
  expect(result).toMatchObject({ outcome: 'done', app: 'running' });
  return guides;
}

it('is learned from a board that restarts into flash mode, and said before the next one', async () => {
  const file = path.join(folder, 'delays.json');
  const delays = await LearnedDelays.open(file, () => undefined);
  const first = await wait(waiting(delays));
  expect(first[0]?.usualDelayMs).toBeUndefined();
  await delays.saved();

  const learned = delays.usual('nanovna-h') ?? 0;
  expect(learned).toBeGreaterThan(0);
  expect(learned).toBeLessThan(5_000);
  // Another run of the program.
  const [next] = await wait(waiting(await LearnedDelays.open(file, () => undefined)));
  expect(next?.usualDelayMs).toBe(learned);
  expect(next === undefined ? '' : guideDelayText(next)).toMatch(
    /^On this computer it is usually seen \d+\.\d s after it gets power\./,
  );
});
