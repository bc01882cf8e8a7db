// What is looked at without a click: folders of boards that were looked for, and, where the person has switched that on, every source
// once a day. Before a first look of somebody's, nothing is.
import type { Settings } from '../../shared/contract/settings.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Snapshots } from '../base/snapshots.ts';
import type { BoardWatch } from '../jobs/board-watch.ts';
import type { OfferBook } from './offer-book.ts';
import type { FirmwareSources } from './sources.ts';

export interface ByItself {
  readonly offers: OfferBook;
  readonly sources: FirmwareSources;
  readonly boards: BoardWatch;
  readonly profiles: readonly Profile[];
  readonly settings: Snapshots<Settings>;
}

/** Until the signal. Never rejects. */
export async function lookByItself(parts: ByItself, signal: AbortSignal): Promise<void> {
  await Promise.all([watchFolders(parts, signal), lookDaily(parts, signal)]);
}

async function watchFolders({ offers, sources }: ByItself, signal: AbortSignal): Promise<void> {
  let watching: Disposable | undefined;
  let watched = '[]';
  for await (const _ of offers.seen.watch(signal)) {
    const folders = await sources.folders(offers.askedFor);
    const wanted = JSON.stringify(folders);
    if (wanted === watched) continue;
    watching?.[Symbol.dispose]();
    watched = wanted;
    watching = sources.watchFolders(folders, () => offers.foldersChanged());
  }
  watching?.[Symbol.dispose]();
}

/** Boards that come, or are there when it is switched on, are told of from what is kept. */
async function lookDaily(
  { offers, sources, boards, profiles, settings }: ByItself,
  signal: AbortSignal,
): Promise<void> {
  const wanted = (): boolean => settings.value.lookDaily;
  using _daily = sources.lookDaily({ profiles, wanted, changed: () => void offers.lookedDaily() });
  const onEvery = async (changes: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of changes) if (wanted()) await offers.takeKept();
  };
  await Promise.all([onEvery(boards.seen.watch(signal)), onEvery(settings.watch(signal))]);
}
