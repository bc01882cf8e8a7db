// A list of firmware that somebody publishes, and whether it is theirs.
import * as v from 'valibot';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { firmwareIndexSchema, indexEntrySchema } from '../../shared/firmware-index.ts';
import type { FirmwareOffer, WentBack } from '../../shared/firmware.ts';
import type { IndexSource } from '../../shared/firmware-source.ts';
import { limits } from '../../shared/limits.ts';
import type { Wait } from '../base/wait.ts';
import { addressProblem, bareHost } from '../base/web-address.ts';
import { makeOffer, usable, type Found, type KnownSource, type WebFound } from './offers.ts';
import { readJson, whyNot } from './read-json.ts';
import { ownHostOf } from './own-sources.ts';
import { rememberSequence, type SeenIndex } from './seen.ts';
import { isSignedBy, readSignature } from './signature.ts';
import type { UpdateServices } from './updates.ts';
import { askWeb, hostOf, type Question } from './web.ts';

type KnownIndex = KnownSource & { readonly source: IndexSource };

/** @throws FlashError `update.*`, `job.aborted` */
export async function lookAtIndex(
  services: UpdateServices,
  known: KnownIndex,
  { wait, etag }: { readonly wait: Wait; readonly etag: string | undefined },
): Promise<WebFound> {
  const { address, key } = known.source;
  const host = hostOf(address);
  const common = { ownHost: ownHostOf(known), limitMs: limits.lookMs, wait };
  const answer = await askWeb(services, {
    ...common,
    address,
    headers: { accept: 'application/json', ...(etag === undefined ? {} : { 'if-none-match': etag }) },
    limitBytes: limits.firmwareIndexBytes,
  });
  if (answer.status === 304 && etag !== undefined) return { found: undefined, etag };
  refuseStatus(answer.status, host);
  // Before anything in it is believed, the form of it included.
  if (key !== undefined) await checkSignature(services, { ...common, address }, answer.bytes, key);
  const index = v.safeParse(firmwareIndexSchema, readJson(answer.bytes, host));
  if (!index.success) throw new FlashError('update.malformed', { host, reason: whyNot(index.issues[0]) });
  const { name, sequence, publishedAt, firmware } = index.output;
  const seen = { name, sequence, publishedAt, host };
  if (key !== undefined) await refuseOlder(services, known, { key, ...seen });
  const wentBack = key === undefined ? await wentBackTo(services, known, seen) : undefined;
  return {
    found: {
      ...offersOf(services, known, firmware),
      signature: key === undefined ? 'none' : 'good',
      ...(wentBack === undefined ? {} : { wentBack }),
    },
    etag: answer.headers['etag'],
  };
}

/**
 * Nobody can put an old one in the place of a later one: neither of those with its name, wherever they lie, nor at this address, whatever
 * they were called then.
 * @throws FlashError `update.replayed`, `update.folder`
 */
async function refuseOlder(
  services: UpdateServices,
  { profile, source }: KnownIndex,
  index: SeenIndex,
): Promise<void> {
  const here = `${index.key} at ${profile} ${source.address}`;
  await rememberSequence(services, { ...index, key: here, name: '' });
  await rememberSequence(services, index);
}

/** Who can change an index that nobody signed can change its number too: that it went back is told, and refuses nothing. */
async function wentBackTo(
  services: UpdateServices,
  { profile, source }: KnownIndex,
  seen: Omit<SeenIndex, 'key'>,
): Promise<WentBack | undefined> {
  try {
    await rememberSequence(services, { key: `unsigned ${profile} ${source.address}`, ...seen });
    return undefined;
  } catch (error) {
    return isFlashError(error, 'update.replayed')
      ? { found: error.params.found, seen: error.params.seen }
      : undefined;
  }
}

function refuseStatus(status: number, host: string): void {
  if (status === 429) throw new FlashError('update.rate-limited', { host, until: undefined });
  if (status !== 200) throw new FlashError('update.status', { host, status });
}

/** The signature lies beside the index, under its address and `.sig`. */
async function checkSignature(
  services: UpdateServices,
  question: Omit<Question, 'limitBytes'>,
  bytes: Uint8Array,
  key: string,
): Promise<void> {
  const host = hostOf(question.address);
  const beside = new URL(question.address);
  beside.pathname += '.sig';
  const answer = await askWeb(services, { ...question, address: beside.href, limitBytes: 4_096 });
  if ([403, 404, 410].includes(answer.status)) throw new FlashError('update.not-signed', { host });
  refuseStatus(answer.status, host);
  if (!isSignedBy(key, bytes, readSignature(answer.bytes)))
    throw new FlashError('update.bad-signature', { host });
}

function offersOf(
  { forTests }: UpdateServices,
  known: KnownIndex,
  entries: readonly unknown[],
): Pick<Found, 'offers' | 'leftOut'> {
  const made: (FirmwareOffer | undefined)[] = [];
  for (const written of entries) {
    const entry = v.safeParse(indexEntrySchema, written);
    if (!entry.success) {
      made.push(undefined);
      continue;
    }
    const { board, address, fileName, channel } = entry.output;
    if (board !== known.profile) continue;
    if (channel === 'pre-release' && known.source.channel === 'stable') continue;
    const whole = URL.parse(address, known.source.address);
    const ownHost = forTests?.localServers === true ? bareHost(whole?.hostname ?? '') : ownHostOf(known);
    if (whole === null || addressProblem(whole.href, ownHost) !== undefined) {
      made.push(undefined);
      continue;
    }
    const { variant, version, sha256, sizeBytes, notes, publishedAt, smallestBootloader } = entry.output;
    made.push(
      makeOffer(known, {
        variant,
        version,
        channel,
        fileName: fileName ?? decodeName(whole.pathname),
        address: whole.href,
        sizeBytes,
        sha256,
        notes,
        publishedAt,
        smallestBootloader,
      }),
    );
  }
  return usable(made);
}

/** What makes no file name is found out by the offer's schema. */
function decodeName(pathname: string): string {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
