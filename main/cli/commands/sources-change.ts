// What a person adds to where firmware comes from, and the index a person publishes.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import {
  channelSchema,
  firmwareSourceSchema,
  publicKeySchema,
  type FirmwareSource,
} from '../../../shared/firmware-source.ts';
import { limits } from '../../../shared/limits.ts';
import { ExitCode } from '../../../shared/result.ts';
import { sourcesTexts } from '../../../shared/text/sources.ts';
import { addressWhys } from '../../../shared/text/update-errors.ts';
import {
  changeOwnSources,
  isFolderThere,
  loadOwnSources,
  makeIndex,
  namedAddressProblem,
  readFileBounded,
  realClock,
  replaceFile,
  signIndex,
  sourcesOf,
  startWait,
} from '../../core.ts';
import { writeJson } from '../report-json.ts';
import { boardNamed, openSources, say, type SourcesOptions } from './sources.ts';

export interface AddOptions extends SourcesOptions {
  readonly id?: string;
  readonly key?: string;
  readonly channel?: string;
  readonly files?: readonly string[];
}

/** Adds an index by its address, or a folder. @throws FlashError `usage`, `file.*` */
export async function addSource(board: string, where: string, options: AddOptions): Promise<ExitCode> {
  const place = await openSources(options);
  const profile = boardNamed(place, board);
  if (isAddress(where)) refuseAddress(where);
  const read = v.safeParse(firmwareSourceSchema, sourceFrom(where, options));
  if (!read.success) throw new FlashError('usage', { detail: `${where}: ${problemOf(read.issues[0])}` });
  const source = read.output;
  if (sourcesOf(profile, await loadOwnSources(place.services)).some((one) => one.source.id === source.id))
    throw new FlashError('usage', {
      detail: `${board} has a source ${source.id} already; give this one another --id`,
    });
  await changeOwnSources(place.services, (own) => ({ ...own, sources: [...own.sources, { board, source }] }));
  if (options.json === true) writeJson('sources', { board, sources: [{ ...source, own: true }] });
  else say([sourcesTexts.added(board, source.id), ...(await notThere(source))]);
  return ExitCode.done;
}

/** A share may come later, and a name may be misspelt. */
async function notThere(source: FirmwareSource): Promise<string[]> {
  if (source.kind !== 'folder') return [];
  const wait = startWait(realClock, limits.folderThereMs);
  return (await isFolderThere(realClock, source.folder, wait)) ? [] : [sourcesTexts.notThere(source.folder)];
}

function sourceFrom(where: string, { id, key, channel, files = [] }: AddOptions): unknown {
  const common = { source: 'added by the person' };
  if (isAddress(where)) {
    return {
      kind: 'index',
      id: id ?? 'own-index',
      address: where,
      ...(key === undefined ? {} : { key }),
      ...(channel === undefined ? {} : { channel }),
      ...common,
    };
  }
  if (files.length === 0)
    throw new FlashError('usage', { detail: "A folder needs --files, as --files 'rocket_{version}.bin'" });
  if (key !== undefined)
    throw new FlashError('usage', { detail: 'A folder has no signature: --key is for an index' });
  for (const name of files)
    if (!name.includes('{version}'))
      throw new FlashError('usage', { detail: `${name}: {version} must be in it` });
  const assets = files.map((name) => ({ name }));
  return { kind: 'folder', id: id ?? 'own-folder', folder: path.resolve(where), assets, ...common };
}

function isAddress(where: string): boolean {
  return /^[a-z]+:\/\//i.test(where);
}

function refuseAddress(address: string): void {
  const why = namedAddressProblem(address);
  if (why !== undefined)
    throw new FlashError('usage', { detail: `${address} is not fetched from, as ${addressWhys[why]}` });
}

function problemOf({ path: at, message }: v.BaseIssue<unknown>): string {
  return `${(at ?? []).map(({ key }) => String(key)).join('.')}: ${message}`;
}

/** Takes back what was added. @throws FlashError `usage` where it was not, `file.*` */
export async function removeSource(board: string, id: string, options: SourcesOptions): Promise<ExitCode> {
  const { services } = await openSources(options);
  const isIt = (one: { board: string; source: FirmwareSource }): boolean =>
    one.board === board && one.source.id === id;
  if (!(await loadOwnSources(services)).sources.some(isIt))
    throw new FlashError('usage', { detail: `You have added no source ${id} for ${board}` });
  await changeOwnSources(services, (own) => ({ ...own, sources: own.sources.filter((one) => !isIt(one)) }));
  if (options.json === true) writeJson('source-removed', { board, source: id });
  else say([sourcesTexts.removed(board, id)]);
  return ExitCode.done;
}

/** Pins the key of an index, or forgets it where none is given. @throws FlashError `usage`, `file.*` */
export async function pinKey(
  board: string,
  id: string,
  key: string | undefined,
  options: SourcesOptions,
): Promise<ExitCode> {
  const place = await openSources(options);
  const sources = sourcesOf(boardNamed(place, board), await loadOwnSources(place.services));
  const source = sources.find((one) => one.source.id === id)?.source;
  if (source?.kind !== 'index')
    throw new FlashError('usage', { detail: `${board} has no index called ${id}` });
  if (key !== undefined && !v.is(publicKeySchema, key))
    throw new FlashError('usage', {
      detail: 'A key is 32 bytes in base64; docs/updates.md says how it is printed',
    });
  await changeOwnSources(place.services, (own) => {
    const others = own.keys.filter((one) => one.board !== board || one.source !== id);
    return { ...own, keys: key === undefined ? others : [...others, { board, source: id, key }] };
  });
  if (options.json === true) writeJson('key-pinned', { board, source: id, key });
  else say([key === undefined ? sourcesTexts.unpinned(board, id) : sourcesTexts.pinned(board, id)]);
  return ExitCode.done;
}

export interface IndexCommandOptions extends SourcesOptions {
  readonly firmware?: readonly string[];
  readonly name?: string;
  readonly base?: string;
  readonly channel?: string;
  readonly bootloader?: string;
  readonly sign?: string;
  readonly out?: string;
}

/** Makes an index of a folder, and signs it. @throws FlashError `usage`, `file.*` */
export async function makeIndexFile(folder: string, options: IndexCommandOptions): Promise<ExitCode> {
  const { firmware = [], base } = options;
  if (firmware.length === 0)
    throw new FlashError('usage', {
      detail: "Say which files are for which board: --firmware 'acme-rocket=rocket_{version}.bin'",
    });
  if (base !== undefined) refuseAddress(base);
  const channel = v.safeParse(channelSchema, options.channel ?? 'stable');
  if (!channel.success) throw new FlashError('usage', { detail: '--channel takes stable or pre-release' });
  const out = path.resolve(options.out ?? path.join(folder, 'index.json'));
  const made = await makeIndex(folder, {
    name: options.name ?? path.basename(path.resolve(folder)).replaceAll(/[^0-9A-Za-z._-]/g, '-'),
    firmware: firmware.map(firmwareFrom),
    channel: channel.output,
    base,
    smallestBootloader: options.bootloader,
    now: new Date(),
    before: await readIfThere(out),
  });
  const signed =
    options.sign === undefined
      ? undefined
      : signIndex(made.bytes, new TextDecoder().decode(await readFileBounded(options.sign, 16 * 1024)));
  await mkdir(path.dirname(out), { recursive: true }).catch(() => undefined);
  // The signature first: who looks in between sees the old index with a signature that does not fit, and looks again.
  if (signed !== undefined) await replaceFile(`${out}.sig`, signed.signature);
  await replaceFile(out, made.bytes);
  const told = { path: out, count: made.entries.length, sequence: made.sequence, key: signed?.key };
  if (options.json === true) writeJson('index-made', told);
  else {
    say(
      made.entries.map(
        (one) =>
          `${one.board} ${one.version}: ${one.fileName ?? one.address}, SHA-256 ${one.sha256.slice(0, 16)}…`,
      ),
    );
    say([`${out}, number ${made.sequence}`]);
    say(signed === undefined ? ['It is not signed.'] : [`Signed: ${out}.sig. Its public key: ${signed.key}`]);
  }
  return ExitCode.done;
}

/** `acme-rocket=rocket_{version}.bin`, `odrive-v3@v3.6-56V=fw_{version}.hex`. */
function firmwareFrom(text: string): { board: string; variant: string | undefined; name: string } {
  const [, board = '', variant, name = ''] = /^([a-z0-9-]+)(?:@([^=]+))?=(.+)$/.exec(text) ?? [];
  if (board === '' || !name.includes('{version}'))
    throw new FlashError('usage', {
      detail: `"${text}": say BOARD=NAME or BOARD@VARIANT=NAME, with {version} in the name`,
    });
  return { board, variant, name };
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFileBounded(file, limits.firmwareIndexBytes);
  } catch (error) {
    if (isFlashError(error, 'file.not-found')) return undefined;
    throw error;
  }
}
