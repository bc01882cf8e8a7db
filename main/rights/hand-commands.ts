import type { RuleRights } from '../../shared/rights.ts';
import { ruleFolder, ruleName, ruleText } from './rule.ts';

/** Single quotes mean the same to sh, bash, zsh and fish, as long as no backslash is between them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const file = `${ruleFolder}/${ruleName}`;
const apply =
  'sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=usb --subsystem-match=tty';

/** For systems without polkit, and for people who would rather see every word: to be copied into a terminal. */
export const handCommands: RuleRights['commands'] = {
  install: `printf '%s' ${quoted(ruleText)} | sudo tee ${file} >/dev/null\n${apply}`,
  remove: `sudo rm -f ${file}\n${apply}`,
};
