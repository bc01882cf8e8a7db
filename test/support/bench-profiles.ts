// Profiles of boards on the bench, for tests of what waits for them.
import * as v from 'valibot';
import { profileSchema, type GuideStep, type Profile } from '../../shared/profile.ts';

/** Hold, plug in, let go: as boards with a button for flash mode have it (devices.md 2.3). */
export const buttonSteps: readonly GuideStep[] = [
  { verb: 'unplug', proof: 'left-usb' },
  { verb: 'hold', control: 'S1 button' },
  { verb: 'plug-in', proof: 'came-to-usb' },
  { verb: 'wait', forMs: 1000 },
  { verb: 'let-go', control: 'S1 button', proof: 'in-flash-mode' },
];

function profileOf(more: object): Profile {
  return v.parse(profileSchema, {
    maker: 'The bench',
    support: 'full',
    tested: 'simulator',
    ways: [{ kind: 'by-hand', name: 'Button', steps: buttonSteps, source: 'the bench' }],
    sources: ['the bench'],
    ...more,
  });
}

/** The bench's nanovna-h, without its serial ways. */
export const nanovnaProfile: Profile = profileOf({
  id: 'test-nanovna',
  name: 'NanoVNA-H',
  modes: [
    { kind: 'application', ids: ['0483:5740'], source: 'devices.md 5.2' },
    { kind: 'flash', ids: ['0483:df11'], chips: ['stm32f072'], source: 'devices.md 5.2' },
  ],
});

/** The bench's plain-dfu, `manifestationTolerant: false`, taken for a Pycom board: the same kind of loader. */
export const plainProfile: Profile = profileOf({
  id: 'test-plain',
  name: 'Plain board',
  modes: [{ kind: 'flash', ids: ['1209:0001'], source: 'the bench' }],
  window: { ms: 7000, source: 'devices.md 2.3' },
  backup: { default: 'off', why: 'Its window is short.', source: 'devices.md 2.5' },
  family: 'pycom',
  files: { names: ['*.dfu'], bytes: 10_000, source: 'devices.md 2.4' },
});

/** The bench's runtime-dfu, which detaches by itself. */
export const detachingProfile: Profile = profileOf({
  id: 'test-detaching',
  name: 'Detaching board',
  modes: [
    { kind: 'runtime-dfu', ids: ['1209:0002'], source: 'the bench' },
    { kind: 'flash', ids: ['1209:0003'], source: 'the bench' },
  ],
  ways: [
    { kind: 'dfu-detach', source: 'the bench' },
    { kind: 'by-hand', name: 'Button', steps: buttonSteps, source: 'the bench' },
  ],
  backup: { default: 'off', source: 'the bench' },
  family: 'pycom',
});

export const testProfiles: readonly Profile[] = [nanovnaProfile, plainProfile, detachingProfile];
