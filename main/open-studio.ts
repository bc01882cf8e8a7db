// The studio with everything a real computer has: its USB ports, virtual boards beside them, and its rights.
import { openPracticeBoards } from './bench/practice-boards.ts';
import type { Fault } from './bench/faults.ts';
import { realClock } from './base/clock.ts';
import { FlashError, toFlashError } from '../shared/errors/flash-error.ts';
import type { ShellActions } from './api/context.ts';
import type { Host } from './host.ts';
import type { LogBook } from './log/log-book.ts';
import { readLicences } from './licences.ts';
import { openSources } from './offers/sources.ts';
import { tellOnly, type ReleaseInstaller } from './app-update/installer.ts';
import { openReleases } from './app-update/releases.ts';
import { openRights } from './rights/rights.ts';
import { openStudio, type Studio } from './studio.ts';
import { openSerialPorts } from './transports/serial/serial-port.ts';
import { createLibusbBus } from './transports/usb/libusb.ts';
import type { UsbBus } from './transports/usb/usb-device.ts';
import { updateServices } from './updates/services.ts';

export interface RealStudioOptions {
  readonly actions: ShellActions;
  /** Where the packages' licences lie: beside the program. */
  readonly licencesFile: string;
  /** What puts a newer Rekindle in the place of this one; without one, it is only told of. */
  readonly installer?: ReleaseInstaller;
  /** Virtual boards only; for tests and demonstrations. */
  readonly onlyVirtual?: boolean;
  readonly timeScale?: number;
  readonly faults?: readonly Fault[];
}

/** Opens the studio of a shell. */
export async function openRealStudio(host: Host, logs: LogBook, options: RealStudioOptions): Promise<Studio> {
  const { actions, licencesFile, installer, onlyVirtual = false, ...practice } = options;
  const { log, platform } = host;
  const boards = openPracticeBoards(realClock, practice);
  const real = onlyVirtual ? [] : [await libusbOrWords(host)];
  const { electron, chrome, node, v8 } = process.versions as Readonly<Record<string, string | undefined>>;
  const versions = Object.entries({ Electron: electron, Chromium: chrome, 'Node.js': node, V8: v8 });
  return await openStudio(host, realClock, {
    buses: [...real, boards.bus],
    serial: [...(onlyVirtual ? [] : [openSerialPorts({ clock: realClock, log, platform })]), boards.serial],
    virtualBoards: boards,
    sources: openSources(updateServices(host, realClock)),
    releases: openReleases(updateServices(host, realClock)),
    installer: installer ?? tellOnly('server'),
    rights: openRights({ platform: host.platform, clock: realClock, log: host.log, terminal: false }),
    logs,
    actions,
    versions: versions.flatMap(([name, version]) => (version === undefined ? [] : [{ name, version }])),
    licences: () => readLicences(licencesFile),
  });
}

/** A computer without libusb still has virtual boards, and is told what is missing. */
async function libusbOrWords(host: Host): Promise<UsbBus> {
  try {
    return await createLibusbBus({ clock: realClock, log: host.log, platform: host.platform });
  } catch (error) {
    const { code, params } = toFlashError(error);
    const refuse = (): never => {
      throw new FlashError(code, params, error);
    };
    return {
      name: 'usb',
      virtual: false,
      list: async () => refuse(),
      watch: () => ({ [Symbol.dispose]: () => undefined }),
      open: async () => refuse(),
    };
  }
}
