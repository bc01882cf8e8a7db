// Words for "Let me in" on Linux: the rule, what is run as root, and how it ended.
import type {
  AccessReason,
  AccountReach,
  NoPolkit,
  RightsFailure,
  RightsResult,
  RuleRights,
  RuleState,
} from '../rights.ts';

/** What is, and the next one thing to do. */
export interface RightsText {
  readonly title: string;
  readonly advice: string;
}

/** The rule as it stands, in words. */
export const ruleStateTexts: { readonly [state in RuleState]: RightsText } = {
  absent: {
    title: 'The rule that lets you open boards is not installed',
    advice: 'Install it once; it holds for every board in flash mode, also those you plug in later.',
  },
  current: { title: 'The rule is installed and up to date', advice: '' },
  outdated: {
    title: 'The rule is installed, but its text is not the one this Rekindle brings',
    advice: 'Installing replaces it. If somebody changed it on purpose, compare first.',
  },
  foreign: {
    title: 'There is a file of that name which is not from Rekindle',
    advice: 'Rekindle leaves it alone. Look at it, and move it away if it is of no use.',
  },
  'switched-off': {
    title: 'The rule was switched off on this computer',
    advice: 'An administrator did that; ask before you remove the link or the empty file.',
  },
  unreadable: {
    title: 'There is a rule of that name, but your account may not read it',
    advice: 'Make it readable: sudo chmod a+r, followed by its path.',
  },
};

/** For sessions the rule's "person at the screen" does not cover. */
export const remoteSessionText =
  'In a remote session your account must also be in the group plugdev (sudo usermod -aG plugdev $USER, then log in again).';

/** Whether this account will be let into a board's flash mode, and why. */
export const accessTexts: { readonly [why in AccessReason]: RightsText } = {
  root: { title: 'You are let in, as root', advice: '' },
  'our-rule': { title: 'You are let in: the rule is installed', advice: '' },
  'another-rule': { title: 'You are let in, by a rule that is not from Rekindle', advice: '' },
  'nothing-needed': { title: 'You are let in: this system asks for nothing', advice: '' },
  'no-rule': {
    title: 'No rule lets you open this board in flash mode',
    advice: 'Install the rule now: once the board is there, it is too late for a password.',
  },
  'not-for-account': {
    title: 'A rule is for this board, but not for your account',
    advice: `Install the rule, or sit at this computer. ${remoteSessionText}`,
  },
  'after-login': {
    title: 'You will be let in once you have logged in again',
    advice: 'Your account was put into the group of the rule since you logged in: log out and in again.',
  },
  'rule-not-understood': {
    title: 'Whether you are let in shows only when the board is there',
    advice:
      'A rule on this computer may decide it, and says something we cannot judge. Installing ours settles it, unless that rule takes it back.',
  },
  'rules-unreadable': {
    title: 'Whether you are let in shows only when the board is there',
    advice: 'Some rules on this computer cannot be read.',
  },
  'driver-unknown': {
    title: 'Whether there is a driver for its flash mode shows only when the board is there',
    advice:
      'If it was never in flash mode at this computer, put it there once before, and install the driver.',
  },
};

const noPolkitTexts: { readonly [why in NoPolkit]: string } = {
  'no-pkexec': 'This system has no pkexec to ask for an administrator',
  'no-agent': 'No password dialogue can be shown in this session',
  'no-daemon': 'The service that asks for an administrator (polkit) does not run',
};

const failureTexts: { readonly [why in RightsFailure]: RightsText } = {
  'not-ours': {
    title: 'The file in its place is not from Rekindle, and was left alone',
    advice: 'Look at it, move it away if it is of no use, and try again.',
  },
  'of-a-package': {
    title: 'The rule belongs to an installed package',
    advice: 'It goes when that package is removed.',
  },
  'cannot-write': {
    title: 'The system does not let the rule be written',
    advice:
      'On systems that manage /etc themselves (NixOS, image-based ones) add the rule to their settings.',
  },
  'no-udev': {
    title: 'This system has no udev',
    advice: 'Inside a container, the rule belongs on the computer itself.',
  },
  'timed-out': {
    title: 'Nobody answered the question for a password',
    advice: 'Try again, or copy the command into a terminal.',
  },
  stopped: { title: 'Stopped', advice: 'Check again to see whether it was done.' },
  unexpected: {
    title: 'It did not work',
    advice: 'Copy the command into a terminal instead; what it prints says more.',
  },
};

/** What the account still lacks when the rule is in force; empty where nothing. */
export const accountTexts: { readonly [reach in AccountReach]: string } = {
  root: '',
  group: '',
  seat: '',
  'group-after-login':
    'Your account was put into the group plugdev since you logged in: log out and in again for it to count.',
  neither: `The rule does not reach your account here. ${remoteSessionText}`,
};

/**
 * How installing or removing ended, in words.
 * @param reach whether the rule reaches the account: a rule in force is no promise to somebody it leaves out
 */
export function rightsResultText(result: RightsResult, reach: AccountReach): RightsText {
  switch (result.kind) {
    case 'installed':
      if (accountTexts[reach] !== '') return { title: 'The rule is installed', advice: accountTexts[reach] };
      return result.applied
        ? { title: 'You are let in', advice: 'Try again; the board need not be plugged in again.' }
        : { title: 'The rule is installed', advice: 'Unplug the board, plug it in again, and try again.' };
    case 'removed':
      return {
        title: 'The rule is removed',
        advice: result.applied
          ? 'Boards that are plugged in stay open until you unplug them.'
          : 'It is out of force after the next restart of the computer.',
      };
    case 'cancelled':
      return { title: 'Cancelled. Nothing was changed', advice: '' };
    case 'not-authorised':
      return {
        title: 'Not authorised. Nothing was changed',
        advice: "It takes an administrator's password. Ask whoever looks after this computer.",
      };
    case 'no-polkit':
      return {
        title: `${noPolkitTexts[result.why]}. Nothing was changed`,
        advice: 'Copy the command into a terminal instead.',
      };
    case 'wrong-system':
      return { title: 'Only Linux needs this rule', advice: '' };
    case 'failed': {
      const { title, advice } = failureTexts[result.why];
      return { title: result.detail === '' ? title : `${title} (${result.detail})`, advice };
    }
  }
}

/** Said before the button is pressed: exactly what happens, and on whose word. */
export function whatRunsAsRoot(rights: RuleRights): readonly string[] {
  return [
    `Your system asks for an administrator's password and then runs the script below once, as root, through /bin/sh.`,
    `It writes the rule to ${rights.rule.path} (or removes that file), and tells udev. Nothing else, and nothing that you or a board typed goes into it.`,
    `The script is part of the program you are running. If others may change that program's files, compare the digest with one you trust: ${rights.script.sha256}`,
  ];
}
