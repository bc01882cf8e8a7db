// What may keep this account from opening a board, and what was done about it. Words in `shared/text/rights.ts`.

/**
 * How the rule stands. `current`: in force, and the text we ship. `outdated`: ours, with another text (an older
 * Rekindle's, or changed by hand). `foreign`: a file of that name which is not ours. `switched-off`: an
 * administrator's link to /dev/null, udev's way of switching a rule off. `unreadable`: there, but not for us to see.
 */
export const ruleStates = ['absent', 'current', 'outdated', 'foreign', 'switched-off', 'unreadable'] as const;
export type RuleState = (typeof ruleStates)[number];

/** How the script gets its rights: `root` is ours already, `none` leaves the command to copy. */
export type Elevation = 'pkexec' | 'root' | 'none';

/**
 * Whether the rule reaches this account: `group` (in plugdev), `seat` (the person at the screen), `group-after-login` (put into
 * plugdev since the last login), `neither` (a remote session of somebody else).
 */
export const accountReaches = ['root', 'group', 'seat', 'group-after-login', 'neither'] as const;
export type AccountReach = (typeof accountReaches)[number];

/** Linux: one udev rule decides. All of it can be shown before anything is done. */
export interface RuleRights {
  readonly system: 'linux';
  readonly state: RuleState;
  /** Where the rule in force was found; undefined when there is none. */
  readonly foundAt: string | undefined;
  /** The text in force where it is not ours to the letter, to be compared; at most `limits.ruleBytes`. */
  readonly foundText: string | undefined;
  /** Where the rule goes, and exactly what it says. */
  readonly rule: { readonly path: string; readonly text: string };
  readonly account: AccountReach;
  readonly elevation: Elevation;
  /** Exactly what is run as root, word for word, and its SHA-256. */
  readonly script: { readonly text: string; readonly sha256: string };
  /** The same by hand, for every shell. */
  readonly commands: { readonly install: string; readonly remove: string };
}

/** Windows and macOS: nothing Rekindle installs by itself, but exact steps. */
export interface GuideRights {
  readonly system: 'win32' | 'darwin';
}

export type RightsStatus = RuleRights | GuideRights;

/** Why an account will or will not be let into a board's flash mode. Words in `shared/text/rights.ts`. */
export const accessReasons = [
  'root',
  /** Our rule is in force and reaches this account. */
  'our-rule',
  'another-rule',
  /** A system that lets everybody in. */
  'nothing-needed',
  /** No rule is for these ids. */
  'no-rule',
  /** A rule is for these ids, and lets others in. */
  'not-for-account',
  /** It will, once the account has logged in again. */
  'after-login',
  /** A rule that may decide says something that cannot be told beforehand. */
  'rule-not-understood',
  'rules-unreadable',
  /** Windows: whether a driver is known for these ids shows only when the board is there. */
  'driver-unknown',
] as const;
export type AccessReason = (typeof accessReasons)[number];

/** Whether the account will be let in, before the board is there. */
export interface FlashModeAccess {
  readonly answer: 'yes' | 'no' | 'unknown';
  readonly why: AccessReason;
}

export type RightsVerb = 'install' | 'remove';

/** Why a change failed. */
export const rightsFailures = [
  /** The file there is not ours, or somebody switched the rule off: theirs to decide. */
  'not-ours',
  /** The rule in force belongs to a package, whose removal takes it along. */
  'of-a-package',
  /** The system refused the file (read-only, full). */
  'cannot-write',
  /** No udev on this system. */
  'no-udev',
  /** Nobody answered in time. Whether something was done is told by the status. */
  'timed-out',
  /** The caller ended it. */
  'stopped',
  /** It said it was done, and it is not so; or it ended in a way nobody foresaw. */
  'unexpected',
] as const;
export type RightsFailure = (typeof rightsFailures)[number];

/** Why polkit cannot ask. */
export type NoPolkit = 'no-pkexec' | 'no-agent' | 'no-daemon';

/** How installing or removing ended. `applied`: udev has taken it up also for what is plugged in. */
export type RightsResult =
  | { readonly kind: 'installed'; readonly applied: boolean }
  | { readonly kind: 'removed'; readonly applied: boolean }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-authorised' }
  | { readonly kind: 'no-polkit'; readonly why: NoPolkit }
  | { readonly kind: 'wrong-system' }
  | { readonly kind: 'failed'; readonly why: RightsFailure; readonly detail: string };
