// Boards as things that stay the same while what they show changes: program, flash mode, program again, another port.
// Only whole lists count, never events: those may be lost, doubled or reversed. A port comes first, then what was learned
// of a board, then the ids its profile gives it in other modes (devices.md 7 rule 1; dfu.md 1.7 step 7).
import type { Profile } from '../../shared/profile.ts';
import type { IdFacts } from './match-ids.ts';
import { hasIds } from './match.ts';
import { isTelling } from '../../shared/serial-worth.ts';
import {
  contradicts,
  idsOf,
  moveUnit,
  newUnit,
  provenBoard,
  publicUnit,
  type Arrival,
  type Kept,
  type Learned,
  type Place,
  type Unit,
} from './unit.ts';

/** A board on its way from one mode to another is back within this, ms (dfu.md 0 rule 10, devices.md 5.8). */
const changeWindowMs = 10_000;
/** A board that comes back as it was has been reset; a hand that changes boards takes longer. A bound of ours, ms. */
const sameIdsWindowMs = 2_000;
/** Boards that left are remembered this long, by their numbers; a bound of ours, ms. */
const rememberMs = 10 * 60_000;
const mostRemembered = 64;

/** All boards of one run of the program. */
export class Tracker {
  readonly #profiles: readonly Profile[];
  /** The last unit of each port, there or not. */
  readonly #ports = new Map<string, Kept>();
  readonly #units = new Set<Kept>();
  /** Serial numbers that two boards showed at once. */
  readonly #common = new Set<string>();
  #next = 1;

  constructor(profiles: readonly Profile[]) {
    this.#profiles = profiles;
  }

  /** Takes in what one bus lists now, all of it. @param now of the clock, ms */
  see(bus: string, present: readonly Arrival[], now: number): void {
    const listed = new Set(present.map((one) => portOf({ bus, ...one })));
    for (const [port, unit] of this.#ports)
      if (unit.place.bus === bus && !listed.has(port)) unit.goneAt ??= now;
    for (const arrival of present) this.#arrive(bus, arrival, now);
    this.#forget(now);
  }

  /** Takes in what opening a board told; nothing where it is not there any more. */
  learn(place: Place, learned: Learned, now: number): void {
    let unit = this.#at(place);
    if (unit === undefined) return;
    if (contradicts(unit, learned)) {
      unit.goneAt = now;
      unit = this.#add(place, unit.ids, now);
    }
    unit = this.#byNumber(unit, learned, now);
    unit.candidates = learned.matches.map((one) => one.profile);
    unit.profile = provenBoard(learned) ?? unit.profile;
    const { serial, chipId } = learned;
    if (chipId !== undefined) unit.chipId = chipId;
    if (this.#tells(serial)) unit.serials.set(idsOf(unit.ids), serial);
    if (chipId !== undefined || this.#tells(serial)) unit.numberedAt = unit.place.generation;
  }

  /**
   * A person says what a board is, or takes it back. Whether it can be that one is for the caller to check.
   * @returns whether that board is still there to be told of
   */
  tell(place: Place, profile: Profile | undefined): boolean {
    const unit = this.#at(place);
    if (unit === undefined || unit.goneAt !== undefined) return false;
    unit.profile = profile === undefined ? undefined : { id: profile.id, how: 'told', name: profile.name };
    return true;
  }

  /** Whoever sent a board away has found it on another port: proven by a number, or said by a person. */
  follow(bus: string, portPath: string, arrival: Arrival, now: number): void {
    const known = this.#ports.get(portOf({ bus, portPath }));
    this.#arrive(bus, arrival, now);
    const taken = this.#at({ bus, ...arrival });
    if (known === undefined || taken === undefined || known === taken) return;
    known.goneAt ??= now;
    this.#takeOver(known, taken, now, 'followed');
  }

  /** The board that stands there, if that arrival is the last we know of. */
  unitAt(place: Place): Unit | undefined {
    const unit = this.#at(place);
    return unit === undefined ? undefined : publicUnit(unit);
  }

  /** The id of the board last seen on this port, there or not. */
  lastOn({ bus, portPath }: Pick<Place, 'bus' | 'portPath'>): string | undefined {
    return this.#ports.get(portOf({ bus, portPath }))?.id;
  }

  /** The first number of its own that the board last seen on this port has shown: it stays, whatever mode comes later. */
  numberOn({ bus, portPath }: Pick<Place, 'bus' | 'portPath'>): string | undefined {
    const [first] = this.#ports.get(portOf({ bus, portPath }))?.serials.values() ?? [];
    return first;
  }

  /** Whether a number is one that the board last seen on this port has shown, and no other. */
  isNumberOf({ bus, portPath }: Pick<Place, 'bus' | 'portPath'>, number: string): boolean {
    const unit = this.#ports.get(portOf({ bus, portPath }));
    if (unit === undefined) return false;
    return unit.chipId === number || (this.#tells(number) && [...unit.serials.values()].includes(number));
  }

  #at(place: Place): Kept | undefined {
    const unit = this.#ports.get(portOf(place));
    return unit?.place.generation === place.generation ? unit : undefined;
  }

  #arrive(bus: string, { vendorId, productId, portPath, generation }: Arrival, now: number): void {
    const place = { bus, portPath, generation };
    const ids = { vendorId, productId };
    const before = this.#ports.get(portOf(place));
    // An old list that comes late says nothing.
    if (before !== undefined && generation < before.place.generation) return;
    if (before?.place.generation === generation) {
      before.presentAt = now;
      before.goneAt = undefined;
    } else if (before !== undefined && this.#continues(before, ids, now)) {
      // Whether it changed its mode or a hand changed the board, nobody can tell: only a change of mode keeps a word given.
      if (idsOf(before.ids) === idsOf(ids) && before.profile?.how === 'told') before.profile = undefined;
      before.confidence = 'port';
      moveUnit(before, place, ids, now);
    } else {
      if (before !== undefined) before.goneAt ??= now;
      this.#add(place, ids, now);
    }
  }

  #add(place: Place, ids: IdFacts, now: number): Kept {
    const unit = newUnit(`unit-${this.#next++}`, place, ids, now);
    this.#units.add(unit);
    this.#ports.set(portOf(place), unit);
    return unit;
  }

  /** Whether an arrival may be the board that stood on this port before, in the same or another of its modes. */
  #continues(unit: Kept, ids: IdFacts, now: number): boolean {
    const awayMs = now - (unit.goneAt ?? unit.presentAt);
    if (awayMs > changeWindowMs) return false;
    if (idsOf(unit.ids) === idsOf(ids)) return unit.goneAt === undefined || awayMs <= sameIdsWindowMs;
    const known = this.#profiles.find((one) => one.id === unit.profile?.id);
    const may = known === undefined ? this.#profiles : [known];
    const candidates = known === undefined && unit.candidates.length > 0 ? unit.candidates : may;
    return candidates.some((one) => hasIds(one, unit.ids) && hasIds(one, ids));
  }

  /** A board that nothing is known of yet may be one that was elsewhere, if it shows a number of its own. */
  #byNumber(unit: Kept, { serial, chipId }: Learned, now: number): Kept {
    const fresh = unit.profile === undefined && unit.chipId === undefined && unit.serials.size === 0;
    for (const other of this.#units) {
      if (other === unit || !this.#hasNumber(other, unit.ids, serial, chipId)) continue;
      if (other.goneAt === undefined && other.numberedAt === other.place.generation) {
        this.#isCommon(serial);
        return unit;
      }
      if (fresh) return this.#takeOver(other, unit, now, 'number');
    }
    return unit;
  }

  /** Never by a serial number alone: the board must also be one that can show these ids. */
  #hasNumber(unit: Kept, ids: IdFacts, serial: string, chipId: string | undefined): boolean {
    if (chipId !== undefined && unit.chipId !== undefined) return chipId === unit.chipId;
    if (!this.#tells(serial) || ![...unit.serials.values()].includes(serial)) return false;
    return (
      unit.serials.has(idsOf(ids)) || this.#profiles.some((one) => hasIds(one, unit.ids) && hasIds(one, ids))
    );
  }

  /** A board that was known elsewhere stands in the place of one we took for new. */
  #takeOver(known: Kept, taken: Kept, now: number, by: 'number' | 'followed'): Kept {
    const { place, ids } = taken;
    const left = known.place;
    const wasThere = known.goneAt === undefined ? known.ids : undefined;
    this.#units.delete(taken);
    moveUnit(known, place, ids, now);
    known.confidence = by;
    this.#ports.set(portOf(place), known);
    // What stands on its old port was taken for it by the port alone.
    if (wasThere !== undefined) this.#add(left, wasThere, now);
    else if (this.#ports.get(portOf(left)) === known && portOf(left) !== portOf(place))
      this.#ports.delete(portOf(left));
    return known;
  }

  #isCommon(serial: string): void {
    this.#common.add(serial);
    for (const unit of this.#units)
      for (const [ids, known] of unit.serials) if (known === serial) unit.serials.delete(ids);
  }

  #tells(serial: string): boolean {
    return isTelling(serial) && !this.#common.has(serial);
  }

  #forget(now: number): void {
    const gone = [...this.#units].filter((unit) => unit.goneAt !== undefined);
    gone.sort((a, b) => (b.goneAt ?? 0) - (a.goneAt ?? 0));
    for (const [index, unit] of gone.entries()) {
      if (index < mostRemembered && now - (unit.goneAt ?? now) <= rememberMs) continue;
      this.#units.delete(unit);
      const port = portOf(unit.place);
      if (this.#ports.get(port) === unit) this.#ports.delete(port);
    }
  }
}

function portOf({ bus, portPath }: Pick<Place, 'bus' | 'portPath'>): string {
  return `${bus} ${portPath}`;
}
