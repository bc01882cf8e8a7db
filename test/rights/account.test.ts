import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { accountReach, type AccountPlaces } from '../../main/rights/account.ts';
import { accountTexts, rightsResultText } from '../../shared/text/rights.ts';

let places: AccountPlaces;

beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-account-'));
  const seatFolder = path.join(folder, 'seats');
  mkdirSync(seatFolder);
  writeFileSync(path.join(seatFolder, 'seat0'), 'IS_SEAT0=1\nACTIVE=c1\nACTIVE_UID=1000\nSESSIONS=c1\n');
  const groupFile = path.join(folder, 'group');
  writeFileSync(groupFile, 'root:x:0:\nnotplugdev:x:7:zoe\nplugdev:x:46:ann,joanne\n');
  places = { groupFile, seatFolder, uid: 1001, name: 'anne', groups: [1001] };
});

describe('whether the rule reaches an account', () => {
  it.each<[string, Partial<AccountPlaces>, string]>([
    ['root', { uid: 0, name: 'root', groups: [0] }, 'root'],
    ['a member', { groups: [1001, 46] }, 'group'],
    ['the person at the screen', { uid: 1000 }, 'seat'],
    ['made a member since', { name: 'ann' }, 'group-after-login'],
    ['part of a name, or of a group\u2019s', { name: 'zoe', groups: [7] }, 'neither'],
    ['somebody far away', {}, 'neither'],
    ['on a system without either', { groupFile: '/no/such', seatFolder: '/no/such' }, 'neither'],
  ])('%s', async (_name, more, reach) => {
    expect(await accountReach({ ...places, ...more })).toBe(reach);
  });

  it('promises nothing to an account the rule leaves out', () => {
    const installed = { kind: 'installed', applied: true } as const;
    expect(rightsResultText(installed, 'seat').title).toBe('You are let in');
    for (const reach of ['neither', 'group-after-login'] as const) {
      expect(rightsResultText(installed, reach)).toEqual({
        title: 'The rule is installed',
        advice: accountTexts[reach],
      });
    }
  });
});
