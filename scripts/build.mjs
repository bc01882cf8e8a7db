// Bundles what runs. Each product is rebuilt only when a source of its own is newer than its last build:
//   (always)    the core and the command line      --page      the page
//   --electron  the desktop shell                  --server    the same page's loopback server
//   --gallery   the sheet of the page's pieces     --force     whatever the times say
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeLicences } from './licences.mjs';
import { profiles } from './profiles.mjs';

const common = ['shared', 'assets', 'scripts/build.mjs', 'package.json', 'package-lock.json'];
const page = ['renderer', 'vite.config.ts', ...common];
const has = (flag) => process.argv.includes(flag);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

function newest(entry) {
  if (!existsSync(entry)) return 0;
  const stat = statSync(entry);
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder's own time tells of files removed.
  return Math.max(stat.mtimeMs, ...readdirSync(entry).map((name) => newest(path.join(entry, name))));
}

async function target(name, inputs, make) {
  const stamp = `dist/.built-${name}`;
  const started = Date.now();
  const builtAt = existsSync(stamp) ? Number(readFileSync(stamp, 'utf8')) : 0;
  if (!has('--force') && builtAt > Math.max(...inputs.map(newest))) return;
  await make();
  mkdirSync('dist', { recursive: true });
  // The time it began: what is saved while a build runs counts as newer.
  writeFileSync(stamp, `${started}\n`);
  if (!has('--quiet')) console.error(`Built the ${name} in ${Date.now() - started} ms.`);
}

/** What is inside the native addon cannot be asked when it runs; its sources say it. */
function libraries() {
  const usb = JSON.parse(readFileSync('node_modules/usb/package.json', 'utf8')).version;
  const source = readFileSync('node_modules/usb/libusb/libusb/version.h', 'utf8');
  const numbers = ['MAJOR', 'MINOR', 'MICRO'].map(
    (name) => new RegExp(`#define LIBUSB_${name} (\\d+)`).exec(source)?.[1] ?? '?',
  );
  return `usb ${usb}, libusb ${numbers.join('.')}`;
}

const forNode = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Native addons and Electron's own module stay outside the bundle.
  external: ['usb', '@serialport/bindings-cpp', 'esbuild', 'electron'],
  define: {
    REKINDLE_VERSION: JSON.stringify(version),
    REKINDLE_LIBRARIES: JSON.stringify(libraries()),
    REKINDLE_PROFILES: profiles(),
    REKINDLE_RELEASES: readFileSync('assets/releases.json', 'utf8'),
    REKINDLE_UDEV_RULE: JSON.stringify(readFileSync('assets/udev/70-rekindle.rules', 'utf8')),
  },
  // CommonJS packages in the bundle call require for Node's own modules.
  banner: {
    js: "import { createRequire as rekindleRequire } from 'node:module'; const require = rekindleRequire(import.meta.url);",
  },
  logLevel: 'warning',
};

/** Beside whatever bundle starts them (main/workers/read-image.ts, store.ts). */
const workers = {
  'read-image-worker': 'main/workers/read-image-worker.ts',
  'store-worker': 'main/workers/store-worker.ts',
};

async function buildCore() {
  const { build } = await import('esbuild');
  const entryPoints = {
    cli: 'main/cli/index.ts',
    ...workers,
    // What tests and figures run inside the guest, where nothing can be bundled.
    'transport-probe': 'test/usb-vm/programs/transport-probe.ts',
  };
  await build({ ...forNode, entryPoints, outdir: 'dist' });
}

async function buildServer() {
  const { build } = await import('esbuild');
  await build({ ...forNode, entryPoints: { server: 'main/server/index.ts' }, outdir: 'dist' });
}

async function buildElectron() {
  const { build } = await import('esbuild');
  const outdir = 'dist/electron';
  await build({ ...forNode, entryPoints: { main: 'main/electron/index.ts', ...workers }, outdir });
  // A sandboxed preload is CommonJS, and may require nothing but Electron.
  await build({
    ...forNode,
    entryPoints: { preload: 'main/electron/preload.ts' },
    outdir,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    platform: 'browser',
    banner: {},
  });
}

async function buildPage(mode) {
  const { build } = await import('vite');
  await build({ mode, logLevel: 'warn' });
}

await target('core', ['main', 'test/speed', 'test/usb-vm', ...common], buildCore);
if (has('--server') || has('--electron')) await target('licences', common, writeLicences);
if (has('--server')) await target('server', ['main', ...common], buildServer);
if (has('--electron')) await target('electron', ['main', ...common], buildElectron);
if (has('--page')) await target('page', page, () => buildPage('production'));
if (has('--gallery')) await target('gallery', page, () => buildPage('gallery'));
