// Writes the list of a release beside its packages, and its signature: what programs ask for when they look for a newer Rekindle.
//   node scripts/release-list.mjs FOLDER      with the key in REKINDLE_RELEASE_KEY, PEM
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { appReleaseSchema, releaseFileSchema } from '../shared/app-release.ts';
import { limits } from '../shared/limits.ts';
import { signIndex } from '../main/updates/make-index.ts';
import { releasePlace } from './packaging/releases.mjs';

const systems = { linux: ['linux', 'AppImage'], mac: ['darwin', 'zip'], win: ['win32', 'exe'] };
const archs = { x64: 'x64', x86_64: 'x64', arm64: 'arm64' };
/** What there must be: a list that leaves out a system would leave its people behind unseen. */
const wanted = ['linux x64', 'linux arm64', 'darwin x64', 'darwin arm64', 'win32 x64'];

/** The packages that can replace an older one, as the list names them. @throws Error where one is missing or there twice */
export function listedFiles(folder, version) {
  const files = readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const found = /^Rekindle-(.+)-(linux|mac|win)-(x64|x86_64|arm64)\.(AppImage|zip|exe)$/.exec(name);
      if (found === null) return [];
      const [, of, os, arch, extension] = found;
      const [platform, own] = systems[os];
      if (of !== version || extension !== own) return [];
      const bytes = readFileSync(path.join(folder, name));
      const sha512 = createHash('sha512').update(bytes).digest('base64');
      return [{ name, platform, arch: archs[arch], sha512, sizeBytes: bytes.length }];
    });
  const there = files.map(({ platform, arch }) => `${platform} ${arch}`);
  const missing = wanted.filter((one) => there.filter((other) => other === one).length !== 1);
  if (missing.length > 0)
    throw new Error(`of version ${version} there is not exactly one package for ${missing.join(', ')}`);
  return files;
}

/** What CHANGELOG.md says of a version, as plain text. */
export function notesOf(changelog, version) {
  const [, after = ''] = changelog.split(`\n## ${version}\n`);
  const [notes = ''] = after.split(/\n## /);
  return notes.trim().slice(0, limits.firmwareNotesChars);
}

/** @throws Error where the key is not the one that programs believe */
export function writeReleaseList(folder, { version, notes, now, pem, key }) {
  const files = listedFiles(folder, version);
  const list = { rekindleRelease: 1, version, publishedAt: now.toISOString(), notes, files };
  v.parse(appReleaseSchema, list);
  v.parse(v.array(releaseFileSchema), files);
  const bytes = Buffer.from(`${JSON.stringify(list, null, 2)}\n`);
  if (bytes.length > limits.releaseListBytes) throw new Error('the list is too long');
  const signed = signIndex(bytes, pem);
  if (signed.key !== key)
    throw new Error(
      `the public half of REKINDLE_RELEASE_KEY is ${signed.key}, and assets/releases.json has another`,
    );
  writeFileSync(path.join(folder, 'rekindle-release.json'), bytes);
  writeFileSync(path.join(folder, 'rekindle-release.json.sig'), signed.signature);
}

if (import.meta.main) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const { repository, key } = releasePlace();
  const pem = process.env.REKINDLE_RELEASE_KEY ?? '';
  if (repository === '' || key === '' || pem === '') {
    console.log(
      'No list of this release: assets/releases.json or REKINDLE_RELEASE_KEY is empty. No program hears of it.',
    );
  } else {
    const notes = notesOf(readFileSync('CHANGELOG.md', 'utf8'), version);
    writeReleaseList(process.argv[2], { version, notes, now: new Date(), pem, key });
    console.log(`The list of ${version} is signed with ${key}.`);
  }
}
