// Looking for firmware: every source of a board is asked, and whatever goes wrong with one costs no other.
import { isFlashError } from '../../shared/errors/flash-error.ts';
import type { FirmwareLook, FirmwarePage } from '../../shared/firmware.ts';
import { limits } from '../../shared/limits.ts';
import type { Profile } from '../../shared/profile.ts';
import { shrink, type Wait } from '../base/wait.ts';
import { lookIntoFolder } from './folder-source.ts';
import { lookAtGithub } from './github.ts';
import { lookAtIndex } from './index-source.ts';
import { loadLook, saveLook, type KeptLook } from './kept-looks.ts';
import type { Found, KnownSource, WebFound } from './offers.ts';
import { loadOwnSources, noneOfTheirOwn, sourcesOf, type OwnSources } from './own-sources.ts';
import { updateProblem } from './problems.ts';
import { mayAsk, type LookForUpdates, type LookOptions, type UpdateServices } from './updates.ts';

export const lookForUpdates: LookForUpdates = async (services, profile, options) => {
  try {
    const own = await loadOwnSources(services);
    return await Promise.all(asked(profile, own).map((known) => lookAt(services, known, options)));
  } catch (error) {
    if (isFlashError(error, 'job.aborted', 'job.stopped')) throw error;
    // Without the person's own list nobody knows which keys were pinned, so nobody is asked.
    const problem = updateProblem(error, services.folder);
    return asked(profile, noneOfTheirOwn).map((known) => ({ ...lookOf(known, undefined, 'cache'), problem }));
  }
};

function asked(profile: Profile, own: OwnSources): KnownSource[] {
  return sourcesOf(profile, own).filter(({ source }) => source.kind !== 'page');
}

/** Pages of the makers of a board, for a person to look at. @throws FlashError `file.*`, `update.malformed` */
export async function pagesOf(
  place: Pick<UpdateServices, 'folder'>,
  profile: Profile,
): Promise<readonly FirmwarePage[]> {
  return sourcesOf(profile, await loadOwnSources(place)).flatMap(({ source }) =>
    source.kind === 'page'
      ? [{ profile: profile.id, source: source.id, address: source.address, take: source.take }]
      : [],
  );
}

/** @throws FlashError `job.aborted` */
async function lookAt(
  services: UpdateServices,
  known: KnownSource,
  { wait, ask }: LookOptions,
): Promise<FirmwareLook> {
  const kept = await loadLook(services, known);
  if (!mayAsk(ask, known.source.kind)) return lookOf(known, kept, 'cache');
  try {
    const { found, etag } = await askSource(services, known, wait, kept?.etag);
    const { offers, leftOut, signature, wentBack }: Found = found ?? kept ?? nothing;
    const look: KeptLook = {
      at: services.now().toISOString(),
      ...(etag === undefined ? {} : { etag }),
      offers: [...offers],
      leftOut,
      signature,
      ...(wentBack === undefined ? {} : { wentBack }),
    };
    await saveLook(services, known, look);
    return lookOf(known, look, 'net');
  } catch (error) {
    if (isFlashError(error, 'job.aborted', 'job.stopped')) throw error;
    const problem = updateProblem(error, known.source.id);
    services.log.write('warn', 'updates', `${known.profile} ${known.source.id}: ${problem.code}`);
    // What came signed before was true then. That an index is now forged or held back is no reason to believe the older one less.
    return { ...lookOf(known, kept, 'cache'), problem };
  }
}

const nothing = { offers: [], leftOut: 0, signature: 'not-signable' } as const;

async function askSource(
  services: UpdateServices,
  known: KnownSource,
  wait: Wait,
  etag: string | undefined,
): Promise<WebFound> {
  const { source } = known;
  switch (source.kind) {
    case 'github-releases':
      return await lookAtGithub(services, { ...known, source }, { wait, etag });
    case 'index':
      return await lookAtIndex(services, { ...known, source }, { wait, etag });
    case 'folder': {
      const bounded = shrink(wait, services.clock, limits.lookMs);
      return { found: await lookIntoFolder(services, { ...known, source }, bounded), etag: undefined };
    }
    case 'page':
      return { found: nothing, etag: undefined };
  }
}

function lookOf(
  { profile, source }: KnownSource,
  kept: KeptLook | undefined,
  from: 'net' | 'cache',
): FirmwareLook {
  const { at, offers, leftOut, signature, wentBack } = kept ?? {
    at: undefined,
    wentBack: undefined,
    ...nothing,
  };
  const kind = source.kind as FirmwareLook['kind'];
  return {
    profile,
    source: source.id,
    kind,
    at,
    from,
    offers,
    leftOut,
    signature,
    ...(wentBack === undefined ? {} : { wentBack }),
  };
}
