// What stands against a file on an ODrive v3 in its boot ROM (devices.md 0.3, 3.4): some versions never start on the wrong
// board, one never on a board without a record, and its one-time memory and option bytes are nobody's to write.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { intersection } from '../../../shared/ranges.ts';
import type { FirmwareImage } from '../../images/image.ts';
import type { GateFinding, GateInput, KnownLater, OdriveRecord } from '../family.ts';
import { boardVersion } from './otp.ts';

/** Two sectors of settings, in turn (devices.md 3.4). */
const settings = { start: 0x080c_0000, end: 0x0810_0000 };
const neverWritten: Readonly<Record<string, string>> = {
  otp: "the board's one-time memory, where its version is kept",
  'option-bytes': 'the option bytes',
  'device-feature': 'the device features',
};

export function gate(input: GateInput): GateFinding[] {
  const record: OdriveRecord = input.loader?.odrive ?? { kind: 'unknown', why: 'unreadable' };
  return [
    ...untouchable(input),
    ...input.images.flatMap((image) => againstBoard(image, record, input)),
    ...aboutRecord(record),
    ...aboutSettings(input),
  ];
}

/** All of it hangs on the board's one-time memory. */
export function knownLater(images: readonly FirmwareImage[]): KnownLater {
  const versions = images.map(versionOf);
  const isOld = versions.some((version) => version !== undefined && !isAtLeast(version, [0, 5, 2]));
  return {
    asks: [
      ...(versions.includes(undefined) ? (['version-unknown'] as const) : []),
      ...(isOld && images.some((image) => namedBoards(image).length > 0)
        ? (['other-board-version'] as const)
        : []),
    ],
    tells: ['odrive-first-record-cancelled'],
  };
}

function untouchable({ placed }: GateInput): GateFinding[] {
  return placed.flatMap(({ kind, start, bytes }): GateFinding[] => {
    const what = neverWritten[kind];
    if (what === undefined) return [];
    const range = { start, end: start + bytes.length };
    return [{ verdict: 'refuse', error: new FlashError('plan.forbidden-range', { range, what }) }];
  });
}

function againstBoard(image: FirmwareImage, record: OdriveRecord, input: GateInput): GateFinding[] {
  const version = versionOf(image);
  if (record.kind === 'unknown') return withoutRecord(image, version, record.why, input);
  const mismatch = namedBoards(image).find(({ minor, voltage }) =>
    minor !== record.minor || (voltage !== undefined && voltage !== record.voltage) ? true : false,
  );
  if (mismatch === undefined) return [];
  const board = `ODrive ${boardVersion(record)}`;
  if (version !== undefined && !isAtLeast(version, [0, 5, 2])) {
    if (input.accept.has('other-board-version')) return [];
    const detail = `${image.name} is for ODrive ${mismatch.text}`;
    const flag = '--accept other-board-version';
    return [{ verdict: 'ask', question: { id: 'other-board-version', flag, detail, board } }];
  }
  return [
    {
      verdict: 'refuse',
      error: new FlashError('plan.wrong-board', {
        file: image.name,
        fileBoard: `ODrive ${mismatch.text}`,
        fileEvidence: mismatch.evidence,
        board,
        boardEvidence: 'its one-time memory',
      }),
    },
  ];
}

/** 0.5.2 spins for ever where the record is empty, and nothing else does (devices.md 3.4). */
function withoutRecord(
  image: FirmwareImage,
  version: string | undefined,
  why: string,
  input: GateInput,
): GateFinding[] {
  if (why !== 'empty') return [];
  if (version === '0.5.2')
    return [{ verdict: 'refuse', error: new FlashError('plan.never-starts', { file: image.name, version }) }];
  if (version !== undefined || input.accept.has('unknown-version')) return [];
  const flag = '--accept unknown-version';
  return [{ verdict: 'ask', question: { id: 'version-unknown', flag, detail: image.name } }];
}

function aboutRecord(record: OdriveRecord): GateFinding[] {
  if (record.kind === 'board')
    return record.firstCancelled ? [firstCancelled(`ODrive ${boardVersion(record)}`)] : [];
  const unproven: GateFinding = { verdict: 'tell', warning: { code: 'odrive-board-unproven' } };
  return record.why === 'all-cancelled' ? [unproven, firstCancelled(undefined)] : [unproven];
}

function firstCancelled(board: string | undefined): GateFinding {
  return { verdict: 'tell', warning: { code: 'odrive-first-record-cancelled', board } };
}

/** Kept unless the file itself lies there. */
function aboutSettings({ placed, accept }: GateInput): GateFinding[] {
  const covers = placed.some(
    ({ kind, start, bytes }) =>
      kind === 'main-flash' && intersection({ start, end: start + bytes.length }, settings) !== undefined,
  );
  if (!covers) return [{ verdict: 'tell', warning: { code: 'odrive-settings-stay' } }];
  if (accept.has('settings')) return [];
  const detail = '0x080C0000 to 0x080FFFFF';
  return [{ verdict: 'ask', question: { id: 'overwrite-settings', flag: '--accept settings', detail } }];
}

interface NamedBoard {
  readonly minor: number;
  readonly voltage: number | undefined;
  readonly text: string;
  readonly evidence: string;
}

/** Every board a file names: by its USB name (no voltage in it), and by its file name. */
function namedBoards(image: FirmwareImage): NamedBoard[] {
  return image.facts.flatMap((fact) => {
    if (fact.code !== 'product') return [];
    const [, minor, voltage] = /^ODrive v3\.(\d+)(?:[ -](\d+)V)?$/.exec(fact.product) ?? [];
    if (minor === undefined) return [];
    const volts = voltage === undefined ? undefined : Number(voltage);
    const text = `v3.${minor}${voltage === undefined ? '' : `-${voltage}V`}`;
    return [{ minor: Number(minor), voltage: volts, text, evidence: fact.evidence }];
  });
}

function versionOf(image: FirmwareImage): string | undefined {
  const fact = image.facts.find((one) => one.code === 'version' && one.of === 'ODrive');
  return fact?.code === 'version' ? fact.version : undefined;
}

function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
