// The licences of everything that ends up in what people get, from the installed packages themselves.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Development dependencies whose code is bundled into the page. */
const bundled = ['svelte', 'bits-ui', '@lucide/svelte', 'virtua', 'svelte-sonner'];

function collect(name, from, found) {
  const folder = find(name, from);
  if (folder === undefined || found.has(folder)) return;
  const facts = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
  found.set(folder, {
    name: facts.name,
    version: facts.version,
    licence: typeof facts.license === 'string' ? facts.license : (facts.license?.type ?? 'see text'),
    text: file === undefined ? '' : readFileSync(path.join(folder, file), 'utf8').slice(0, 100_000),
  });
  for (const one of Object.keys({ ...facts.dependencies, ...facts.peerDependencies }))
    collect(one, folder, found);
}

function find(name, from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** Writes `dist/licences.json`. libusb is inside the `usb` package, under its own licence. */
export function writeLicences() {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const found = new Map();
  for (const name of [...Object.keys(dependencies), ...bundled]) collect(name, process.cwd(), found);
  const copying = 'node_modules/usb/libusb/COPYING';
  const libusb = {
    name: 'libusb',
    version: 'as inside usb',
    licence: 'LGPL-2.1-or-later',
    text: existsSync(copying) ? readFileSync(copying, 'utf8') : '',
  };
  const all = [...found.values(), libusb].toSorted((a, b) => a.name.localeCompare(b.name));
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/licences.json', JSON.stringify(all));
}
