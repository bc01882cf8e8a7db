// What stands against a file on a NanoVNA, and what it would cost (devices.md 5.5, 5.7, 5.8).
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { NanovnaLayout } from '../../../shared/families.ts';
import { intersection, type Range } from '../../../shared/ranges.ts';
import { indexOfBytes } from '../../base/bytes.ts';
import type { FirmwareImage } from '../../images/image.ts';
import type { GateFinding, GateInput } from '../family.ts';
import { codeEndOf, keptIn, slotRanges, type Kept } from './layout.ts';

/** The name ttrftech's programs have on USB, as USB wants it (devices.md 5.2). */
const chibiosName = Uint8Array.from(
  Array.from('ChibiOS/RT Virtual COM Port', (letter) => [letter.charCodeAt(0), 0]).flat(),
);
const productNames: Readonly<Record<string, string>> = {
  'nanovna-h': 'NanoVNA-H',
  'nanovna-h4': 'NanoVNA-H4',
};
const chipsOfBoards: Readonly<Record<string, string>> = {
  'nanovna-h': 'stm32f072',
  'nanovna-h4': 'stm32f303',
};

export function gate(input: GateInput): GateFinding[] {
  return input.images.flatMap((image) => [...wrongModel(image, input), ...lostCalibration(image, input)]);
}

/** Both sides by evidence; a file that says nothing is asked for, never refused for it. */
function wrongModel(image: FirmwareImage, input: GateInput): GateFinding[] {
  const board = boardOf(input);
  const named = productOf(image);
  if (named !== undefined) {
    const name = board === undefined ? undefined : productNames[board.profile];
    if (board === undefined || name === undefined || named.product === name) return [];
    const { product, evidence } = named;
    return [
      {
        verdict: 'refuse',
        error: new FlashError('plan.wrong-board', {
          file: image.name,
          fileBoard: product,
          fileEvidence: evidence,
          board: name,
          boardEvidence: board.evidence,
        }),
      },
    ];
  }
  if (input.accept.has('unnamed-board')) return [];
  const name = board === undefined ? input.board : (productNames[board.profile] ?? input.board);
  const question = {
    id: 'file-names-no-board',
    flag: '--accept unnamed-board',
    detail: image.name,
    board: name,
  } as const;
  return [{ verdict: 'ask', question }];
}

/** The program's own word goes before the map, and the map before what was told: all three must agree in the end. */
function boardOf({ says, chip, profile }: GateInput): { profile: string; evidence: string } | undefined {
  const byChip = Object.entries(chipsOfBoards).find(([, one]) => one === chip)?.[0];
  if (byChip !== undefined) return { profile: byChip, evidence: 'its memory map' };
  if (says?.profile !== undefined) return { profile: says.profile, evidence: 'its program' };
  return profile !== undefined && profile.id in productNames
    ? { profile: profile.id, evidence: 'you said so' }
    : undefined;
}

/** The model a file names, and where it does. */
export function productOf(image: FirmwareImage): { product: string; evidence: string } | undefined {
  const fact = image.facts.find((one) => one.code === 'product' && one.product.startsWith('NanoVNA-'));
  return fact?.code === 'product' ? fact : undefined;
}

/** Told, never refused: the backup has it all, and text of it lies beside the backup. */
function lostCalibration(image: FirmwareImage, input: GateInput): GateFinding[] {
  if (bringsItsOwn(input)) return [];
  const before = keptOnBoard(input);
  const after = layoutOfFile(image);
  if (before !== undefined && after !== undefined && before.layout !== after) {
    return [lost('layout-changes', image.name, before.slots)];
  }
  const covered = coveredSlots(input, before?.layout ?? after);
  if (covered.length === 0) return [];
  const held = before?.slots?.filter((slot) => covered.includes(slot));
  // What is known to hold nothing cannot be lost.
  return held?.length === 0 ? [] : [lost('written-over', image.name, held)];
}

function lost(
  why: 'layout-changes' | 'written-over',
  name: string,
  slots: readonly number[] | undefined,
): GateFinding {
  return { verdict: 'tell', warning: { code: 'calibration-lost', why, name, slots } };
}

/** A backup of the whole memory has settings and calibration of its own, for its own program. */
export function bringsItsOwn({ chip, placed }: Pick<GateInput, 'chip' | 'placed'>): boolean {
  return keptIn(chip, (range) => bytesOf(placed, range)) !== undefined;
}

/** What the board keeps: from its bytes once they are read; before that, only whose program it runs. */
export function keptOnBoard(
  input: Pick<GateInput, 'chip' | 'known' | 'says'>,
): (Omit<Kept, 'slots'> & { readonly slots: readonly number[] | undefined }) | undefined {
  const kept = keptIn(input.chip, (range) => bytesOf(input.known, range));
  if (kept !== undefined) return kept;
  const layout = input.says?.layout;
  return layout === undefined ? undefined : { layout, slots: undefined };
}

function bytesOf(known: GateInput['known'], range: Range): Uint8Array | undefined {
  const run = known.find(
    (one) => one.alternate === 0 && one.start <= range.start && one.start + one.bytes.length >= range.end,
  );
  return run?.bytes.subarray(range.start - run.start, range.end - run.start);
}

/** Which builder's program a file is: only DiSlord's names its board (devices.md 5.7); undefined for others'. */
export function layoutOfFile(image: FirmwareImage): NanovnaLayout | undefined {
  if (productOf(image) !== undefined) return 'dislord';
  return image.parts.some((part) => indexOfBytes(part.bytes, chibiosName) !== undefined)
    ? 'ttrftech'
    : undefined;
}

/** Slots that the file's bytes touch; with no layout known, any byte behind the code area counts as slot 0's. */
function coveredSlots({ placed, chip }: GateInput, layout: NanovnaLayout | undefined): number[] {
  const runs = placed
    .filter((one) => one.kind === 'main-flash')
    .map(({ start, bytes }) => ({ start, end: start + bytes.length }));
  if (layout !== undefined) {
    return slotRanges(layout, chip).flatMap((slot, index) =>
      runs.some((run) => intersection(run, slot) !== undefined) ? [index] : [],
    );
  }
  const end = codeEndOf(chip);
  return end !== undefined && runs.some((run) => run.end > end) ? [0] : [];
}
