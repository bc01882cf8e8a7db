// Bundles what runs. Rebuilds only when a source is newer than the last build.
import { build } from 'esbuild';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const stamp = 'dist/.built';
const inputs = [
  'main',
  'shared',
  'assets',
  'test/speed',
  'test/usb-vm',
  'scripts/build.mjs',
  'package.json',
  'package-lock.json',
];
const quiet = process.argv.includes('--quiet');

function newest(entry) {
  if (!existsSync(entry)) return 0;
  const stat = statSync(entry);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(entry).map((name) => newest(path.join(entry, name))));
}

const changed = Math.max(...inputs.map(newest));
if (!process.argv.includes('--force') && existsSync(stamp) && statSync(stamp).mtimeMs > changed)
  process.exit(0);

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const started = performance.now();
mkdirSync('dist', { recursive: true });
const entryPoints = {
  cli: 'main/cli/index.ts',
  // What tests and figures run inside the guest, where nothing can be bundled.
  'transport-probe': 'test/usb-vm/programs/transport-probe.ts',
};
await build({
  entryPoints,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Native addons stay outside the bundle.
  external: ['usb', 'serialport', 'esbuild'],
  define: { REKINDLE_VERSION: JSON.stringify(version) },
  // CommonJS packages in the bundle call require for Node's own modules.
  banner: {
    js: "import { createRequire as rekindleRequire } from 'node:module'; const require = rekindleRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
writeFileSync(stamp, `${version}\n`);
if (!quiet) console.error(`Built in ${Math.round(performance.now() - started)} ms.`);
