// A device in the words in which boards are told everywhere: what it is, how that is known, what else it may be.
import type { BoardCandidate, BoardReport, HowKnown } from '../../shared/board.ts';
import { formatId, formatIds } from '../../shared/hex.ts';
import { formatBytes } from '../../shared/units.ts';
import type { Bus, Facts } from '../devices/bus.ts';
import { bootloaderName, chipOf } from '../devices/chips.ts';
import { isGeneric, type Match, type Seen } from '../devices/match.ts';
import type { Unit } from '../devices/unit.ts';
import type { Inspection } from '../targets/inspect.ts';
import type { Recognised } from '../targets/recognise.ts';

/** Everything that is known of one device. */
export interface BoardEvidence {
  readonly bus: Bus;
  readonly facts: Facts;
  readonly recognised: Recognised;
  readonly inspection: Inspection;
  readonly internal: boolean;
  readonly matches: readonly Match[];
  readonly unit: Unit | undefined;
}

/** What matching looks at. A text that is there and could not be read is unknown, not empty. */
export function seenOf(facts: Facts, recognised: Recognised, inspection: Inspection | undefined): Seen {
  const text = (index: number, read: string | undefined): string | undefined =>
    read === undefined || (read === '' && index !== 0) ? undefined : read;
  return {
    vendorId: facts.vendorId,
    productId: facts.productId,
    mode: recognised.mode,
    manufacturer: text(facts.manufacturerIndex, inspection?.manufacturer),
    product: text(facts.productIndex, inspection?.product),
    chip: inspection === undefined ? undefined : chipOf(inspection.alternates)?.slug,
  };
}

/** @param told the profile that a person names for this one run */
export function reportOf(evidence: BoardEvidence, told?: string): BoardReport {
  const { bus, facts, recognised, inspection, internal, matches } = evidence;
  const dfu = recognised.mode === 'other' ? undefined : recognised.dfu;
  const standard = recognised.mode === 'other' ? '' : recognised.standard;
  const chip = recognised.mode === 'dfu' ? chipOf(inspection.alternates) : undefined;
  const ids = formatIds(facts.vendorId, facts.productId);
  const called = inspection.product.replace(/\s+/g, ' ');
  const candidates = matches.map(candidateOf);
  const board = identityOf(evidence, candidates, told);
  const mine = candidates.find((one) => one.profile === board?.profile) ?? candidates[0];
  return {
    portPath: facts.portPath,
    bus: bus.name,
    virtual: bus.virtual,
    ids,
    mode: recognised.mode,
    state: mine?.mode ?? stateOf(recognised.mode),
    isBoard: recognised.mode !== 'other' || candidates.some((one) => one.sure || one.support !== 'named'),
    candidates,
    profile: board?.profile,
    known: board?.known,
    standard,
    name: board?.name ?? chip?.name ?? (called === '' ? (bootloaderName(ids) ?? ids) : called),
    slug: chip?.slug ?? '',
    likely: board?.name === undefined ? specific(candidates).map((one) => one.name) : [],
    manufacturer: inspection.manufacturer,
    product: inspection.product,
    serial: inspection.serial,
    bcdDevice: formatId(facts.bcdDevice),
    internal,
    transferSize: dfu?.reportedTransferSize,
    canDownload: dfu?.canDownload ?? false,
    canUpload: dfu?.canUpload ?? false,
    manifestationTolerant: dfu?.manifestationTolerant ?? false,
    willDetach: dfu?.willDetach ?? false,
    interfaceNumber: dfu?.interfaceNumber,
    alternates: inspection.alternates,
    problem:
      inspection.problem === undefined
        ? undefined
        : { code: inspection.problem.code, params: inspection.problem.params },
    evidence: evidenceOf(ids, standard, inspection),
  };
}

function candidateOf({ profile, mode, certainty }: Match): BoardCandidate {
  const { id, name, support, today, printed } = profile;
  return {
    profile: id,
    name,
    support,
    today,
    mode,
    sure: certainty === 'sure',
    generic: isGeneric(profile),
    printed,
  };
}

function specific(candidates: readonly BoardCandidate[]): BoardCandidate[] {
  return candidates.filter((one) => !one.generic);
}

interface Identity {
  readonly profile: string;
  readonly known: HowKnown;
  /** Undefined for a family of bootloaders, which is no name of a board. */
  readonly name: string | undefined;
}

/** What a board shows now goes before what was said of it, and that before what it was. */
function identityOf(
  { unit }: BoardEvidence,
  candidates: readonly BoardCandidate[],
  told: string | undefined,
): Identity | undefined {
  const nameOf = (one: BoardCandidate): string | undefined => (one.generic ? undefined : one.name);
  const sure = specific(candidates).filter((one) => one.sure);
  const [proven] = sure;
  const kept = unit?.profile;
  if (proven !== undefined && sure.length === 1) {
    const name = kept?.id === proven.profile ? kept.name : proven.name;
    return { profile: proven.profile, known: 'proven', name };
  }
  const said = candidates.find((one) => one.profile === told);
  if (said !== undefined) return { profile: said.profile, known: 'told', name: nameOf(said) };
  const before = candidates.find((one) => one.profile === kept?.id);
  if (before !== undefined && kept !== undefined) {
    const name = before.generic ? undefined : kept.name;
    return { profile: before.profile, known: kept.how === 'told' ? 'told' : 'kept', name };
  }
  const [first] = candidates;
  // Nothing but a family of bootloaders fits: that much is sure.
  if (first === undefined || !first.generic) return undefined;
  return { profile: first.profile, known: 'proven', name: undefined };
}

function stateOf(mode: Recognised['mode']): BoardReport['state'] {
  if (mode === 'other') return undefined;
  return mode === 'dfu' ? 'flash' : 'runtime-dfu';
}

function evidenceOf(ids: string, standard: string, inspection: Inspection): string {
  const parts = [`USB ${ids}`];
  if (standard !== '') parts.push(standard);
  const flash = inspection.alternates.find((one) => one.kind === 'main-flash' && one.runs.length > 0);
  for (const run of flash?.runs.slice(0, 4) ?? []) {
    parts.push(`${run.count} ${run.count === 1 ? 'sector' : 'sectors'} of ${formatBytes(run.sectorSize)}`);
  }
  return parts.join(', ');
}
