// Makes a fresh clone ready: dependencies always, Debian packages for the tests on request.
// Runs on the system's Node, before the pinned one is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { missingTestPackages } from './debian-packages.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Rekindle's scripts need Node 20.19 or newer to start; this is ${process.versions.node}.`);
  process.exit(1);
}

const stamp = 'node_modules/.rekindle-lock';
const wanted = createHash('sha256')
  .update(readFileSync('package-lock.json'))
  .update(`${process.platform}-${process.arch}`)
  .digest('hex');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('Installing dependencies (npm ci) ...');
  const result = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
  mkdirSync('node_modules', { recursive: true });
  writeFileSync(stamp, wanted);
}

if (process.argv.includes('--tests')) {
  const missing = missingTestPackages();
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (missing.length > 0 && canInstall) {
    console.error(`Installing Debian packages for the tests: ${missing.join(' ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) =>
      spawnSync('apt-get', ['-q', ...args], { stdio: ['ignore', 'ignore', 2], env }).status === 0;
    if (!apt('install', '-y', '--no-install-recommends', ...missing)) {
      apt('update');
      apt('install', '-y', '--no-install-recommends', ...missing);
    }
  }
  const still = missingTestPackages();
  if (still.length > 0) {
    console.error(`Some tests will be skipped. To run them: sudo apt-get install ${still.join(' ')}`);
  }
}
