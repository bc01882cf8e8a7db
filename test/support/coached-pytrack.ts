// A Pytrack that is waited for, and the hands at it (devices.md 2.3).
import { pycomImage } from '../../main/bench/boards/pycom.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { readImage } from '../../main/images/registry.ts';
import type { ArmRequest } from '../../main/jobs/request.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import type { GuideSnapshot } from '../../shared/guide.ts';
import type { Result } from '../../shared/result.ts';
import { flashRequest, makeRig, type Rig } from './rig.ts';

const button = 'MCLR button (S1)';
export const bytes = pycomImage(77);
const ids = { vendorId: 0x04d8, productId: 0xf014, bcdDevice: 0xffff };
export const image = readImage(addDfuSuffix(bytes, ids, 0x0100), 'pytrack_0.0.8.dfu');

export interface Coached extends Rig {
  /** What the person hears, and when. */
  readonly heard: { atMs: number; guide: GuideSnapshot }[];
  hand(atMs: number, ...actions: BenchAction[]): void;
  arm(): Promise<Result>;
  remarks(): string[];
}

/**
 * A Pytrack whose person hears the coach.
 * @param follow what the hand does the moment it hears something
 */
export function coached(
  options: Parameters<typeof makeRig>[1] = {},
  follow?: (guide: GuideSnapshot, rig: Rig) => void,
): Coached {
  const rig = makeRig('pytrack', options);
  const heard: Coached['heard'] = [];
  const request: ArmRequest = {
    kind: 'arm',
    flash: flashRequest([image]),
    backup: undefined,
    profile: 'pycom-pytrack',
    portPath: undefined,
    way: undefined,
    waitMs: 10 * 60_000,
  };
  return {
    ...rig,
    heard,
    hand: (atMs, ...actions) =>
      void rig.clock.after(atMs, () => {
        for (const action of actions) rig.port.act(action);
      }),
    arm: () =>
      rig.run(request, {
        emit: (event) => {
          rig.events.push(event);
          if (event.type !== 'guide' || event.guide === undefined) return;
          heard.push({ atMs: rig.clock.now(), guide: event.guide });
          follow?.(event.guide, rig);
        },
      }),
    remarks: () => {
      const codes = heard.flatMap(({ guide: { remark } }) => (remark === undefined ? [] : [remark.code]));
      return codes.filter((code, index) => code !== codes[index - 1]);
    },
  };
}

export const hold: BenchAction = { act: 'hold', control: button };
export const letGo: BenchAction = { act: 'let-go', control: button };

/** A person who does what is due a moment after it is said, and lets go when told. */
export function follower(reactionMs: number): (guide: GuideSnapshot, rig: Rig) => void {
  const done = new Set<string>();
  return (guide, { clock, port }) => {
    const act = (what: string, action: BenchAction, delayMs = reactionMs): void => {
      const key = `${guide.tries} ${what}`;
      if (done.has(key)) return;
      done.add(key);
      clock.after(delayMs, () => port.act(action));
    };
    for (const { step, state } of guide.steps) {
      if (state !== 'now') continue;
      if (step.verb === 'unplug') act('unplug', { act: 'unplug' });
      if (step.verb === 'hold') act('hold', hold);
      if (step.verb === 'plug-in') act('plug', { act: 'plug' }, 2 * reactionMs);
    }
    if (guide.hold === 'now') act('let go', letGo);
  };
}
