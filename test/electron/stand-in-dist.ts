// Folders that look like an unpacked Electron, as far as packaging touches them.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export type System = 'linux' | 'mac' | 'win';

/** Fuses lie in the binary behind this mark: version 1, nine of them, as Electron ships them. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const binary = `stand-in ${fuseMark}\u0001\u0009101100010 end`;

/** @returns the folder for `electronDist` */
export function makeStandInDist(top: string, system: System): string {
  const folder = path.join(top, `electron-${system}`);
  const put = (name: string, text: string, mode = 0o644): void => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  };
  put('LICENSE', 'Electron');
  put('LICENSES.chromium.html', 'Chromium');
  put('version', '0.0.0');
  if (system === 'mac') {
    putBundle(put);
    return folder;
  }
  put(system === 'win' ? 'electron.exe' : 'electron', binary, 0o755);
  for (const language of ['en-US', 'de']) put(`locales/${language}.pak`, '');
  put('resources/.keep', '');
  return folder;
}

function putBundle(put: (name: string, text: string, mode?: number) => void): void {
  const contents = 'Electron.app/Contents';
  const framework = `${contents}/Frameworks/Electron Framework.framework`;
  put(`${contents}/Info.plist`, propertyList('Electron'));
  put(`${contents}/MacOS/Electron`, 'stand-in', 0o755);
  put(`${contents}/Resources/electron.icns`, '');
  put(`${contents}/Resources/en.lproj/locale.pak`, '');
  put(`${framework}/Electron Framework`, binary, 0o755);
  put(`${framework}/Versions/A/Resources/en.lproj/locale.pak`, '');
  for (const kind of ['', ' (GPU)', ' (Plugin)', ' (Renderer)']) {
    const helper = `${contents}/Frameworks/Electron Helper${kind}.app/Contents`;
    put(`${helper}/Info.plist`, propertyList(`Electron Helper${kind}`));
    put(`${helper}/MacOS/Electron Helper${kind}`, 'stand-in', 0o755);
  }
}

function propertyList(executable: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>CFBundleExecutable</key><string>${executable}</string></dict></plist>`;
}
