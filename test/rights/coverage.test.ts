// Whether an account will be let into flash mode, read off rules on disk before the board is there. A line that cannot be
// judged never makes a yes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account, AccountPlaces } from '../../main/rights/account.ts';
import { judge, rulesCover } from '../../main/rights/coverage.ts';
import { limits } from '../../shared/limits.ts';

const ours = readFileSync('assets/udev/70-rekindle.rules', 'utf8');
let root: string;
let folders: string[];
let account: AccountPlaces;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'rekindle-coverage-'));
  folders = ['etc', 'run', 'lib'].map((name) => path.join(root, name));
  for (const folder of [...folders, path.join(root, 'seats')]) mkdirSync(folder);
  writeFileSync(path.join(root, 'seats', 'seat0'), 'ACTIVE_UID=1000\n');
  const groupFile = path.join(root, 'group');
  writeFileSync(groupFile, 'root:x:0:\nplugdev:x:46:ann,zoe\nuucp:x:14:\n');
  account = { groupFile, seatFolder: path.join(root, 'seats'), uid: 1000, name: 'ann', groups: [1000] };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(name: string, text: string, folder = 0): void {
  writeFileSync(path.join(folders[folder] ?? '', name), text);
}

async function asked(
  ids = '04d8:f014',
  more: Partial<AccountPlaces> = {},
  dfuInterface = true,
): Promise<string> {
  const { answer, why } = await rulesCover(ids, dfuInterface, { folders, account: { ...account, ...more } });
  return `${answer} ${why}`;
}

/** One rule of somebody else's, alone, and what comes of it for the person at the screen. */
async function with_(rule: string, name = '60-other.rules'): Promise<string> {
  put(name, rule);
  return await asked();
}

const remote = { uid: 1001, name: 'ann', groups: [1001] };
const member = { ...remote, groups: [1001, 46] };
const stranger = { uid: 1002, name: 'tim', groups: [1002] };
const ids = 'ATTR{idVendor}=="04d8", ATTR{idProduct}=="f014"';

describe('our own rule', () => {
  beforeEach(() => put('70-rekindle.rules', ours));

  it.each<[string, object, string]>([
    ['the person at the screen', {}, 'yes our-rule'],
    ['a member of the group', member, 'yes our-rule'],
    ['one who must log in again', remote, 'no after-login'],
    ['somebody else', stranger, 'no not-for-account'],
    ['root', { uid: 0, name: 'root', groups: [0] }, 'yes root'],
  ])('for %s', async (_, who, answer) => expect(await asked('04d8:f014', who)).toBe(answer));

  it('covers whatever has a DFU interface, and ROM bootloaders by their ids', async () => {
    expect(await asked('1234:5678')).toBe('yes our-rule');
    expect(await asked('0483:df11', {}, false)).toBe('yes our-rule');
    // Without one it depends on interfaces nobody knows.
    expect(await asked('1234:5678', {}, false)).toBe('unknown rule-not-understood');
  });

  it('is taken back by what comes later', async () => {
    put('99-strict.rules', `SUBSYSTEM=="usb", ${ids}, MODE="0600", TAG-="uaccess"`);
    expect(await asked('04d8:f014', member)).toBe('no not-for-account');
    // After 73 the seat has it already.
    expect(await asked()).toBe('yes our-rule');
  });

  it('switched off is none', async () => {
    rmSync(path.join(folders[0] ?? '', '70-rekindle.rules'));
    put('70-rekindle.rules', ours, 2);
    expect(await asked()).toBe('yes our-rule');
    symlinkSync('/dev/null', path.join(folders[0] ?? '', '70-rekindle.rules'));
    expect(await asked()).toBe('no no-rule');
    rmSync(path.join(folders[0] ?? '', '70-rekindle.rules'));
    put('70-rekindle.rules', '', 1);
    expect(await asked()).toBe('no no-rule');
  });
});

describe("somebody else's rule", () => {
  it.each<[string, string, string]>([
    ['for these ids', `SUBSYSTEM=="usb", ${ids}, MODE="0666"`, 'yes another-rule'],
    ['for the program only', 'ATTR{idVendor}=="04d8", ATTR{idProduct}=="f013", MODE="0666"', 'no no-rule'],
    ['for its serial port only', `SUBSYSTEM=="tty", ${ids}, TAG+="uaccess", MODE="0666"`, 'no no-rule'],
    [
      'for parents, too',
      'ATTRS{idVendor}=="04d8", ATTRS{idProduct}=="f014", MODE="0666"',
      'yes another-rule',
    ],
    ['for all of a maker', 'SUBSYSTEMS=="usb", ATTRS{idVendor}=="04d8", MODE:="0666"', 'yes another-rule'],
    ['with a pattern', 'ATTR{idVendor}=="04d8", ATTR{idProduct}=="f01[1-4]", MODE="666"', 'yes another-rule'],
    [
      'with alternatives',
      'ATTR{idVendor}=="1fc9|04d8", ATTR{idProduct}=="ef??|f0*", MODE="0666"',
      'yes another-rule',
    ],
    ['in capitals', 'ATTR{idVendor}=="04D8", ATTR{idProduct}=="F014", MODE="0666"', 'no no-rule'],
    [
      'in capitals that do not matter',
      'ATTR{idVendor}==i"04D8", ATTR{idProduct}==i"F014", MODE="0666"',
      'yes another-rule',
    ],
    ['for the interface', 'ENV{ID_USB_INTERFACES}=="*:fe01*:*", TAG+="uaccess"', 'yes another-rule'],
    [
      'for one protocol of it',
      'ENV{ID_USB_INTERFACES}=="*:fe0102:*", TAG+="uaccess"',
      'unknown rule-not-understood',
    ],
    ['for printers', 'ENV{ID_USB_INTERFACES}=="*:0701*:*", TAG+="uaccess"', 'no no-rule'],
    ['for the product', 'ENV{PRODUCT}=="4d8/f014/*", MODE="0666"', 'yes another-rule'],
    ['for one version of it', 'ENV{PRODUCT}=="4d8/f014/101", MODE="0666"', 'unknown rule-not-understood'],
    ['for another product', 'ENV{PRODUCT}=="483/df11/*", MODE="0666"', 'no no-rule'],
    ['for everything', 'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", MODE="0666"', 'yes another-rule'],
    ['for keyboards', 'KERNEL=="hidraw*", MODE="0666"', 'no no-rule'],
    ['on one port', `KERNEL=="1-4*", ${ids}, MODE="0666"`, 'unknown rule-not-understood'],
    ['for another group', `${ids}, GROUP="uucp", MODE="0660"`, 'no not-for-account'],
    ['for a group nobody knows', `${ids}, GROUP="staff", MODE="0660"`, 'unknown rule-not-understood'],
    ['for reading only', `${ids}, MODE="0444"`, 'no no-rule'],
    ['for this account', `${ids}, OWNER="ann", MODE="0600"`, 'yes another-rule'],
    ['that takes back', `${ids}, MODE="0666"\n${ids}, MODE="0600"`, 'no no-rule'],
    ['that is final', `${ids}, MODE:="0666"\n${ids}, MODE="0600"`, 'yes another-rule'],
    ['when it comes only', `ACTION=="add", ${ids}, TAG+="uaccess"`, 'yes another-rule'],
    ['whose mode does not last', `ACTION=="add", ${ids}, MODE="0666"`, 'unknown rule-not-understood'],
    ['when it goes', `ACTION=="remove", ${ids}, MODE="0666"`, 'no no-rule'],
    ['by its text', `${ids}, ATTR{product}=="Pytrack", MODE="0666"`, 'unknown rule-not-understood'],
    ['by a program', `${ids}, PROGRAM="/bin/true", MODE="0666"`, 'unknown rule-not-understood'],
    ['by the hardware database', 'ENV{ID_DEBUG_APPLIANCE}=="?*", TAG+="uaccess"', 'no no-rule'],
    ['with a mode made up later', `${ids}, MODE="$env{MODE}"`, 'unknown rule-not-understood'],
    ['by a property of its own', `${ids}, ENV{mine}="1"\nENV{mine}=="1", MODE="0666"`, 'yes another-rule'],
    ['by a property never set', 'ENV{mine}=="1", MODE="0666"', 'no no-rule'],
    ['in a comment', `# ${ids}, MODE="0666"`, 'no no-rule'],
    [
      'over two lines',
      'ATTR{idVendor}=="04d8", \\\n  ATTR{idProduct}=="f014", \\\n  MODE="0666"',
      'yes another-rule',
    ],
    ['without commas', 'ATTR{idVendor}=="04d8" ATTR{idProduct}=="f014" MODE="0666"', 'yes another-rule'],
    ['that is broken', `${ids}, MODE=0666`, 'unknown rule-not-understood'],
    ['that is cut off', `${ids}, MODE="0666"\n${ids}, MODE="06`, 'unknown rule-not-understood'],
    ['of nothing but noise', '\u0000\u0001 \uFFFD {{{ """', 'no no-rule'],
    ['jumped over', `GOTO="end"\n${ids}, MODE="0666"\nLABEL="end"`, 'no no-rule'],
    [
      'jumped over for others',
      `SUBSYSTEM!="usb", GOTO="end"\n${ids}, MODE="0666"\nLABEL="end"`,
      'yes another-rule',
    ],
    [
      'jumped over perhaps',
      `ATTR{product}=="x", GOTO="end"\n${ids}, MODE="0666"\nLABEL="end"`,
      'unknown rule-not-understood',
    ],
    ['that jumps nowhere', `GOTO="nowhere"\n${ids}, MODE="0666"`, 'yes another-rule'],
    ['that jumps back', `LABEL="up"\n${ids}, MODE="0666"\nGOTO="up"`, 'yes another-rule'],
  ])('%s', async (_, rule, answer) => expect(await with_(rule)).toBe(answer));

  it('gives the seat nothing after 73', async () => {
    expect(await with_(`${ids}, TAG+="uaccess"`, '77-pycom.rules')).toBe('no no-rule');
    expect(await with_(`${ids}, TAG+="uaccess"`, '72-pycom.rules')).toBe('yes another-rule');
  });

  it('knows no interfaces before 50', async () => {
    const rule = 'ENV{ID_USB_INTERFACES}=="*:fe01*:*", TAG+="uaccess"';
    expect(await with_(rule, '40-early.rules')).toBe('no no-rule');
    expect(await with_(rule, '51-late.rules')).toBe('yes another-rule');
  });

  it('counts in the order of names, whatever the folder', async () => {
    put('60-a.rules', `${ids}, MODE="0600"`, 0);
    put('50-b.rules', `${ids}, MODE="0666"`, 0);
    expect(await asked()).toBe('no no-rule');
    put('61-c.rules', `${ids}, MODE="0666"`, 2);
    expect(await asked()).toBe('yes another-rule');
    put('61-c.rules', `${ids}, MODE="0600"`, 1);
    expect(await asked()).toBe('no no-rule');
  });
});

describe('rules nobody should have', () => {
  it('that cannot be read make no promise', async () => {
    put('60-other.rules', `${ids}, MODE="0666"`);
    mkdirSync(path.join(folders[0] ?? '', '90-folder.rules'));
    expect(await asked()).toBe('unknown rules-unreadable');
  });

  it('that are huge are not looked at, and end nothing', async () => {
    put('60-huge.rules', 'x'.repeat(limits.foreignRuleBytes + 1));
    expect(await asked()).toBe('unknown rules-unreadable');
  });

  it('with patterns that take for ever are not matched', async () => {
    const pattern = '*a'.repeat(200);
    expect(await with_(`ATTR{idVendor}=="${pattern}", MODE="0666"`)).toBe('unknown rule-not-understood');
    expect(await with_(`ATTR{idVendor}=="[z-a]", MODE="0666"`)).toBe('unknown rule-not-understood');
  });

  it('of many lines are gone through at once', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, index) =>
        `ATTR{idVendor}=="${index.toString(16).padStart(4, '0')}", ATTR{product}=="x", MODE="0666"`,
    );
    expect(await with_(lines.join('\n'))).toBe('unknown rule-not-understood');
  });

  it('of any words in any order end nothing, and let nobody in without saying so', () => {
    const word = fc.constantFrom(
      'ATTR{idVendor}=="04d8"',
      'ATTRS{idProduct}!="f014"',
      'SUBSYSTEM=="usb"',
      'ENV{ID_USB_INTERFACES}=="*:fe0*:*"',
      'ENV{x}="1"',
      'ENV{x}=="1"',
      'PROGRAM="/bin/true"',
      'GOTO="a"',
      'LABEL="a"',
      'MODE="0666"',
      'MODE="0600"',
      'MODE:="0660"',
      'GROUP="plugdev"',
      'OWNER="ann"',
      'TAG+="uaccess"',
      'TAG-="uaccess"',
      ',',
      '\\',
      '\n',
      '#',
      '"',
    );
    const noise = fc.string({ unit: 'binary', maxLength: 20 });
    const text = fc
      .array(fc.oneof({ weight: 9, arbitrary: word }, noise), { maxLength: 40 })
      .map((words) => words.join(' '));
    const account: Account = {
      root: false,
      name: 'ann',
      atSeat: true,
      inGroup: (group) => group === 'plugdev',
      willBeInGroup: () => true,
    };
    fc.assert(
      fc.property(text, fc.boolean(), (rule, dfu) => {
        const { answer } = judge([{ name: '60-any.rules', text: rule }], '04d8:f014', dfu, account);
        if (answer === 'yes') expect(rule).toMatch(/MODE|OWNER|GROUP|uaccess/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are none where there are no folders', async () => {
    folders = ['/no/such/folder'];
    expect(await asked()).toBe('no no-rule');
  });
});
