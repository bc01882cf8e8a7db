// Words for what is wrong with a profile.
import type {
  ProfileProblem,
  ProfileProblemCode,
  ProfileProblemParams,
  TextForm,
} from '../profile-problem.ts';
import { addressWhys } from './update-errors.ts';
import { formatBytes, formatDuration } from '../units.ts';

const forms: { readonly [form in TextForm]: string } = {
  'profile-id': 'small letters, digits and single hyphens, as acme-rocket',
  'usb-ids': 'vendor and product in four small hexadecimal digits each, as 0483:df11',
  address: 'eight small hexadecimal digits, as 08000000',
  'firmware-variant': 'letters, digits, dots and hyphens, as 3.6-56V',
  repository: 'owner and name of a repository on GitHub, as acme/rocket',
  'web-address': 'an address that begins with https://',
  'public-key': 'an Ed25519 key, its 32 bytes in base64',
  'name-pattern':
    'part of a file name with at most four stars, and {version} once, as rocket_*_{version}.bin',
};

const texts: {
  readonly [C in ProfileProblemCode]: (params: ProfileProblemParams[C]) => string;
} = {
  'not-json': ({ reason }) => `it is not JSON: ${reason}`,
  'too-large': ({ limit }) => `it is larger than ${formatBytes(limit)}`,
  'not-a-file': () => 'it is a link, a folder or a device, and not looked into',
  unreadable: ({ reason }) => `it cannot be read (${reason})`,
  'too-many-files': ({ limit }) => `there are more than ${limit} files; the rest is not looked at`,
  missing: () => 'it is missing',
  'unknown-field': () => 'there is no such field',
  'wrong-type': ({ expected }) => `it must be ${expected}`,
  'wrong-choice': ({ choices }) => `it must be one of ${choices}`,
  'wrong-form': ({ form }) => `it must be written as ${forms[form]}`,
  'too-long': ({ limit }) => `it must not be longer than ${limit}`,
  'too-short': ({ limit }) => (limit === 1 ? 'it must not be empty' : `it needs at least ${limit}`),
  'too-small': ({ limit }) => `it must be at least ${limit}`,
  'too-great': ({ limit }) => `it must be at most ${limit}`,
  'not-whole': () => 'it must be a whole number',
  other: ({ detail }) => detail,
  'today-missing': () =>
    'a board that is not fully supported needs "today": what can be done with it, in a sentence',
  'id-not-file-name': ({ file }) => `it must be the name of the file, ${file}, without .json`,
  'id-taken': ({ id }) => `another profile is called ${id} already`,
  'no-flash-mode': () => 'a board that can be flashed needs a mode of the kind "flash"',
  'same-ids-in-two-modes': ({ ids }) =>
    `${ids} stands in two modes that nothing else tells apart (products, manufacturers, chips)`,
  'wildcard-not-named': ({ ids }) => `${ids} names a whole maker, which only a "named" board may`,
  'ids-of-everything': () => 'it must say which board it is for: *:* is every one',
  'unknown-chip': ({ chip, known }) => `there is no chip ${chip}; there are ${known.join(', ')}`,
  'no-way': () => 'a board with full support needs at least one way into flash mode',
  'last-way-not-by-hand': () =>
    'the last way must be "by-hand": it is what is left when all others have failed',
  'way-not-offered': ({ support }) => `no way into flash mode is offered for a board with "${support}"`,
  'not-held': ({ control }) => `${control} is let go, but was never held`,
  'never-let-go': ({ control }) => `${control} is held and never let go`,
  'never-opened': ({ control }) => `${control} is closed and never opened again, in "steps" or in "after"`,
  'range-backwards': ({ first, last }) => `it ends (${last}) before it begins (${first})`,
  'unlikely-time': ({ ms, least, most }) =>
    `${formatDuration(ms)} is hardly meant: it should be between ${formatDuration(least)} and ${formatDuration(most)}`,
  'sizes-disagree': () => '"bytes" is more than "mostBytes"',
  'same-source-id': ({ id }) => `two sources are called ${id}`,
  'address-not-fetched': ({ why }) => `nothing is fetched from there, as ${addressWhys[why]}`,
  'folder-not-local': () =>
    'a profile may name a folder of this computer, from its root on; one that another computer shares is for you to add yourself',
  'no-version-in-name': () => 'its version must be in it: {version}',
};

/** A problem in words, with its place before it: `modes[0].ids[1]: it must be written as ...`. */
export function profileProblemText(problem: ProfileProblem): string {
  const words = (texts[problem.code] as (params: object) => string)(problem.params);
  return problem.path === ''
    ? `${words.charAt(0).toUpperCase()}${words.slice(1)}`
    : `${problem.path}: ${words}`;
}

/** A word on files that are passed over, where nobody asked for profiles. */
export function unusedProfilesText(count: number): string {
  const files = count === 1 ? 'One profile of yours is' : `${count} profiles of yours are`;
  return `${files} not used; "rekindle profiles" says why.`;
}
