// What a schema cannot see in a profile: ways that lead nowhere, times nobody keeps, ranges that end before they begin.
import type { GuideStep, Profile, WayByHand } from '../../shared/profile.ts';
import type {
  ProfileProblem,
  ProfileProblemCode,
  ProfileProblemParams,
} from '../../shared/profile-problem.ts';
import { addressProblem } from '../base/web-address.ts';
import { chipSlugs } from './chips.ts';

/** Times outside of these are taken for a slip of the pen: bounds of ours, not facts. ms. */
const likely = {
  window: [500, 120_000],
  watchdog: [1_000, 600_000],
  returns: [100, 300_000],
  wayLimit: [500, 120_000],
  hold: [50, 120_000],
} as const;

type Tell = <C extends ProfileProblemCode>(code: C, path: string, params: ProfileProblemParams[C]) => void;

/**
 * Everything that stands against a profile that follows the schema.
 * @param mayNameEverything `*:*`, which only the program's own profile of last resort has
 */
export function senseOf(profile: Profile, mayNameEverything: boolean): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const tell: Tell = (code, path, params) => {
    problems.push({ code, path, params } as ProfileProblem);
  };
  modes(profile, mayNameEverything, tell);
  ways(profile, tell);
  for (const list of ['forbidden', 'secrets'] as const) {
    for (const [index, { first, last }] of profile[list].entries())
      if (first > last) tell('range-backwards', `${list}[${index}]`, { first, last });
  }
  times(profile, tell);
  const { bytes = 0, mostBytes = bytes } = profile.files ?? {};
  if (bytes > mostBytes) tell('sizes-disagree', 'files', {});
  firmware(profile, tell);
  return problems;
}

/** Whoever wrote the profile may have this computer ask on the internet, and nowhere within its own network. */
function firmware({ firmware: sources }: Profile, tell: Tell): void {
  const seen = new Set<string>();
  for (const [index, source] of sources.entries()) {
    const path = `firmware[${index}]`;
    if (seen.has(source.id)) tell('same-source-id', `${path}.id`, { id: source.id });
    seen.add(source.id);
    if (source.kind === 'index' || source.kind === 'page') {
      const why = addressProblem(source.address);
      if (why !== undefined) tell('address-not-fetched', `${path}.address`, { why });
    }
    // Listing a share tells its server who is listing: on Windows with the hash of a password.
    if (source.kind === 'folder' && !/^(\/(?![\\/])|[A-Za-z]:[\\/](?![\\/]))/.test(source.folder))
      tell('folder-not-local', `${path}.folder`, {});
    if (source.kind === 'github-releases' && !source.tag.includes('{version}'))
      tell('no-version-in-name', `${path}.tag`, {});
    if (source.kind !== 'folder') continue;
    for (const [at, { name }] of source.assets.entries())
      if (!name.includes('{version}')) tell('no-version-in-name', `${path}.assets[${at}].name`, {});
  }
}

function modes(profile: Profile, mayNameEverything: boolean, tell: Tell): void {
  if (profile.support !== 'named' && !profile.modes.some((mode) => mode.kind === 'flash'))
    tell('no-flash-mode', 'modes', {});
  const seen = new Map<string, number>();
  for (const [index, mode] of profile.modes.entries()) {
    for (const [at, ids] of mode.ids.entries()) {
      const path = `modes[${index}].ids[${at}]`;
      if (ids === '*:*') {
        if (!mayNameEverything) tell('ids-of-everything', path, {});
      } else if (ids.endsWith('*') && profile.support !== 'named') tell('wildcard-not-named', path, { ids });
      const marks = JSON.stringify([ids, mode.manufacturers, mode.products, mode.chips]);
      if (seen.has(marks) && seen.get(marks) !== index) tell('same-ids-in-two-modes', path, { ids });
      seen.set(marks, index);
    }
    for (const [at, chip] of (mode.chips ?? []).entries()) {
      const known = chipSlugs();
      if (!known.includes(chip)) tell('unknown-chip', `modes[${index}].chips[${at}]`, { chip, known });
    }
  }
}

function ways({ ways: all, support, after }: Profile, tell: Tell): void {
  if (support === 'full') {
    const last = all.at(-1);
    if (last === undefined) tell('no-way', 'ways', {});
    else if (last.kind !== 'by-hand') tell('last-way-not-by-hand', `ways[${all.length - 1}]`, {});
  } else if (all.length > 0) tell('way-not-offered', 'ways', { support });
  for (const [index, way] of all.entries()) {
    if (way.kind === 'by-hand') byHand(way, `ways[${index}]`, tell);
    else if (way.kind !== 'dfu-detach') time(way.limitMs, `ways[${index}].limitMs`, likely.wayLimit, tell);
  }
  stepTimes(after, 'after', tell);
}

/** Whoever follows the steps must not be left with a finger on a button, or a board with a jumper on it. */
function byHand({ steps, after }: WayByHand, path: string, tell: Tell): void {
  const held = new Map<string, string>();
  const closed = new Map<string, string>();
  const walk = (list: readonly GuideStep[], name: string): void => {
    for (const [index, step] of list.entries()) {
      const at = `${path}.${name}[${index}]`;
      if (step.verb === 'hold') held.set(step.control, at);
      if (step.verb === 'let-go' && !held.delete(step.control))
        tell('not-held', at, { control: step.control });
      if (step.verb === 'close-jumper') closed.set(step.control, at);
      if (step.verb === 'open-jumper') closed.delete(step.control);
    }
    stepTimes(list, `${path}.${name}`, tell);
  };
  walk(steps, 'steps');
  for (const [control, at] of held) tell('never-let-go', at, { control });
  held.clear();
  walk(after, 'after');
  for (const [control, at] of held) tell('never-let-go', at, { control });
  for (const [control, at] of closed) tell('never-opened', at, { control });
}

function stepTimes(list: readonly GuideStep[], path: string, tell: Tell): void {
  for (const [index, step] of list.entries())
    if (step.forMs !== undefined) time(step.forMs, `${path}[${index}].forMs`, likely.hold, tell);
}

function times({ window, watchdog, returnMs }: Profile, tell: Tell): void {
  if (window !== undefined) time(window.ms, 'window.ms', likely.window, tell);
  if (watchdog !== undefined) time(watchdog.ms, 'watchdog.ms', likely.watchdog, tell);
  if (returnMs !== undefined) time(returnMs, 'returnMs', likely.returns, tell);
}

function time(ms: number, path: string, [least, most]: readonly [number, number], tell: Tell): void {
  if (ms < least || ms > most) tell('unlikely-time', path, { ms, least, most });
}
