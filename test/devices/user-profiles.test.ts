// The folder of a person's own boards: whatever lies there, the program starts, and says what it passed over.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { loadProfiles } from '../../main/devices/user-profiles.ts';
import { limits } from '../../shared/limits.ts';
import { written } from '../support/profiles.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rekindle-profiles-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, changes: object = {}): void {
  const id = name.replace(/\.json$/, '');
  writeFileSync(path.join(folder, name), JSON.stringify({ ...written, id, ...changes }));
}

async function load(): Promise<{ own: string[]; problems: Record<string, string[]>; logged: string[] }> {
  const logged: string[] = [];
  const log = { write: (level: string, _: string, line: string) => void logged.push(`${level} ${line}`) };
  const { profiles, problems } = await loadProfiles(folder, log);
  expect(profiles.slice(0, builtInProfiles.length)).toEqual(builtInProfiles);
  return {
    own: profiles.slice(builtInProfiles.length).map((profile) => profile.id),
    problems: Object.fromEntries(problems.map((one) => [one.file, one.problems.map(({ code }) => code)])),
    logged,
  };
}

describe("a person's own boards", () => {
  it('none, without a folder', async () => {
    rmSync(folder, { recursive: true });
    expect(await load()).toEqual({ own: [], problems: {}, logged: [] });
  });

  it('come behind those of the program, by name', async () => {
    put('acme-b.json', { name: 'Beta' });
    put('acme-a.json', { name: 'Zeta' });
    expect((await load()).own).toEqual(['acme-b', 'acme-a']);
  });

  it('that are wrong are told and passed over, the others used', async () => {
    put('good.json');
    put('bad.json', { support: 'most' });
    put('nanovna-h.json');
    writeFileSync(path.join(folder, 'broken.json'), '{');
    writeFileSync(path.join(folder, 'huge.json'), ' '.repeat(limits.profileBytes + 1));
    mkdirSync(path.join(folder, 'folder.json'));
    symlinkSync('/dev/zero', path.join(folder, 'endless.json'));
    symlinkSync(path.join(folder, 'good.json'), path.join(folder, 'link.json'));
    spawnSync('mkfifo', [path.join(folder, 'pipe.json')]);
    writeFileSync(path.join(folder, 'notes.txt'), 'not a profile');
    const { own, problems, logged } = await load();
    expect(own).toEqual(['good']);
    expect(problems).toEqual({
      'bad.json': ['wrong-choice'],
      'broken.json': ['not-json'],
      'endless.json': ['not-a-file'],
      'folder.json': ['not-a-file'],
      'huge.json': ['too-large'],
      'link.json': ['not-a-file'],
      'nanovna-h.json': ['id-taken'],
      'pipe.json': ['not-a-file'],
    });
    expect(logged).toHaveLength(8);
    expect(logged[0]).toMatch(/^warn bad\.json is not used: wrong-choice support/);
  });

  // Elsewhere the two are one file.
  it.runIf(process.platform === 'linux')(
    'of one name, in two files that a system may tell apart, are one',
    async () => {
      put('twin.json');
      writeFileSync(path.join(folder, 'twin.JSON'), JSON.stringify({ ...written, id: 'twin' }));
      const { own, problems } = await load();
      expect([own, problems]).toEqual([['twin'], { 'twin.json': ['id-taken'] }]);
    },
  );

  it('beyond what anybody has are not looked at', async () => {
    for (let index = 0; index <= limits.profileFiles; index++) put(`b${String(index).padStart(3, '0')}.json`);
    const { own, problems } = await load();
    expect(own).toHaveLength(limits.profileFiles);
    expect(problems).toEqual({ [path.basename(folder)]: ['too-many-files'] });
  });

  it('in a folder that is none are told', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    expect((await load()).problems).toEqual({ [path.basename(folder)]: ['unreadable'] });
  });
});
