// A board, for as long as it can be told to be the same; what the tracker keeps of it.
import type { Profile } from '../../shared/profile.ts';
import { formatIds } from '../../shared/hex.ts';
import type { IdFacts } from './match-ids.ts';
import { isGeneric, namesBoard, type Match } from './match.ts';
import { isTelling } from '../../shared/serial-worth.ts';

/** One arrival on one port. Bus and port are places of this run of the program, and never kept beyond it. */
export interface Place {
  readonly bus: string;
  readonly portPath: string;
  readonly generation: number;
}

/** What a list says of a device. */
export type Arrival = IdFacts & Pick<Place, 'portPath' | 'generation'>;

/** What opening a board told. */
export interface Learned {
  /** Empty where it has none, or none that could be read. */
  readonly serial: string;
  /** The chip's own number, where something read it. */
  readonly chipId?: string;
  readonly product: string | undefined;
  readonly matches: readonly Match[];
}

export interface Unit {
  readonly id: string;
  /** Where it is, or was last. */
  readonly place: Place;
  readonly present: boolean;
  /** Arrivals, the newest last; not all that ever were. */
  readonly sightings: readonly { readonly ids: string; readonly place: Place; readonly seenAt: number }[];
  readonly learned: { readonly serials: readonly string[]; readonly chipId: string | undefined };
  /** How it is known to be the unit it is: by its port, a number of its own, a job that followed it, or not at all yet. */
  readonly confidence: 'new' | 'port' | 'number' | 'followed';
  /** The board it is, where that was proven or told while it was this unit. */
  readonly profile:
    { readonly id: string; readonly how: 'proven' | 'told'; readonly name: string } | undefined;
}

/** The tracker's own record of one. */
export interface Kept {
  readonly id: string;
  place: Place;
  ids: IdFacts;
  presentAt: number;
  goneAt: number | undefined;
  sightings: Unit['sightings'];
  /** By ids: a board's program and its loader may have different ones. */
  readonly serials: Map<string, string>;
  chipId: string | undefined;
  /** The arrival that last showed one of its numbers. */
  numberedAt: number | undefined;
  confidence: Unit['confidence'];
  profile: Unit['profile'];
  /** Boards it may be, by what it last showed. */
  candidates: readonly Profile[];
}

const mostSightings = 8;

export function newUnit(id: string, place: Place, ids: IdFacts, now: number): Kept {
  return {
    id,
    place,
    ids,
    presentAt: now,
    goneAt: undefined,
    sightings: [{ ids: idsOf(ids), place, seenAt: now }],
    serials: new Map(),
    chipId: undefined,
    numberedAt: undefined,
    confidence: 'new',
    profile: undefined,
    candidates: [],
  };
}

/** It stands somewhere, after it stood somewhere else, or as something else. */
export function moveUnit(unit: Kept, place: Place, ids: IdFacts, now: number): void {
  unit.place = place;
  unit.ids = { vendorId: ids.vendorId, productId: ids.productId };
  unit.presentAt = now;
  unit.goneAt = undefined;
  unit.sightings = [...unit.sightings, { ids: idsOf(ids), place, seenAt: now }].slice(-mostSightings);
}

/** Whether what was learned rules out that it is the board it was taken for. */
export function contradicts(unit: Kept, { serial, chipId, matches }: Learned): boolean {
  if (unit.chipId !== undefined && chipId !== undefined && unit.chipId !== chipId) return true;
  const before = unit.serials.get(idsOf(unit.ids));
  if (before !== undefined && isTelling(serial) && before !== serial) return true;
  return unit.profile !== undefined && matches.every((one) => one.profile.id !== unit.profile?.id);
}

/** The one board that what was learned proves, by the name it gives itself where that is one of its names. */
export function provenBoard({ matches, product }: Learned): Unit['profile'] {
  const [first, ...others] = matches.filter((one) => one.certainty === 'sure' && !isGeneric(one.profile));
  if (first === undefined || others.length > 0) return undefined;
  const { profile } = first;
  const name =
    product !== undefined && namesBoard(profile, product)
      ? product.trim().replace(/\s+/g, ' ')
      : profile.name;
  return { id: profile.id, how: 'proven', name };
}

export function publicUnit(unit: Kept): Unit {
  const { id, place, sightings, confidence, profile, chipId } = unit;
  const learned = { serials: [...unit.serials.values()], chipId };
  return { id, place, present: unit.goneAt === undefined, sightings, learned, confidence, profile };
}

export function idsOf(ids: IdFacts): string {
  return formatIds(ids.vendorId, ids.productId);
}
