// Which board a job is for: settled before anything is sent to it, and never guessed.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Selection } from './request.ts';
import type { Services } from './services.ts';
import { mayBe, type Sighting } from './survey.ts';

/** The profile of the board, where it is known. */
export function profileOf(
  { profiles }: Pick<Services, 'profiles'>,
  { report }: Sighting,
): Profile | undefined {
  return profiles.find((one) => one.id === report.profile);
}

/** @throws FlashError `device.not-that-board` where what it shows rules that out, or proves another */
export function refuseAnother(
  { profiles }: Services,
  sighting: Sighting,
  profile: Selection['profile'],
): void {
  if (mayBe(sighting, profile)) return;
  const said = profiles.find((one) => one.id === profile)?.name ?? profile ?? '';
  const { portPath, name, evidence } = sighting.report;
  throw new FlashError('device.not-that-board', { portPath, said, found: `${name} (${evidence})` });
}

/**
 * Boards that show the same and take different firmware: the suffix of the file fits all of them (devices.md 2.1), so only
 * the person can say. Reading needs no answer.
 * @throws FlashError `device.which-board`
 */
export function refuseUnlessKnown({ profiles }: Services, { report }: Sighting): void {
  // What cannot be opened tells nothing of which it is: that it cannot be opened is what there is to say.
  if (report.profile !== undefined || report.problem !== undefined) return;
  const choices = report.candidates.filter((one) => !one.generic && one.support === 'full');
  const described = choices.flatMap((one) => profiles.find(({ id }) => id === one.profile) ?? []);
  if (new Set(described.map(treatment)).size < 2) return;
  throw new FlashError('device.which-board', {
    portPath: report.portPath,
    choices: choices.map(({ profile, name, printed }) => ({ profile, name, printed: printed?.name })),
  });
}

/** All of a profile that changes what a flash would do. */
function treatment(profile: Profile): string {
  const { files, forbidden, secrets, window, watchdog, backup, family } = profile;
  return JSON.stringify([files, forbidden, secrets, window, watchdog, backup, family]);
}
