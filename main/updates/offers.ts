// Offers as sources make them: clean, bounded, named, or left out.
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { firmwareOfferSchema, type FirmwareLook, type FirmwareOffer } from '../../shared/firmware.ts';
import type { FirmwareSource } from '../../shared/firmware-source.ts';
import { limits } from '../../shared/limits.ts';
import { cleanText } from '../../shared/text/clean.ts';

/** A source of a board, as it is asked. */
export interface KnownSource {
  readonly profile: string;
  readonly source: FirmwareSource;
  /** Added by the person, and not by a profile that may be anybody's. */
  readonly own: boolean;
}

/** What a source was found to have. */
export type Found = Pick<FirmwareLook, 'offers' | 'leftOut' | 'signature' | 'wentBack'>;

/** The same from a server. `found` is undefined where nothing changed since the `etag` it was asked with. */
export interface WebFound {
  readonly found: Found | undefined;
  readonly etag: string | undefined;
}

export type OfferFields = {
  readonly [name in keyof Omit<FirmwareOffer, 'id' | 'profile' | 'source' | 'kind'>]:
    FirmwareOffer[name] | undefined;
};

/** An offer, or undefined where something about it cannot be used. */
export function makeOffer({ profile, source }: KnownSource, fields: OfferFields): FirmwareOffer | undefined {
  const { notes, ...others } = fields;
  const text = notes === undefined ? undefined : cleanNotes(notes);
  const { address, version, variant, sha256, sizeBytes, publishedAt } = fields;
  const marks = [profile, source.id, source.kind, address, version, variant, sha256, sizeBytes, publishedAt];
  const offer = {
    id: createHash('sha256')
      .update(JSON.stringify(marks.map((one) => one ?? null)))
      .digest('hex')
      .slice(0, 32),
    profile,
    source: source.id,
    kind: source.kind,
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
    ...(text === undefined || text === '' ? {} : { notes: text }),
  };
  const read = v.safeParse(firmwareOfferSchema, offer);
  return read.success ? read.output : undefined;
}

/** Those that can be used, and how many cannot or are too many. */
export function usable(made: readonly (FirmwareOffer | undefined)[]): Pick<Found, 'offers' | 'leftOut'> {
  const good = made.filter((one) => one !== undefined);
  const offers = good.slice(0, limits.firmwareOffers);
  return { offers, leftOut: made.length - offers.length };
}

/** Lines of plain text: no control characters, no end of blank lines, bounded. */
function cleanNotes(notes: string): string {
  return notes
    .slice(0, limits.firmwareNotesChars)
    .split(/\r\n|\r|\n/)
    .map((line) => cleanText(line.replaceAll('\t', '  ')).trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
