// Opens the studio: in Electron where its binary is there or can be had, in an installed Chromium otherwise.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A download that failed is tried again after a day, not at every start. */
const stamp = 'node_modules/.rekindle-no-electron';
const dayMs = 24 * 60 * 60 * 1000;
const downloadLimitMs = 5 * 60 * 1000;
const electron = 'node_modules/electron';

/** Electron's binary, or why there is none. */
function findElectron() {
  const noDisplay = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  if (noDisplay) return { why: 'there is no display' };
  if (process.getuid?.() === 0) return { why: 'it does not run as root' };
  const there = binary();
  if (there !== undefined) return { file: there };
  if (existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < dayMs)
    return { why: 'it could not be downloaded' };
  console.log('Downloading Electron, once ...');
  const result = spawnSync(process.execPath, [`${electron}/install.js`], {
    stdio: 'ignore',
    timeout: downloadLimitMs,
  });
  const file = result.status === 0 ? binary() : undefined;
  if (file !== undefined) return { file };
  writeFileSync(stamp, '');
  return { why: 'it could not be downloaded' };
}

function binary() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? `${electron}/dist`;
  const name = existsSync(`${electron}/path.txt`) ? readFileSync(`${electron}/path.txt`, 'utf8') : 'electron';
  const file = path.resolve(folder, name);
  return existsSync(file) ? file : undefined;
}

function build(shell) {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs', '--page', `--${shell}`], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

function run(file, args) {
  const child = spawn(file, args, { stdio: 'inherit' });
  // Ctrl-C reaches the child as well, and it knows what to finish first.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  child.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}

const args = process.argv.slice(2);
const found = args.includes('--browser') ? { why: 'a browser was asked for' } : findElectron();
if (found.file === undefined) {
  console.log(`Without Electron (${found.why}): the same page in a browser.`);
  build('server');
  run(process.execPath, ['dist/server.js', ...args.filter((one) => one !== '--browser')]);
} else {
  build('electron');
  run(found.file, ['dist/electron/main.js', ...args]);
}
