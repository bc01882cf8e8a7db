// From the bytes of a file that somebody wrote to a profile, or to everything that is wrong with it.
import * as v from 'valibot';
import { limits } from '../../shared/limits.ts';
import { profileSchema, type Profile } from '../../shared/profile.ts';
import { textForms, type ProfileProblem, type TextForm } from '../../shared/profile-problem.ts';
import { cleanText } from '../../shared/text/clean.ts';
import { senseOf } from './profile-sense.ts';

/** A profile that may be used, or why not. */
export type ReadProfile =
  | { readonly profile: Profile; readonly problems: readonly [] }
  | { readonly profile: undefined; readonly problems: readonly ProfileProblem[] };

/**
 * Reads a profile a person wrote; its texts come out without control characters. Never throws.
 * @param fileName as `acme-rocket.json`: the id must be the same
 * @param taken ids that other profiles have
 */
export function readProfile(bytes: Uint8Array, fileName: string, taken: ReadonlySet<string>): ReadProfile {
  const written = parseJson(bytes);
  if ('problem' in written) return refused([written.problem]);
  const read = v.safeParse(profileSchema, written.value);
  if (!read.success) return refused(schemaProblems(read.issues));
  // Read again once cleaned: a name of nothing but control characters is an empty one.
  const cleaned = v.safeParse(profileSchema, cleanTexts(read.output));
  if (!cleaned.success) return refused(schemaProblems(cleaned.issues));
  const profile = cleaned.output;
  const problems = senseOf(profile, false);
  const name = fileName.replace(/\.json$/i, '');
  if (profile.id !== name) {
    problems.unshift({ code: 'id-not-file-name', path: 'id', params: { file: cleanText(fileName) } });
  }
  if (taken.has(profile.id)) problems.unshift({ code: 'id-taken', path: 'id', params: { id: profile.id } });
  return problems.length > 0 ? refused(problems) : { profile, problems: [] };
}

function refused(problems: readonly ProfileProblem[]): ReadProfile {
  return { profile: undefined, problems };
}

function parseJson(bytes: Uint8Array): { value: unknown } | { problem: ProfileProblem } {
  if (bytes.length > limits.profileBytes)
    return { problem: { code: 'too-large', path: '', params: { limit: limits.profileBytes } } };
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown };
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    // The parser quotes what it read.
    return { problem: { code: 'not-json', path: '', params: { reason: cleanText(reason).slice(0, 200) } } };
  }
}

/** Only what followed the schema comes here, so its depth is the schema's. */
function cleanTexts(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleanTexts(one)]));
}

type Issue = v.BaseIssue<unknown>;

/** At most so many: whoever wrote nonsense throughout is not helped by more. */
const mostProblems = 50;

function schemaProblems(issues: readonly Issue[]): ProfileProblem[] {
  return issues.slice(0, mostProblems).map(problemOf);
}

function problemOf(issue: Issue): ProfileProblem {
  const path = pathOf(issue);
  const limit = Number(issue.requirement);
  if (issue.expected === 'never') return { code: 'unknown-field', path, params: {} };
  if (issue.received === 'undefined') return { code: 'missing', path, params: {} };
  switch (issue.type) {
    case 'picklist':
    case 'literal':
    case 'variant':
      return { code: 'wrong-choice', path, params: { choices: choicesOf(issue.expected) } };
    case 'regex':
      return { code: 'wrong-form', path, params: { form: formOf(issue.message) } };
    case 'max_length':
      return { code: 'too-long', path, params: { limit } };
    case 'min_length':
      return { code: 'too-short', path, params: { limit } };
    case 'min_value':
      return { code: 'too-small', path, params: { limit } };
    case 'max_value':
      return { code: 'too-great', path, params: { limit } };
    case 'integer':
      return { code: 'not-whole', path, params: {} };
    case 'check':
      return { code: 'today-missing', path: 'today', params: {} };
    case 'string':
    case 'number':
    case 'array':
      return { code: 'wrong-type', path, params: { expected: typeWords[issue.type] } };
    case 'strict_object':
      return { code: 'wrong-type', path, params: { expected: typeWords.strict_object } };
    default:
      return { code: 'other', path, params: { detail: cleanText(issue.message).slice(0, 200) } };
  }
}

const typeWords = {
  string: 'a text',
  number: 'a number',
  array: 'a list',
  strict_object: 'an object',
} as const;

/** `("full" | "named")` as `full, named`. */
function choicesOf(expected: string | null): string {
  return (expected ?? '').replaceAll(/["()]/g, '').replaceAll(' | ', ', ');
}

function formOf(message: string): TextForm {
  return textForms.find((one) => one === message) ?? 'profile-id';
}

function pathOf({ path }: Issue): string {
  return (path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${cleanText(String(key)).slice(0, 60)}`))
    .join('')
    .replace(/^\./, '');
}
