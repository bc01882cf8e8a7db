// What a person is told of a profile they wrote: every mistake, with its place, in words.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readProfile } from '../../main/devices/read-profile.ts';
import { limits } from '../../shared/limits.ts';
import { cleanText } from '../../shared/text/clean.ts';
import { profileProblemText } from '../../shared/text/profile-problems.ts';
import { written } from '../support/profiles.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function words(changes: object, file = 'acme-rocket.json', taken: string[] = []): string[] {
  const bytes = encode(JSON.stringify({ ...written, ...changes }));
  return readProfile(bytes, file, new Set(taken)).problems.map(profileProblemText);
}

const mode = (changes: object) => ({ modes: [{ ...written.modes[0], ...changes }] });
const way = (changes: object) => ({ ways: [{ ...written.ways[0], ...changes }] });
const steps = (...list: object[]) => way({ steps: list });
const range = (first: string, last: string) => ({ alternate: 0, first, last, what: 'x', source: 'x' });

const page = {
  kind: 'page',
  id: 'maker',
  address: 'https://acme.example.com/firmware',
  take: 'The newest.',
  source: 'x',
};
const github = {
  kind: 'github-releases',
  id: 'releases',
  repository: 'acme/rocket',
  assets: [{ name: 'rocket_{version}.bin' }],
  source: 'x',
};
const folder = {
  kind: 'folder',
  id: 'folder',
  folder: '/srv/firmware',
  assets: [{ name: 'rocket_{version}.bin' }],
  source: 'x',
};
const from = (...firmware: object[]) => ({ firmware });

describe('a profile', () => {
  it('may say where firmware comes from, on the internet or in a folder', () => {
    expect(words(from(page, github, folder))).toEqual([]);
    expect(words(from({ ...folder, folder: 'C:\\firmware' }))).toEqual([]);
  });

  it('that is right is used as it is', () => {
    const read = readProfile(encode(JSON.stringify(written)), 'acme-rocket.json', new Set());
    expect(read.problems).toEqual([]);
    expect(read.profile).toMatchObject({ id: 'acme-rocket', forbidden: [], secrets: [] });
  });

  it.each<[object, RegExp]>([
    // the schema
    [{ id: undefined }, /^id: it is missing$/],
    [{ colour: 'red' }, /^colour: there is no such field$/],
    [{ name: 7 }, /^name: it must be a text$/],
    [{ modes: {} }, /^modes: it must be a list$/],
    [{ modes: [7] }, /^modes\[0\]: it must be an object$/],
    [{ returnMs: 'soon' }, /^returnMs: it must be a number$/],
    [{ returnMs: 1.5 }, /^returnMs: it must be a whole number$/],
    [{ returnMs: 0 }, /^returnMs: it must be at least 1$/],
    [{ returnMs: 1e9 }, /^returnMs: it must be at most 600000$/],
    [{ name: ' ' }, /^name: it must not be empty$/],
    [{ name: 'x'.repeat(61) }, /^name: it must not be longer than 60$/],
    [{ support: 'some' }, /^support: it must be one of full, repair, named$/],
    [mode({ ids: ['0483:DF11'] }), /^modes\[0\]\.ids\[0\]: .*as 0483:df11$/],
    [mode({ ids: [] }), /^modes\[0\]\.ids: it must not be empty$/],
    [{ forbidden: [range('0x0', '0000000f')] }, /^forbidden\[0\]\.first: .*as 08000000$/],
    [steps({ verb: 'kick' }), /^ways\[0\]\.steps\[0\]\.verb: it must be one of press, hold, let-go,/],
    [steps({ verb: 'hold' }), /^ways\[0\]\.steps\[0\]\.control: it is missing$/],
    [{ support: 'named', ways: [] }, /^today: a board that is not fully supported needs "today"/],
    // what it says
    [{ id: 'acme-other' }, /^id: it must be the name of the file, acme-rocket\.json, without \.json$/],
    [mode({ kind: 'application' }), /^modes: a board that can be flashed needs a mode of the kind "flash"$/],
    [mode({ ids: ['*:*'] }), /^modes\[0\]\.ids\[0\]: it must say which board/],
    [mode({ ids: ['1366:*'] }), /^modes\[0\]\.ids\[0\]: 1366:\* names a whole maker/],
    [mode({ chips: ['z80'] }), /^modes\[0\]\.chips\[0\]: there is no chip z80; there are .*stm32f072/],
    [
      { modes: [written.modes[0], { ...written.modes[0], kind: 'application' }] },
      /^modes\[1\]\.ids\[0\]: 1234/,
    ],
    [{ ways: [] }, /^ways: a board with full support needs at least one way/],
    [{ ways: [{ kind: 'dfu-detach', source: 'x' }] }, /^ways\[0\]: the last way must be "by-hand"/],
    [
      { support: 'named', today: 'No.' },
      /^ways: no way into flash mode is offered for a board with "named"$/,
    ],
    [steps({ verb: 'let-go', control: 'S1' }), /^ways\[0\]\.steps\[0\]: S1 is let go, but was never held$/],
    [steps({ verb: 'hold', control: 'S1' }), /^ways\[0\]\.steps\[0\]: S1 is held and never let go$/],
    [steps({ verb: 'close-jumper', control: 'P1' }), /^ways\[0\]\.steps\[0\]: P1 is closed and never opened/],
    [{ secrets: [range('00000010', '0000000f')] }, /^secrets\[0\]: it ends \(0000000f\) before it begins/],
    [{ window: { ms: 20, source: 'x' } }, /^window\.ms: .* is hardly meant/],
    [{ watchdog: { ms: 20, what: 'x', source: 'x' } }, /^watchdog\.ms: .* is hardly meant/],
    [{ files: { names: ['x'], bytes: 9, mostBytes: 8, source: 'x' } }, /^files: "bytes" is more than/],
    // where its firmware comes from
    [from({ ...page, address: 'http://acme.example.com' }), /^firmware\[0\]\.address: .* begins with https/],
    [from({ ...page, address: 'file:///etc/passwd' }), /^firmware\[0\]\.address: .* begins with https/],
    [
      from({ ...page, address: 'https://192.168.1.1/' }),
      /^firmware\[0\]\.address: .* within your own network/,
    ],
    [from({ ...page, address: 'https://localhost/' }), /^firmware\[0\]\.address: .* within your own network/],
    [from({ ...page, address: 'https://a:b@example.com/' }), /^firmware\[0\]\.address: .* user name/],
    [from(page, page), /^firmware\[1\]\.id: two sources are called maker$/],
    [from({ ...page, kind: 'ftp' }), /^firmware\[0\]\.kind: it must be one of github-releases, index/],
    [from({ ...github, repository: '../../x' }), /^firmware\[0\]\.repository: .*acme\/rocket/],
    [from({ ...github, repository: 'acme/rocket?x=' }), /^firmware\[0\]\.repository: .*acme\/rocket/],
    [from({ ...github, tag: 'v*' }), /^firmware\[0\]\.tag: its version must be in it/],
    [
      from({ ...github, assets: [{ name: '(a+)+$' }] }),
      /^firmware\[0\]\.assets\[0\]\.name: .*at most four stars/,
    ],
    [
      from({ ...github, assets: [{ name: '*a*a*a*a*' }] }),
      /^firmware\[0\]\.assets\[0\]\.name: .*at most four stars/,
    ],
    [
      from({ ...github, assets: [{ name: '../x' }] }),
      /^firmware\[0\]\.assets\[0\]\.name: .*at most four stars/,
    ],
    [from({ ...folder, folder: 'firmware' }), /^firmware\[0\]\.folder: .* from its root on/],
    [from({ ...folder, folder: '\\\\server\\share' }), /^firmware\[0\]\.folder: .* another computer shares/],
    [from({ ...folder, folder: '//server/share' }), /^firmware\[0\]\.folder: .* another computer shares/],
    [from({ ...folder, folder: '/\\server\\share' }), /^firmware\[0\]\.folder: .* another computer shares/],
    [from({ ...folder, assets: [{ name: 'x.bin' }] }), /^firmware\[0\]\.assets\[0\]\.name: its version/],
    [
      from({ kind: 'index', id: 'i', address: page.address, key: 'abc', source: 'x' }),
      /^firmware\[0\]\.key: .*Ed25519/,
    ],
  ])('with %j is told so', (changes, said) => {
    const [first = '', ...others] = words(changes);
    expect(first).toMatch(said);
    expect(others).toEqual([]);
  });

  it('with many mistakes is told all of them', () => {
    expect(words({ id: 'Acme', colour: 1, name: '' }).map((one) => one.split(':')[0])).toEqual([
      'id',
      'name',
      'colour',
    ]);
  });

  it('may not take the name of another', () =>
    expect(words({}, 'acme-rocket.json', ['acme-rocket'])).toEqual([
      'id: another profile is called acme-rocket already',
    ]));

  it('opens a jumper again afterwards at the latest', () => {
    const jumper = { verb: 'close-jumper', control: 'P1' };
    expect(words(way({ steps: [jumper], after: [{ verb: 'open-jumper', control: 'P1' }] }))).toEqual([]);
  });

  it('cannot repaint a terminal or hide a name', () => {
    const bytes = encode(
      JSON.stringify({ ...written, name: 'Ro\u001b[31mck\u202eet', also: ['\u0007bell'] }),
    );
    const { profile } = readProfile(bytes, 'acme-rocket.json', new Set());
    expect([profile?.name, profile?.also]).toEqual(['Ro[31mcket', ['bell']]);
    expect(words({ name: '\u0007\u202e' })).toEqual(['name: it must not be empty']);
    expect(words({ '\u001b[2Jfield': 1 })[0]).toBe('[2Jfield: there is no such field');
  });

  it.each([
    ['nothing', '', /^It is not JSON/],
    ['half of it', '{"id": "acme', /^It is not JSON/],
    ['a list', '[]', /./],
    ['null', 'null', /./],
    ['a deep nest', '['.repeat(100_000) + ']'.repeat(100_000), /./],
    ['a deep nest where a text belongs', `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, /./],
    ['__proto__', '{"__proto__": {"support": "full"}}', /./],
  ])('that is %s ends nothing', (_, text, said) => {
    const { profile, problems } = readProfile(encode(text), 'x.json', new Set());
    expect(profile).toBeUndefined();
    expect(profileProblemText(problems[0] as never)).toMatch(said);
    expect(({} as Record<string, unknown>)['support']).toBeUndefined();
  });

  it('that is anything at all ends nothing, and what is used of it is clean', () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.string({ unit: 'binary' }));
    const key = fc.oneof(fc.constantFrom(...Object.keys(written), 'also', 'window', 'secrets'), fc.string());
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 3 }), (changes) => {
        const bytes = encode(JSON.stringify({ ...written, ...changes }));
        const { profile, problems } = readProfile(bytes, 'acme-rocket.json', new Set());
        expect(profile === undefined).toBe(problems.length > 0);
        for (const one of problems) expect(cleanText(profileProblemText(one))).toBe(profileProblemText(one));
        // The line an answer is known by may have anything in it that is no control character.
        const said = JSON.stringify(profile ?? {});
        expect(cleanText(said)).toBe(said);
      }),
      { numRuns: 1_000 },
    );
  });

  it('that is not UTF-8, or too large, is told so', () => {
    const code = (bytes: Uint8Array) =>
      readProfile(bytes, 'x.json', new Set()).problems.map((one) => one.code);
    expect(code(Uint8Array.of(0x22, 0xff, 0x22))).toEqual(['not-json']);
    expect(code(new Uint8Array(limits.profileBytes + 1))).toEqual(['too-large']);
  });
});
