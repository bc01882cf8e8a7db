// What the ports show, as the coach sees it: told from lists alone, for nothing may be opened before the job does it.
import { isFlashError } from '../../../shared/errors/flash-error.ts';
import type { BoardSeen } from '../../../shared/coach-state.ts';
import { formatIds } from '../../../shared/hex.ts';
import type { Profile, ProfileMode } from '../../../shared/profile.ts';
import type { Wait } from '../../base/wait.ts';
import type { Bus, Facts } from '../../devices/bus.ts';
import { quirksFor } from '../../devices/quirks.ts';
import { recognise } from '../../targets/recognise.ts';
import type { Services } from '../services.ts';

/** The board itself, or another one that a person may have taken for it. */
export interface PortSight {
  readonly bus: Bus;
  readonly facts: Facts;
  readonly as: 'flash' | 'program' | 'other';
  /** What it is called. */
  readonly board: string;
}

/** What came and went from one look to the next. */
export interface PortChange {
  readonly came: readonly PortSight[];
  readonly went: readonly PortSight[];
}

/** Whether a device is this profile's board in flash mode, by its ids and interfaces alone. */
export function isFlashMode(profile: Profile, facts: Facts): boolean {
  return sightOf(profile, facts) === 'flash';
}

/** Looks at all ports, as often as it is told to. */
export class PortLook {
  readonly #services: Services;
  readonly #profile: Profile;
  #seen: ReadonlyMap<string, PortSight> = new Map();

  constructor(services: Services, profile: Profile) {
    this.#services = services;
    this.#profile = profile;
  }

  /** What the last look saw. */
  get now(): readonly PortSight[] {
    return [...this.#seen.values()];
  }

  /** The board itself where it stands, for the coach. */
  get boards(): BoardSeen[] {
    return this.now.flatMap(({ facts: { portPath }, as }) => (as === 'other' ? [] : [{ portPath, as }]));
  }

  /** Looks anew. @throws FlashError `job.aborted`, `usb.library-missing` when there is nothing but that to look with */
  async look(wait: Wait): Promise<PortChange> {
    const before = this.#seen;
    const after = new Map<string, PortSight>();
    for (const bus of this.#services.buses) {
      for (const [key, sight] of await this.#lookAt(bus, wait)) after.set(key, sight);
    }
    this.#seen = after;
    return {
      came: [...after].flatMap(([key, sight]) => (before.has(key) ? [] : [sight])),
      went: [...before].flatMap(([key, sight]) => (after.has(key) ? [] : [sight])),
    };
  }

  async #lookAt(bus: Bus, wait: Wait): Promise<ReadonlyMap<string, PortSight>> {
    try {
      const found = (await bus.list(wait)).flatMap((facts) => this.#sight(bus, facts) ?? []);
      return new Map(found.map((sight) => [keyOf(sight), sight]));
    } catch (error) {
      if (isFlashError(error, 'job.aborted')) throw error;
      if (isFlashError(error, 'usb.library-missing') && this.#services.buses.length === 1) throw error;
      // A list that fails while devices come and go says nothing: all is taken to stand where it stood.
      return new Map([...this.#seen].filter(([, sight]) => sight.bus === bus));
    }
  }

  #sight(bus: Bus, facts: Facts): PortSight | undefined {
    const as = sightOf(this.#profile, facts);
    if (as !== undefined) return { bus, facts, as, board: this.#profile.name };
    const quirks = quirksFor(facts);
    if (quirks.internal === true) return undefined;
    const ids = formatIds(facts.vendorId, facts.productId);
    const known = this.#services.profiles.filter(({ modes }) => hasIds(modes, ids)).map(({ name }) => name);
    if (known.length === 0 && recognise(facts, quirks).mode === 'other') return undefined;
    // Boards that share their ids are all that can be said.
    const board = known.length === 0 ? `USB ${ids}` : known.slice(0, 3).join(' or ');
    return { bus, facts, as: 'other', board };
  }
}

/** One arrival on one port. */
export function keyOf({ bus, facts }: Pick<PortSight, 'bus' | 'facts'>): string {
  return `${bus.name} ${facts.portPath} ${facts.generation}`;
}

function sightOf({ modes }: Profile, facts: Facts): 'flash' | 'program' | undefined {
  const ids = formatIds(facts.vendorId, facts.productId);
  const { mode } = recognise(facts, quirksFor(facts));
  const flash = modes.filter((one) => one.kind === 'flash');
  const programs = modes.filter((one) => one.kind !== 'flash');
  // One loader says of itself that it is a running program, and is not (devices.md 2.2: protocol 1).
  const isFlash = mode === 'dfu' || (mode === 'runtime' && !hasIds(programs, ids));
  if (isFlash && hasIds(flash, ids)) return 'flash';
  return mode !== 'dfu' && hasIds(programs, ids) ? 'program' : undefined;
}

function hasIds(modes: readonly ProfileMode[], ids: string): boolean {
  return modes.some((mode) => mode.ids.includes(ids));
}
