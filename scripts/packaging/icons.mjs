// The icon in the containers Windows and macOS want: both hold ordinary PNG files, so nothing is drawn or fetched.
import { readFileSync, writeFileSync } from 'node:fs';

const png = (size) => readFileSync(`assets/icons/png/${size}.png`);

/** Entries of an .icns and the size of each in pixels; those after the first five are for screens of double density. */
const icnsTypes = {
  icp4: 16,
  icp5: 32,
  ic07: 128,
  ic08: 256,
  ic09: 512,
  ic11: 32,
  ic12: 64,
  ic13: 256,
  ic14: 512,
  ic10: 1024,
};
const icoSizes = [16, 24, 32, 48, 64, 128, 256];

/** Blocks of type, length with this head, and content; the file is one of them. */
function icnsBlock(type, content) {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([head, content]);
}

/** A directory of sixteen bytes an image, then the images. */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  for (const [index, { size, content }] of images.entries()) {
    const at = 6 + 16 * index;
    // 0 stands for 256.
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(content.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += content.length;
  }
  return Buffer.concat([head, ...images.map(({ content }) => content)]);
}

/** Writes `icon.icns` and `icon.ico`. */
export function writeIcons(folder) {
  const blocks = Object.entries(icnsTypes).map(([type, size]) => icnsBlock(type, png(size)));
  writeFileSync(`${folder}/icon.icns`, icnsBlock('icns', Buffer.concat(blocks)));
  writeFileSync(`${folder}/icon.ico`, ico(icoSizes.map((size) => ({ size, content: png(size) }))));
}
