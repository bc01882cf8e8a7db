// What is wrong with a profile that somebody wrote. Words in `shared/text/profile-problems.ts`.

import type { UpdateErrorParams } from './errors/update-codes.ts';

/** Shapes of texts that the schema asks for; each has an example in words. */
export const textForms = [
  'profile-id',
  'usb-ids',
  'address',
  'firmware-variant',
  'repository',
  'web-address',
  'public-key',
  'name-pattern',
] as const;
export type TextForm = (typeof textForms)[number];

/** Every kind of problem and what its words need. */
export interface ProfileProblemParams {
  // the file
  'not-json': { readonly reason: string };
  'too-large': { readonly limit: number };
  /** A link, a folder, a device: not looked into. */
  'not-a-file': object;
  unreadable: { readonly reason: string };
  'too-many-files': { readonly limit: number };
  // the schema
  missing: object;
  'unknown-field': object;
  'wrong-type': { readonly expected: string };
  'wrong-choice': { readonly choices: string };
  'wrong-form': { readonly form: TextForm };
  'too-long': { readonly limit: number };
  'too-short': { readonly limit: number };
  'too-small': { readonly limit: number };
  'too-great': { readonly limit: number };
  'not-whole': object;
  /** Something of the schema that has no words of its own. */
  other: { readonly detail: string };
  // what it says
  'today-missing': object;
  'id-not-file-name': { readonly file: string };
  'id-taken': { readonly id: string };
  'no-flash-mode': object;
  'same-ids-in-two-modes': { readonly ids: string };
  'wildcard-not-named': { readonly ids: string };
  'ids-of-everything': object;
  'unknown-chip': { readonly chip: string; readonly known: readonly string[] };
  'no-way': object;
  'last-way-not-by-hand': object;
  'way-not-offered': { readonly support: string };
  'not-held': { readonly control: string };
  'never-let-go': { readonly control: string };
  'never-opened': { readonly control: string };
  'range-backwards': { readonly first: string; readonly last: string };
  /** A time that no hand or no board keeps. */
  'unlikely-time': { readonly ms: number; readonly least: number; readonly most: number };
  'sizes-disagree': object;
  // where its firmware comes from
  'same-source-id': { readonly id: string };
  'address-not-fetched': { readonly why: UpdateErrorParams['update.address']['why'] };
  'folder-not-local': object;
  'no-version-in-name': object;
}
export type ProfileProblemCode = keyof ProfileProblemParams;

/** One problem and where it stands: `modes[0].ids[1]`; empty for the whole file. */
export type ProfileProblem = {
  readonly [C in ProfileProblemCode]: {
    readonly code: C;
    readonly path: string;
    readonly params: ProfileProblemParams[C];
  };
}[ProfileProblemCode];

/** A file of the person's own that is not used, and why. */
export interface ProfileFileProblems {
  /** Its name in the folder; the folder's where it is about the folder. */
  readonly file: string;
  readonly problems: readonly ProfileProblem[];
}
