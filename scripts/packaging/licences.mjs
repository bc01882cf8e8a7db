// The licences that ship as files beside the program; the page shows the same from dist/licences.json.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const libusbNotice = (
  usb,
) => `Rekindle talks to boards through libusb (https://libusb.info/), which is free software under the GNU Lesser General
Public License, version 2.1 or later. Its text is in libusb-COPYING.txt beside this file, its authors are in
libusb-AUTHORS.txt.

libusb is part of the addon in app.asar.unpacked/node_modules/usb/prebuilds, a file of its own that Rekindle loads when it
needs it. The complete source of libusb and of the addon is in the npm package "usb", version ${usb}
(https://github.com/node-usb/node-usb), together with what builds it. You may change libusb, build the addon again and put it in
that file's place: Rekindle uses it unchecked, and its licence does not forbid finding out how the two work together.
`;

/** @throws where a package names no licence at all */
function listed({ name, version, licence, text }) {
  if (text.trim() === '' && licence === 'see text') throw new Error(`${name} names no licence`);
  const rule = '='.repeat(80);
  return `${rule}\n${name} ${version} (${licence})\n${rule}\n\n${text.trim() || 'No text comes with this package.'}\n`;
}

/** Writes the folder that ships as `licences`. */
export function writeLicenceFiles(folder) {
  mkdirSync(folder, { recursive: true });
  const all = JSON.parse(readFileSync('dist/licences.json', 'utf8'));
  const usb = JSON.parse(readFileSync('node_modules/usb/package.json', 'utf8'));
  const libusb = 'node_modules/usb/libusb';
  writeFileSync(path.join(folder, 'rekindle.txt'), readFileSync('LICENSE'));
  writeFileSync(path.join(folder, 'third-party.txt'), all.map(listed).join('\n'));
  writeFileSync(path.join(folder, 'libusb-NOTICE.txt'), libusbNotice(usb.version));
  writeFileSync(path.join(folder, 'libusb-COPYING.txt'), readFileSync(path.join(libusb, 'COPYING')));
  writeFileSync(path.join(folder, 'libusb-AUTHORS.txt'), readFileSync(path.join(libusb, 'AUTHORS')));
}
