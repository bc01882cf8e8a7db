// The udev rule: its text, its place, and whether it is in force.
import { createHash } from 'node:crypto';
import { lstat, readlink } from 'node:fs/promises';
import path from 'node:path';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import type { RuleState } from '../../shared/rights.ts';
import { readFileBounded } from '../store/atomic-file.ts';

declare const REKINDLE_UDEV_RULE: string;

/** The text of assets/udev, put into the program when it is built: what is installed never comes from a file. */
export const ruleText: string = REKINDLE_UDEV_RULE;
export const ruleName = '70-rekindle.rules';
/** The administrator's folder: a package's own copy lies elsewhere and stays untouched. */
export const ruleFolder = '/etc/udev/rules.d';
/** In every version of our rule, and in nobody else's. */
export const ruleMark = 'rekindle_end';

/** Where udev looks (udev(7)); of files with one name, that of the first folder is in force. */
export const udevFolders: readonly string[] = [
  ruleFolder,
  '/run/udev/rules.d',
  '/usr/local/lib/udev/rules.d',
  '/usr/lib/udev/rules.d',
  '/lib/udev/rules.d',
];

/** The rule as it stands. */
export interface FoundRule {
  readonly state: RuleState;
  readonly file: string | undefined;
  /** Only of one that is not ours to the letter. */
  readonly text: string | undefined;
}

/** Looks for the rule where udev does. Never rejects: what cannot be read is a state, too. */
export async function findRule(folders: readonly string[] = udevFolders): Promise<FoundRule> {
  for (const folder of folders) {
    const file = path.join(folder, ruleName);
    const found = await judge(file);
    if (found !== undefined) return { file, ...found };
  }
  return { state: 'absent', file: undefined, text: undefined };
}

async function judge(file: string): Promise<Omit<FoundRule, 'file'> | undefined> {
  try {
    const entry = await lstat(file);
    if (entry.isSymbolicLink() && (await readlink(file)) === '/dev/null') return plain('switched-off');
    const bytes = await readFileBounded(file, limits.ruleBytes);
    // udev takes an empty file for a link to /dev/null.
    if (bytes.length === 0) return plain('switched-off');
    const text = new TextDecoder().decode(bytes);
    if (text === ruleText) return plain('current');
    return { state: text.includes(ruleMark) ? 'outdated' : 'foreign', text };
  } catch (error) {
    const missing = isFlashError(error, 'file.not-found') || isMissing(error);
    if (missing) return undefined;
    return plain(isFlashError(error, 'image.too-large') ? 'foreign' : 'unreadable');
  }
}

function plain(state: RuleState): Omit<FoundRule, 'file'> {
  return { state, text: undefined };
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** SHA-256 of a text, in hexadecimal. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
