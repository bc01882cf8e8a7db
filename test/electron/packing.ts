// Packing by electron-builder around a stand-in of Electron, and what each system's package looks like.
import path from 'node:path';
import { Arch, build, Platform, type Configuration } from 'electron-builder';
import { makeStandInDist, type System } from './stand-in-dist.ts';

const platforms = { linux: Platform.LINUX, mac: Platform.MAC, win: Platform.WINDOWS };

/**
 * Packs with the project's own configuration.
 * @param computed is given what a target would run, instead of running it
 * @param publish where releases are, as the release workflow says it; nowhere otherwise
 * @returns the output folder
 */
export async function packInto(
  top: string,
  system: System,
  arch: Arch,
  target = 'dir',
  computed?: (options: unknown) => Promise<boolean>,
  publish: Configuration['publish'] = null,
): Promise<string> {
  const output = path.join(top, `${system}-${Arch[arch]}-${target}`);
  await build({
    publish: 'never',
    targets: platforms[system].createTarget(target, arch),
    ...(computed === undefined ? {} : { effectiveOptionComputed: computed }),
    config: {
      electronDist: makeStandInDist(top, system),
      directories: { output },
      publish,
      extraMetadata: { homepage: 'https://rekindle.invalid/' },
      // What changes the program file itself needs a real one, or the system it is for.
      ...(system === 'win' ? { win: { signAndEditExecutable: false }, disableAsarIntegrity: true } : {}),
      ...(system === 'mac' ? { mac: { identity: null } } : {}),
    },
  });
  return output;
}

/** One package, and where in its output folder what lies. */
export interface Packed {
  readonly system: System;
  readonly arch: Arch;
  readonly program: string;
  readonly resources: string;
  readonly binary: string;
  readonly prebuild: string;
  readonly serialPrebuild: string;
}

const linux = { program: 'linux-unpacked', resources: 'resources', binary: 'rekindle' };
const mac = { resources: 'Contents/Resources', binary: '' };
export const cases: Packed[] = [
  {
    system: 'linux',
    arch: Arch.x64,
    ...linux,
    prebuild: 'linux-x64/node.napi.glibc.node',
    serialPrebuild: 'linux-x64/@serialport+bindings-cpp.glibc.node',
  },
  {
    system: 'linux',
    arch: Arch.arm64,
    ...linux,
    program: 'linux-arm64-unpacked',
    prebuild: 'linux-arm64/node.napi.armv8.node',
    serialPrebuild: 'linux-arm64/@serialport+bindings-cpp.armv8.glibc.node',
  },
  {
    system: 'mac',
    arch: Arch.x64,
    ...mac,
    program: 'mac/Rekindle.app',
    prebuild: 'darwin-x64+arm64/node.napi.node',
    serialPrebuild: 'darwin-x64+arm64/@serialport+bindings-cpp.node',
  },
  {
    system: 'mac',
    arch: Arch.arm64,
    ...mac,
    program: 'mac-arm64/Rekindle.app',
    prebuild: 'darwin-x64+arm64/node.napi.node',
    serialPrebuild: 'darwin-x64+arm64/@serialport+bindings-cpp.node',
  },
  {
    system: 'win',
    arch: Arch.x64,
    program: 'win-unpacked',
    resources: 'resources',
    binary: 'Rekindle.exe',
    prebuild: 'win32-x64/node.napi.node',
    serialPrebuild: 'win32-x64/@serialport+bindings-cpp.node',
  },
];
