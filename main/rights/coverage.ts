// Whether this account will be let into a board that is not there yet, by the rules on disk. That its program's port
// opens proves nothing: flash mode has other ids, and rules go by ids (devices.md 2.9).
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { limits } from '../../shared/limits.ts';
import type { FlashModeAccess } from '../../shared/rights.ts';
import { readFileBounded } from '../store/atomic-file.ts';
import { accountOf, type Account, type AccountPlaces } from './account.ts';
import { ruleName, ruleText, udevFolders } from './rule.ts';
import { evaluateRules, type NodeRights, type RuleFile } from './udev-evaluate.ts';

/** Where rules and accounts are looked up; tests bring their own. */
export interface CoveragePlaces {
  readonly folders: readonly string[];
  readonly account?: AccountPlaces;
}

/**
 * What the rules in force will let this account do with a device of these ids. Never rejects.
 * @param ids `0483:df11`
 * @param dfuInterface whether the board shows a DFU interface in flash mode, by which our rule goes
 */
export async function rulesCover(
  ids: string,
  dfuInterface: boolean,
  places: CoveragePlaces = { folders: udevFolders },
): Promise<FlashModeAccess> {
  const account = await accountOf(places.account);
  if (account.root) return { answer: 'yes', why: 'root' };
  const { files, unread } = await rulesInForce(places.folders);
  const found = judge(files, ids, dfuInterface, account);
  if (unread && found.answer !== 'unknown') return { answer: 'unknown', why: 'rules-unreadable' };
  if (found.answer !== 'yes') return found;
  const ours = files.filter((file) => file.name === ruleName && file.text === ruleText);
  const alone = judge(ours, ids, dfuInterface, account);
  return { answer: 'yes', why: alone.answer === 'yes' ? 'our-rule' : 'another-rule' };
}

/** The answer by these rules alone. */
export function judge(
  files: readonly RuleFile[],
  ids: string,
  dfuInterface: boolean,
  account: Account,
): FlashModeAccess {
  const [vendor = '', product = ''] = ids.split(':');
  // Rules see a device twice as it comes: a mode that holds for one of the two only does not last, or was not there in
  // time. What the seat was given stays.
  const added = evaluateRules(files, { vendor, product, dfuInterface, action: 'add' });
  const bound = evaluateRules(files, { vendor, product, dfuInterface, action: 'bind' });
  const seat = new Set([...added.uaccess].flatMap((one) => [...bound.uaccess].map((two) => one || two)));
  const nodes: readonly NodeRights[] = [added, { ...bound, uaccess: seat }];
  const answers = nodes.map((node) => reach(node, account));
  if (answers.every((one) => one === 'yes')) return { answer: 'yes', why: 'another-rule' };
  if (answers.some((one) => one !== 'no')) {
    return { answer: 'unknown', why: 'rule-not-understood' };
  }
  const later = nodes.map((node) => reach(node, { ...account, inGroup: account.willBeInGroup }));
  if (later.every((one) => one === 'yes')) return { answer: 'no', why: 'after-login' };
  const anybody = nodes.map((node) => reach(node, everybody));
  return { answer: 'no', why: anybody.some((one) => one === 'yes') ? 'not-for-account' : 'no-rule' };
}

const everybody: Account = {
  root: false,
  name: '',
  atSeat: true,
  inGroup: (group) => group !== 'root' && group !== '0',
  willBeInGroup: () => true,
};

/** All that may be must let the account in, for a yes; nothing that may be, for a no. */
function reach(node: NodeRights, account: Account): 'yes' | 'no' | 'unknown' {
  const doors: (boolean | undefined)[] = [];
  for (const uaccess of node.uaccess) {
    for (const mode of node.mode) {
      for (const group of node.group) {
        for (const owner of node.owner) {
          doors.push((uaccess && account.atSeat) || opens(mode, group, owner, account));
        }
      }
    }
  }
  if (doors.every((open) => open === true)) return node.doubt ? 'unknown' : 'yes';
  if (doors.every((open) => open === false)) return node.doubt ? 'unknown' : 'no';
  return 'unknown';
}

function opens(
  mode: number | undefined,
  group: string | undefined,
  owner: string | undefined,
  account: Account,
): boolean | undefined {
  if (mode === undefined) return undefined;
  // Of the three, only the first that is this account's counts (as the kernel does it).
  if (owner === undefined) return allowsAll(mode);
  if (owner === account.name) return allows(mode >> 6);
  const member = group === undefined ? undefined : account.inGroup(group);
  if (member === undefined) return allowsAll(mode);
  return allows(member ? mode >> 3 : mode);
}

/** Reading and writing. */
function allows(bits: number): boolean {
  return (bits & 6) === 6;
}

/** Whoever it is: undefined where it depends on that. */
function allowsAll(mode: number): boolean | undefined {
  const each = [mode >> 6, mode >> 3, mode].map(allows);
  return each.every((one) => one === each[0]) ? each[0] : undefined;
}

interface Rules {
  readonly files: readonly RuleFile[];
  /** Some could not be looked at. */
  readonly unread: boolean;
}

/** The file of each name from the first folder that has it; links to /dev/null and empty files switch a name off (udev(7)). */
async function rulesInForce(folders: readonly string[]): Promise<Rules> {
  const places = new Map<string, string>();
  let unread = false;
  for (const folder of folders) {
    let names: string[] = [];
    try {
      names = await readdir(folder);
    } catch (error) {
      unread ||= !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    }
    for (const name of names)
      if (name.endsWith('.rules') && !places.has(name)) places.set(name, path.join(folder, name));
  }
  if (places.size > limits.ruleFiles) return { files: [], unread: true };
  const files: RuleFile[] = [];
  let left: number = limits.allRulesBytes;
  for (const [name, file] of places) {
    const text = await textOf(file, left);
    if (text === undefined) unread = true;
    else {
      left -= text.length;
      files.push({ name, text });
    }
  }
  return { files, unread };
}

/** Undefined where it cannot be read, or is larger than any rules file. */
async function textOf(file: string, mostBytes: number): Promise<string | undefined> {
  try {
    const entry = await lstat(file);
    if (entry.isSymbolicLink() && (await readlink(file)) === '/dev/null') return '';
    return new TextDecoder().decode(
      await readFileBounded(file, Math.min(mostBytes, limits.foreignRuleBytes)),
    );
  } catch {
    return undefined;
  }
}
