// Builds the packages of the system it runs on, into dist/packages. With --dir only the unpacked program.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'electron-builder';
import { publishOf, releasePlace } from './packaging/releases.mjs';
import { signingOf } from './packaging/signing.mjs';

for (const step of [
  ['scripts/build.mjs', '--force', '--page', '--electron'],
  ['scripts/packaging/prepare.mjs'],
]) {
  const { status } = spawnSync('node', step, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
rmSync('dist/packages', { recursive: true, force: true });

const signing = signingOf(process.env, process.platform);
delete process.env.REKINDLE_SIGNING;
Object.assign(process.env, signing.env);
const place = releasePlace();
const repository = place.repository || process.env.GITHUB_REPOSITORY;
await build({
  publish: 'never',
  dir: process.argv.includes('--dir'),
  config: {
    // A valid signature of nobody: without any, Apple silicon calls the program damaged.
    ...(signing.mac ? {} : { mac: { identity: '-' } }),
    publish: publishOf(place, { platform: process.platform, signedForMac: signing.mac }),
    // Debian packages name a home page; without a repository it is a name nobody can ever own.
    extraMetadata: {
      homepage: repository === undefined ? 'https://rekindle.invalid/' : `https://github.com/${repository}`,
    },
  },
});
