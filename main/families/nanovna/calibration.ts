// The calibration of every slot, as the shell prints it (devices.md 5.4, 5.6 item 2). Slots are looked at by recalling them,
// which changes what the board shows: what was in use is read first, and put back where one of the slots is the same.
import type {
  NanovnaCalibration,
  NanovnaSetting,
  NanovnaSlot,
  ProgramSays,
} from '../../../shared/families.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { FamilyTools } from '../family.ts';
import type { Shell } from './shell.ts';

/** Calibration error terms, by their numbers in `data` (devices.md 5.4). */
const termNumbers = [2, 3, 4, 5, 6];
/** Points of the largest sweep we know, with room: more is nonsense. */
const mostPoints = 1_024;

/** Slots 0 to 4 on the F072 boards, 0 to 6 on the H4 (devices.md 5.4). */
export function slotsOf(says: Pick<ProgramSays, 'profile'>): number[] {
  const count = says.profile === 'nanovna-h4' ? 7 : 5;
  return Array.from({ length: count }, (_, index) => index);
}

/** @throws FlashError as the line does, `job.*`; the board may then show another slot, until it is switched off */
export async function readCalibration(
  shell: Shell,
  numbers: readonly number[],
  tools: FamilyTools,
): Promise<NanovnaCalibration> {
  const inUse = await readSetting(shell);
  const slots: NanovnaSlot[] = [];
  for (const number of numbers) {
    if (tools.stop.aborted) {
      await putBack(shell, inUse, slots);
      throw new FlashError('job.stopped', {});
    }
    const said = await shell.ask(`recall ${number}`);
    const setting = said === undefined ? undefined : await readSetting(shell);
    slots.push({ number, said: said ?? [], setting, sameAs: sameAs(setting, inUse, slots) });
  }
  return { inUse, slots, restored: await putBack(shell, inUse, slots) };
}

/** There is no command that tells which slot is in use; the one that reads the same is as good. */
async function putBack(
  shell: Shell,
  inUse: NanovnaSetting | undefined,
  slots: readonly NanovnaSlot[],
): Promise<NanovnaCalibration['restored']> {
  if (slots.length === 0) return 'as-it-was';
  const same = slots.find(({ setting }) => inUse !== undefined && isSame(setting, inUse));
  const number = same?.number ?? 0;
  if ((await shell.ask(`recall ${number}`)) === undefined) return 'unknown';
  return same === undefined ? 'first-slot' : 'as-it-was';
}

async function readSetting(shell: Shell): Promise<NanovnaSetting | undefined> {
  const sweep = await shell.ask('sweep', areNumbers(3));
  const frequencies = await shell.ask('frequencies', areNumbers(1));
  if (frequencies === undefined) return undefined;
  const terms = new Map<number, readonly string[]>();
  for (const number of termNumbers) {
    const isWhole = (lines: readonly string[]): boolean =>
      areNumbers(2)(lines) && lines.length === frequencies.length;
    const lines = await shell.ask(`data ${number}`, isWhole);
    if (lines !== undefined) terms.set(number, lines);
  }
  return { sweep: sweep ?? [], frequencies, terms };
}

const numeral = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf)`;

/** Every line holds up to so many numbers and nothing else. */
function areNumbers(most: number): (lines: readonly string[]) => boolean {
  const pattern = new RegExp(`^\\s*(?:${numeral})(?:\\s+(?:${numeral})){0,${most - 1}}\\s*$`, 'i');
  return (lines) =>
    lines.length > 0 && lines.length <= mostPoints && lines.every((line) => pattern.test(line));
}

function sameAs(
  setting: NanovnaSetting | undefined,
  inUse: NanovnaSetting | undefined,
  before: readonly NanovnaSlot[],
): NanovnaSlot['sameAs'] {
  if (setting === undefined) return undefined;
  const twin = before.find((slot) => slot.setting !== undefined && isSame(slot.setting, setting));
  if (twin !== undefined) return twin.number;
  return isSame(inUse, setting) ? 'in-use' : undefined;
}

function isSame(a: NanovnaSetting | undefined, b: NanovnaSetting): boolean {
  return a !== undefined && textOf(a) === textOf(b);
}

function textOf({ sweep, frequencies, terms }: NanovnaSetting): string {
  return JSON.stringify([sweep, frequencies, [...terms]]);
}
