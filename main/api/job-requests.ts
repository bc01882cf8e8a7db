// From what a page asks for to what a job is given.
import type { BoardPlanInput, PlanInput } from '../../shared/contract/jobs.ts';
import { limits } from '../../shared/limits.ts';
import type { ArmRequest, CompareRequest, FlashRequest, Permission, Selection } from '../jobs/request.ts';
import { readIntactBackup } from '../store/backup-library.ts';
import { describeBackup } from '../store/backup-list.ts';
import type { PageContext } from './context.ts';

export function selectPort(portPath: string): Selection {
  return { device: portPath, waitMs: 0 };
}

export async function flashRequest(context: PageContext, input: PlanInput): Promise<FlashRequest> {
  return {
    kind: 'flash',
    images: await Promise.all(input.images.map((id) => context.images.image(id))),
    selection: { ...selectPort(input.portPath), profile: input.profile },
    address: input.address,
    fromStart: input.fromStart,
    dryRun: false,
    backup: input.backup,
    insistOnBackup: input.insistOnBackup === true,
    verify: input.verify,
    leave: input.leave,
    full: input.full,
    asRaw: input.asRaw,
    keepRest: input.keepRest,
    reset: false,
    allow: new Set<Permission>(input.allowOptionBytes ? ['option-bytes'] : []),
    backupOf: await backupOf(context, input.restoreOf),
  };
}

/** Whose backup it is; undefined where nobody noted it. */
async function backupOf({ parts }: PageContext, id: string | undefined): Promise<FlashRequest['backupOf']> {
  if (id === undefined) return undefined;
  const { record } = (await describeBackup(parts.services.host.paths.backups, id)) ?? {};
  return record === undefined ? undefined : { board: record.board, unit: record.unit };
}

export async function armRequest(
  context: PageContext,
  input: BoardPlanInput & { readonly way?: string | undefined },
): Promise<ArmRequest> {
  const { profile, portPath, way, backup, chip, accept, ...options } = input;
  const wanted = { ...options, portPath: portPath ?? 'any', backup: backup ?? true };
  return {
    kind: 'arm',
    flash: { ...(await flashRequest(context, wanted)), accept: new Set(accept) },
    backup,
    profile,
    chip,
    portPath,
    virtual: portPath !== undefined && context.parts.virtualBoards.has(portPath),
    way,
    waitMs: limits.armedWaitMs,
  };
}

/** @throws FlashError `api.unknown`, `backup.changed`, `file.*`, `image.*` */
export async function compareRequest(
  context: PageContext,
  portPath: string,
  backup: string,
): Promise<CompareRequest> {
  const { readImage, services } = context.parts;
  const bytes = await readIntactBackup(services.host.paths.backups, backup);
  return {
    kind: 'compare',
    image: await readImage(bytes, backup, {}),
    selection: selectPort(portPath),
    backupOf: await backupOf(context, backup),
    leave: false,
    reset: false,
  };
}

export function boardAt({ parts }: PageContext, portPath: string): { board: string; virtual: boolean } {
  const found = parts.boards.seen.value.boards.find((one) => one.portPath === portPath);
  return { board: found?.name ?? portPath, virtual: found?.virtual ?? false };
}
