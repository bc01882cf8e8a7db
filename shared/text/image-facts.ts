// Words for what a file says of itself.
import { formatAddress } from '../hex.ts';
import type {
  FactPlace,
  ImageFact,
  LeftOut,
  McubootFlag,
  MemberRole,
  OtherRoute,
  ParticleFlag,
  ParticleFunction,
} from '../image-facts.ts';

/** How a file gets onto its board, where that is not over DFU. */
export const routeAdvice: { readonly [route in OtherRoute]: string } = {
  'copy-to-drive':
    "Hold the board's BOOT button while plugging it in (or press reset twice): it shows up as a drive. Copy the file there.",
  'modem-update':
    'A modem is updated through a debug probe or by its application, which Rekindle cannot do yet. Do not unpack the file; the tool of the maker takes it as it is.',
  'nordic-serial-dfu':
    "This package goes over Nordic's serial DFU, which Rekindle does not speak yet. The tool of the maker takes it as it is.",
  'particle-update':
    'This part is installed by the running system, over the air or with the tool of the maker; its bootloader does not take it over DFU.',
};

const mcubootFlags: { readonly [flag in McubootFlag]: string } = {
  encrypted: 'encrypted',
  'not-bootable': 'not bootable',
  'runs-from-ram': 'runs from RAM',
  'fixed-address': 'for a fixed address',
  compressed: 'compressed',
};

const particleModules: { readonly [module in ParticleFunction]: string } = {
  resource: 'resource',
  bootloader: 'bootloader',
  monolithic: 'monolithic firmware',
  'system-part': 'system part',
  'user-part': 'user part',
  settings: 'settings',
  ncp: 'network processor firmware',
  'radio-stack': 'radio stack',
  asset: 'asset',
};

const particleFlags: { readonly [flag in ParticleFlag]: string } = {
  'drop-header': 'its header is not written',
  compressed: 'compressed',
  combined: 'combined with another',
  encrypted: 'encrypted',
  extended: 'with extensions',
};

const roles: { readonly [role in MemberRole]: string } = {
  firmware: 'firmware',
  'not-written-over-dfu': 'not written over DFU',
  asset: 'asset',
  'modem-loader': 'loader for the modem',
  'init-packet': 'init packet',
};

const leftOut: { readonly [what in LeftOut]: string } = {
  'elf-headers': 'headers of the ELF file',
  'uf2-not-main-flash': 'blocks that are not for main flash',
  'particle-prefix': 'the prefix, as it asks for itself',
};

/** A fact in one line. */
export function imageFactText(fact: ImageFact): string {
  switch (fact.code) {
    case 'vector-table':
      return fact.plausible
        ? `begins like a program for a Cortex-M chip (stack ${formatAddress(fact.stack)}, reset ${formatAddress(fact.reset)})`
        : `does not begin like a program for a Cortex-M chip (${formatAddress(fact.stack)}, ${formatAddress(fact.reset)})`;
    case 'chip':
      return `for ${fact.chip.toUpperCase()}: ${fact.evidence}`;
    case 'processor':
      return `compiled for ${fact.processor}`;
    case 'product':
      return `for ${fact.product}: ${fact.evidence}`;
    case 'version':
      return `version ${fact.version} (${fact.of})`;
    case 'digest':
      return `${fact.what} ${digestWords[fact.verdict]}${fact.expected === undefined ? '' : ` (${fact.expected.slice(0, 16)})`}`;
    case 'signature':
      return `signed (${fact.what}); not checked, for that takes the key of the maker`;
    case 'needs':
      return `needs ${fact.what}, at least ${fact.version}`;
    case 'mcuboot':
      return `MCUboot header: ${fact.imageBytes} bytes, load address ${formatAddress(fact.loadAddress)}${list(fact.flags.map((flag) => mcubootFlags[flag]))}`;
    case 'particle':
      return `Particle ${particleModules[fact.module]} ${fact.index} for platform ${fact.platform}${fact.platformName === undefined ? '' : ` (${fact.platformName})`}${list(fact.flags.map((flag) => particleFlags[flag]))}`;
    case 'member':
      return `${fact.name}: ${roles[fact.role]}${fact.detail === undefined ? '' : ` (${fact.detail})`}`;
    case 'prefix':
      return `prefix of ${fact.kind === 'ti' ? 'TI' : 'NXP LPC'}, ${fact.bytes} bytes${fact.loadAddress === undefined ? '' : `, for ${formatAddress(fact.loadAddress)}`}; kept as it is`;
    case 'left-out':
      return `left out: ${fact.bytes} bytes, ${leftOut[fact.what]}`;
    case 'text':
      return `says "${fact.text}"`;
    case 'other-route':
      return `${fact.what}. ${routeAdvice[fact.route]}`;
  }
}

const digestWords = {
  good: 'fits',
  bad: 'does not fit: the file was changed or damaged',
  'not-checked': 'not checked',
};

function list(words: readonly string[]): string {
  return words.map((word) => `, ${word}`).join('');
}

/** Where it was found, in few letters; empty where that says nothing. */
export function factPlaceText({ offset, address }: FactPlace): string {
  if (address !== undefined) return `at ${formatAddress(address)}`;
  return offset === undefined ? '' : `at byte ${offset}`;
}

/** The formats we read, by name. */
export const formatTexts = {
  raw: 'raw bytes',
  dfu: 'DFU file with suffix',
  dfuse: 'DfuSe container',
  ihex: 'Intel HEX',
  srec: 'Motorola S-record',
  elf: 'ELF',
  uf2: 'UF2',
  mcuboot: 'MCUboot image',
  particle: 'Particle module',
  'particle-bundle': 'Particle bundle',
  'nordic-modem': 'Nordic modem firmware',
  'nordic-dfu': 'Nordic DFU package',
} as const;

/** The formats we write, by name. */
export const writtenFormatTexts = {
  bin: 'raw bytes',
  hex: 'Intel HEX',
  dfu: 'DFU file with suffix',
  dfuse: 'DfuSe container',
} as const;
