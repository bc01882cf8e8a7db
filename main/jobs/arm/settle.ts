// Everything that can be settled before the board is there: its plan, its backup, the way to open it.
import { createHash } from 'node:crypto';
import type { ErrorCode, ErrorParams } from '../../../shared/errors/codes.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { windowOf } from '../../../shared/coach-state.ts';
import type { Plan, PlanCondition, PlanRefusal, PlanWarning } from '../../../shared/plan.ts';
import type { Profile } from '../../../shared/profile.ts';
import type { BoardFacts } from '../board-facts.ts';
import { estimateRead } from '../estimate.ts';
import { planFlash } from '../plan.ts';
import { rangesOf } from '../../targets/target.ts';
import type { ArmRequest, FlashRequest } from '../request.ts';
import type { Services } from '../services.ts';
import { conditionsOf } from './conditions.ts';
import { chipChoices, expectedBoard, openBoards } from './expected-board.ts';
import { chipInFiles } from './file-chip.ts';
import { openPlan } from './open-plan.ts';

/** What is settled: the request as it will be run, and its plan for the board that is expected. */
export interface Settled {
  readonly profile: Profile;
  readonly flash: FlashRequest;
  readonly plan: Plan;
}

/** Of the window, a backup may take this much at most: estimates are rough, and there is the writing to begin. */
const backupShare = 1 / 3;

/**
 * Plans for the board of a profile. What stands against it, access to its flash mode included, is in `plan.refusals`.
 * @throws FlashError `api.unknown` for a profile or a chip there is not, `arm.not-plannable`
 */
export async function settle(
  request: Pick<ArmRequest, 'flash' | 'backup' | 'profile' | 'virtual' | 'chip'>,
  services: Services,
): Promise<Settled> {
  const profile = services.profiles.find(({ id }) => id === request.profile);
  if (profile === undefined) throw new FlashError('api.unknown', { what: 'board' });
  const { profiles } = services;
  const choices = chipChoices(profile);
  if (request.chip !== undefined && !choices.includes(request.chip))
    throw new FlashError('api.unknown', { what: 'chip' });
  const chip = request.chip ?? chipInFiles(request.flash.images, choices);
  const board = expectedBoard(profile, profiles, chip);
  const open = board === undefined ? openBoards(profile, profiles) : undefined;
  const first = board ?? open?.unknown;
  if (first === undefined) throw new FlashError('arm.not-plannable', { board: profile.name });
  const flash: FlashRequest = {
    ...request.flash,
    ...backupPolicy(profile, first, request),
    insistOnBackup: request.backup === true,
  };
  const planned = open === undefined ? planFlash(first, flash, []).plan : openPlan(profile, open, flash);
  const conditions = conditionsOf(planned, flash, profile.family);
  const access =
    request.virtual === true ? { refusals: [], warnings: [] } : await accessTo(profile, services);
  return {
    profile,
    flash,
    plan: {
      ...planned,
      conditions,
      hash: hashWith(planned.hash, conditions),
      warnings: [...access.warnings, ...planned.warnings],
      refusals: [...unsupported(profile, flash), ...access.refusals, ...planned.refusals],
    },
  };
}

/** What was answered beforehand is part of what is confirmed. */
function hashWith(hash: string, conditions: readonly PlanCondition[]): string {
  return createHash('sha256')
    .update(JSON.stringify([hash, conditions]))
    .digest('hex');
}

/** The first refusal is the error; all of them were shown with the plan. @throws FlashError */
export function refuse({ refusals: [first] }: Plan): void {
  if (first !== undefined) throw new FlashError(first.code, first.params as ErrorParams[ErrorCode]);
}

/** A window that does not last is for writing: what can be put back from a file need not be read in it. */
function backupPolicy(
  profile: Profile,
  board: BoardFacts,
  { backup, flash }: Pick<ArmRequest, 'flash' | 'backup'>,
): Pick<FlashRequest, 'backup' | 'noBackup'> {
  if (backup === false || !flash.backup) return { backup: false };
  if (profile.backup?.default === 'off' && backup !== true)
    return {
      backup: false,
      noBackup: {
        code: 'no-backup',
        why: 'not-usual',
        reason: profile.backup.why ?? 'It is not usual for this board.',
      },
    };
  const windowMs = windowOf(profile);
  if (windowMs === undefined) return { backup: true };
  const bytes = readableBytes(board) ?? profile.files?.bytes;
  const fits = bytes !== undefined && estimateRead(bytes) <= windowMs * backupShare;
  return fits
    ? { backup: true }
    : { backup: false, noBackup: { code: 'no-backup', why: 'window-too-short', windowMs } };
}

function readableBytes(board: BoardFacts): number | undefined {
  if (!board.addressed) return undefined;
  const main = board.regions.filter((region) => region.kind === 'main-flash');
  return main.flatMap(rangesOf).reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Boards that are known by name only are not waited for, either. */
function unsupported({ support, name, today = '' }: Profile, { allow }: FlashRequest): PlanRefusal[] {
  if (support !== 'named' || allow.has('unsupported-board')) return [];
  return [{ code: 'device.unsupported', params: { board: name, today } }];
}

/** The port of its program tells nothing of flash mode, which is another device to the system (rivals.md B 10). */
async function accessTo(
  profile: Profile,
  { flashModeAccess, host }: Services,
): Promise<{ refusals: PlanRefusal[]; warnings: PlanWarning[] }> {
  const ids = profile.modes.find((mode) => mode.kind === 'flash')?.ids[0];
  if (flashModeAccess === undefined || ids === undefined) return { refusals: [], warnings: [] };
  const { answer, why } = await flashModeAccess(ids, true);
  switch (answer) {
    case 'yes':
      return { refusals: [], warnings: [] };
    case 'unknown':
      return { refusals: [], warnings: [{ code: 'access-unknown', ids, why }] };
    case 'no': {
      const params = { board: profile.name, ids, why, platform: host.platform };
      return { refusals: [{ code: 'arm.no-access', params }], warnings: [] };
    }
  }
}
