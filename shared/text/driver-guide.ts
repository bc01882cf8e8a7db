// Windows and macOS: exact steps. A board's program and its flash mode are two devices to Windows, with two ids, and each
// has a driver of its own (dfu.md 7.3). The wrong row breaks another device, so what must be left alone is named, too.

/** Which of a board's two faces. */
export type BoardFace = 'app' | 'flash';

/** One row of Windows' list of devices, and what it needs. */
export interface DriverRow {
  readonly face: BoardFace;
  /** `0483:df11`. Windows and Zadig print it in capitals. */
  readonly ids: string;
  /** Names the list may show for it; empty where we have seen none. */
  readonly names: readonly string[];
  readonly boards: string;
  /** `winusb`: give it WinUSB. `leave`: it works as it is, and stops working with another driver. */
  readonly driver: 'winusb' | 'leave';
  readonly why: string;
}

/** The ROM of every STM32. */
const stmRom = '0483:df11';

/** What we know from facts. Boards that bring their own driver by a Microsoft OS descriptor need no row. */
const knownRows: readonly DriverRow[] = [
  {
    // dfu.md 2 (two spaces, as the ROM sends them) and 7.3: no descriptor for Windows.
    face: 'flash',
    ids: stmRom,
    names: ['STM32  BOOTLOADER', 'DFU in FS Mode'],
    boards: 'every board in the flash mode of an STM32: NanoVNA, ODrive v3 and many others',
    driver: 'winusb',
    why: 'Windows brings no driver for it.',
  },
  {
    // devices.md 0.1; that it needs a driver by hand as the STM32's does is unverified.
    face: 'flash',
    ids: '28e9:0189',
    names: [],
    boards: 'boards in the flash mode of a GD32',
    driver: 'winusb',
    why: 'Windows brings no driver for it.',
  },
  {
    // devices.md 5: DiSlord's and ttrftech's builds.
    face: 'app',
    ids: '0483:5740',
    names: ['NanoVNA-H', 'NanoVNA-H4', 'ChibiOS/RT Virtual COM Port'],
    boards: 'a NanoVNA running its program, and many other boards',
    driver: 'leave',
    why: 'It is a serial port: with WinUSB its own programs find it no more.',
  },
  {
    // devices.md 3.1: brings its descriptor for the one interface, usbser serves the other.
    face: 'app',
    ids: '1209:0d32',
    names: ['ODrive 3.6 CDC Interface'],
    boards: 'an ODrive v3 running its program',
    driver: 'leave',
    why: 'Windows gives it the right drivers by itself.',
  },
];

/** Steps for one system, in order, with what must not be done and how to go back. */
export interface DriverGuide {
  readonly title: string;
  /** The device that is meant first, then the others that must not be mistaken for it. */
  readonly rows: readonly DriverRow[];
  readonly warning: string;
  readonly steps: readonly string[];
  readonly undo: readonly string[];
  /** Other ways, and what a driver costs. */
  readonly notes: readonly string[];
  readonly again: string;
}

/** A device that could not be opened: its ids, and which face it showed. */
export interface DriverSubject {
  readonly ids: string;
  readonly face: BoardFace;
  readonly name: string;
  /** Of the interface that could not be opened; devices of several have a driver for each (dfu.md 7.3). */
  readonly interfaceNumber?: number | undefined;
}

/** The steps for a system; about one device where it is known. */
export function driverGuide(system: 'win32' | 'darwin', about?: DriverSubject): DriverGuide {
  return system === 'win32' ? windowsGuide(about) : macGuide;
}

function windowsGuide(about: DriverSubject | undefined): DriverGuide {
  const rows = rowsFor(about);
  const [meant] = rows;
  const again = 'Check again';
  if (meant?.driver === 'leave') {
    return {
      title: `${idsAsWindowsPrints(meant.ids)} needs no other driver`,
      rows,
      warning: `Give this device no other driver. ${meant.why}`,
      steps: [
        'Close programs that may be using the board (terminals, its own program, browser tabs).',
        'Put the board into flash mode by hand. It then shows up as another device, with another id, which may need a driver.',
      ],
      undo: undoSteps,
      notes: [],
      again,
    };
  }
  const ids = meant === undefined ? undefined : idsAsWindowsPrints(meant.ids);
  const row = ids === undefined ? 'the row of your board in flash mode' : `the row whose USB ID is ${ids}`;
  const named =
    meant === undefined || meant.names.length === 0
      ? ''
      : ` Its name there is ${meant.names.map((name) => `"${name}"`).join(' or ')}.`;
  return {
    title: ids === undefined ? 'Give the flash mode the WinUSB driver' : `Give ${ids} the WinUSB driver`,
    rows,
    warning:
      'Choose no other row. The driver of a keyboard, a mouse or another board would be replaced, and that device would stop working. ' +
      'If no row has this id, the board is not in flash mode: stop here.',
    steps: [
      'Plug the board in, in flash mode, and unplug other boards.',
      'Start Zadig (zadig.akeo.ie) and choose Options, List All Devices.',
      `Choose ${row} and compare all eight digits.${named}`,
      ...interfaceSteps(about),
      'Right of the green arrow choose WinUSB, then press Install Driver or Replace Driver, and wait until it says it is done.',
      'Unplug the board and plug it in again, in flash mode.',
    ],
    undo: undoSteps,
    notes: [otherFaceNote, ...(meant?.ids === stmRom ? stNotes : [])],
    again,
  };
}

/** One driver too few is the usual reason why a board works once and then no more. */
const otherFaceNote =
  "The board's program is another device to Windows, with another id and its own driver. Most need none; never use these steps for it.";

/** dfu.md 7.3 and rivals.md B 9: the driver of the old demo is none libusb can use, and there is one driver at a time. */
const stNotes: readonly string[] = [
  'The driver that STM32CubeProgrammer installs works as well, without Zadig.',
  "The driver of ST's old DfuSe demo (STTub30) does not. Only one of them can be in place: with WinUSB that demo finds the board no more.",
];

function interfaceSteps(about: DriverSubject | undefined): string[] {
  return about?.interfaceNumber === undefined
    ? []
    : [
        `If several rows have this id, choose the one whose name ends in (Interface ${about.interfaceNumber}).`,
      ];
}

const undoSteps: readonly string[] = [
  'Open the Device Manager with the device plugged in, and find it (under Universal Serial Bus devices, once it has WinUSB).',
  'Its properties, Details, Hardware Ids must show the same VID and PID.',
  'Choose Uninstall device, tick the box that removes its driver, and confirm.',
  'Unplug the device and plug it in again: Windows takes the driver it had chosen before.',
];

function rowsFor(about: DriverSubject | undefined): readonly DriverRow[] {
  if (about === undefined) return knownRows;
  const ids = about.ids.toLowerCase();
  const meant = knownRows.find((row) => row.ids === ids) ?? {
    face: about.face,
    ids,
    names: about.name === '' ? [] : [about.name],
    boards: 'this board',
    driver: 'winusb' as const,
    why: 'Windows has no driver for it that lets programs open it.',
  };
  return [meant, ...knownRows.filter((row) => row !== meant && row.face !== meant.face)];
}

/** `0483 DF11`: the way Zadig writes it. */
export function idsAsWindowsPrints(ids: string): string {
  return ids.toUpperCase().replace(':', ' ');
}

/** macOS needs nothing installed; what keeps a board closed there is another program, or an answer not given (dfu.md 7.2). */
const macGuide: DriverGuide = {
  title: 'macOS needs no driver; something else keeps the board closed',
  rows: [],
  warning: 'Starting Rekindle with sudo does not help, and makes files that belong to root.',
  steps: [
    'If macOS asks whether the accessory may connect, choose Allow. Laptops with Apple silicon ask for every new device.',
    'Close virtual machines, STM32CubeProgrammer, and browser tabs that flash boards.',
    'Unplug the board and plug it in again, straight into the computer.',
  ],
  undo: [],
  notes: [],
  again: 'Check again',
};
