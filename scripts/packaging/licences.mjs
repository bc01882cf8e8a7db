// The licences of everything that is in a package, collected from what is installed.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Built into the page, and so development dependencies only by name. */
const inThePage = ['@lucide/svelte', '@orpc/client', 'bits-ui', 'svelte', 'svelte-sonner', 'virtua'];
const licenceName = /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i;
const longestLicence = 1024 * 1024;

const libusbNotice = (
  version,
) => `Rekindle talks to boards through libusb ${version} (https://libusb.info/), which is free software under the GNU
Lesser General Public License, version 2.1 or later. Its text is in libusb-COPYING.txt beside this file, its authors are in
libusb-AUTHORS.txt.

libusb is part of the addon in app.asar.unpacked/node_modules/usb/prebuilds, a file of its own that Rekindle loads when it
starts. The complete source of libusb and of the addon is in the npm package "usb", version ${usbVersion()}
(https://github.com/node-usb/node-usb), together with what builds it. You may change libusb, build the addon again and put it in
that file's place: Rekindle uses it unchecked, and its licence does not forbid finding out how the two work together.
`;

function usbVersion() {
  return JSON.parse(readFileSync('node_modules/usb/package.json', 'utf8')).version;
}

function libusbVersion() {
  const text = readFileSync('node_modules/usb/libusb/libusb/version.h', 'utf8');
  return ['MAJOR', 'MINOR', 'MICRO']
    .map((part) => new RegExp(`LIBUSB_${part} (\\d+)`).exec(text)?.[1] ?? '?')
    .join('.');
}

/** Where Node would find a dependency of a package: beside it, or further up. */
function folderOf(name, from) {
  for (let at = from; ; at = path.dirname(at)) {
    const folder = path.join(at, 'node_modules', name);
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (at === path.dirname(at)) return undefined;
  }
}

/** Every package that may be in a bundle, with what it says of its licence. @throws where one says nothing */
function packagesInside() {
  const own = JSON.parse(readFileSync('package.json', 'utf8'));
  const found = new Map();
  const queue = [...Object.keys(own.dependencies), ...inThePage].map((name) => [
    name,
    path.resolve('.'),
    true,
  ]);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [name, from, needed] = next;
    const folder = folderOf(name, from);
    if (folder === undefined) {
      if (needed) throw new Error(`${name} is not installed, so its licence cannot be shipped`);
      continue;
    }
    if (found.has(folder) || name.startsWith('@types/')) continue;
    const {
      version,
      license,
      dependencies = {},
    } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder).filter((file) => licenceName.test(file));
    if (texts.length === 0 && typeof license !== 'string') throw new Error(`${name} names no licence`);
    const text = texts.map((file) => readFileSync(path.join(folder, file), 'utf8').slice(0, longestLicence));
    found.set(folder, { name, version, license, text: text.join('\n\n') });
    for (const dependency of Object.keys(dependencies)) queue.push([dependency, folder, false]);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Writes the folder that ships as `licences`. */
export function writeLicences(folder) {
  mkdirSync(folder, { recursive: true });
  const libusb = 'node_modules/usb/libusb';
  const rule = '='.repeat(80);
  const parts = packagesInside().map(
    ({ name, version, license, text }) =>
      `${rule}\n${name} ${version} (${license ?? 'see below'})\n${rule}\n\n${text.trim() === '' ? 'No text is shipped with this package.' : text.trim()}\n`,
  );
  writeFileSync(path.join(folder, 'rekindle.txt'), readFileSync('LICENSE'));
  writeFileSync(path.join(folder, 'third-party.txt'), parts.join('\n'));
  writeFileSync(path.join(folder, 'libusb-NOTICE.txt'), libusbNotice(libusbVersion()));
  writeFileSync(path.join(folder, 'libusb-COPYING.txt'), readFileSync(path.join(libusb, 'COPYING')));
  writeFileSync(path.join(folder, 'libusb-AUTHORS.txt'), readFileSync(path.join(libusb, 'AUTHORS')));
}
