// Names of files and tags against a pattern of `firmware-source.ts`.
import * as v from 'valibot';
import { versionSchema } from '../../shared/firmware-source.ts';

/** A name that fits, and the version in it where the pattern has a place for one. */
export interface Fitting {
  readonly version: string | undefined;
}

const place = '{version}';

/**
 * Whether a name fits. Time is bounded by the length of name times that of pattern, times the name's again where there is a
 * place for a version, whatever both are.
 */
export function fitPattern(pattern: string, name: string): Fitting | undefined {
  if (name.length > 200) return undefined;
  const at = pattern.indexOf(place);
  if (at < 0) return fits(pattern, name) ? { version: undefined } : undefined;
  const before = pattern.slice(0, at);
  const after = pattern.slice(at + place.length);
  // What stands before is as short as can be, and the version then as long as can be.
  for (let start = 0; start <= name.length; start++) {
    if (!fits(before, name.slice(0, start))) continue;
    for (let end = name.length; end > start; end--) {
      const version = name.slice(start, end);
      if (fits(after, name.slice(end)) && v.is(versionSchema, version)) return { version };
    }
  }
  return undefined;
}

/** `*` stands for anything, all else for itself. Two pointers and one place to go back to: no way to make it slow. */
function fits(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let from = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      from = n;
    } else if (p < pattern.length && pattern[p] === name[n]) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++from;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
