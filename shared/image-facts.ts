/** Where something was found: at which byte of the file, at which address of the memory it is for. */
export interface FactPlace {
  readonly offset?: number;
  readonly address?: number;
}

/** How bytes that no board reachable over DFU takes get onto theirs. Texts in `shared/text/image-facts.ts`. */
export type OtherRoute = 'copy-to-drive' | 'modem-update' | 'nordic-serial-dfu' | 'particle-update';

export type McubootFlag = 'encrypted' | 'not-bootable' | 'runs-from-ram' | 'fixed-address' | 'compressed';

/** What a Particle module is, in the order of its numbers, from 1 (devices.md 1.7). */
export const particleFunctions = [
  'resource',
  'bootloader',
  'monolithic',
  'system-part',
  'user-part',
  'settings',
  'ncp',
  'radio-stack',
  'asset',
] as const;
export type ParticleFunction = (typeof particleFunctions)[number];
export type ParticleFlag = 'drop-header' | 'compressed' | 'combined' | 'encrypted' | 'extended';

export type MemberRole = 'firmware' | 'not-written-over-dfu' | 'asset' | 'modem-loader' | 'init-packet';

export type LeftOut = 'elf-headers' | 'uf2-not-main-flash' | 'particle-prefix';

/** Something a file says of itself, or that its bytes show. Never more than was really found. */
export type ImageFact =
  /** The first two words, judged as those of a program for a Cortex-M chip (dfu.md 3.8). */
  | {
      readonly code: 'vector-table';
      readonly at: FactPlace;
      readonly stack: number;
      readonly reset: number;
      readonly plausible: boolean;
    }
  /** The chip or chip family it is for. `chip` is the beginning of a chip's name for files, such as `stm32f4`. */
  | { readonly code: 'chip'; readonly at: FactPlace; readonly chip: string; readonly evidence: string }
  /** The processor it is compiled for: `arm`, `riscv`, `avr`, or a number. */
  | { readonly code: 'processor'; readonly at: FactPlace; readonly processor: string }
  /** A product it names. */
  | { readonly code: 'product'; readonly at: FactPlace; readonly product: string; readonly evidence: string }
  /** A version; comparable with another only where `of` is the same. */
  | { readonly code: 'version'; readonly at: FactPlace; readonly of: string; readonly version: string }
  | {
      readonly code: 'digest';
      readonly at: FactPlace;
      readonly what: string;
      readonly verdict: 'good' | 'bad' | 'not-checked';
      readonly expected?: string;
      readonly found?: string;
    }
  /** Signed; without the maker's key nobody here can say by whom. */
  | { readonly code: 'signature'; readonly at: FactPlace; readonly what: string }
  /** It needs something else on the board. */
  | { readonly code: 'needs'; readonly at: FactPlace; readonly what: string; readonly version: string }
  /** An MCUboot image's header. Flags by their names in MCUboot. */
  | {
      readonly code: 'mcuboot';
      readonly at: FactPlace;
      readonly loadAddress: number;
      readonly imageBytes: number;
      readonly flags: readonly McubootFlag[];
    }
  /** A Particle module's header (devices.md 1.7). */
  | {
      readonly code: 'particle';
      readonly at: FactPlace;
      readonly platform: number;
      readonly platformName: string | undefined;
      readonly module: ParticleFunction;
      readonly index: number;
      readonly flags: readonly ParticleFlag[];
    }
  /** A file of a package, and what it is there for. */
  | { readonly code: 'member'; readonly name: string; readonly role: MemberRole; readonly detail?: string }
  /** A prefix that some boards want and others do not: shown, never removed in silence (dfu.md 3.3). */
  | {
      readonly code: 'prefix';
      readonly at: FactPlace;
      readonly kind: 'ti' | 'lpc';
      readonly bytes: number;
      readonly loadAddress?: number;
    }
  /** Bytes of the file that are no firmware for the board, left out on purpose. */
  | { readonly code: 'left-out'; readonly at: FactPlace; readonly what: LeftOut; readonly bytes: number }
  /** Text the file carries for people. */
  | { readonly code: 'text'; readonly at: FactPlace; readonly text: string }
  /** No board that Rekindle writes takes it; this is how it is installed instead. */
  | { readonly code: 'other-route'; readonly what: string; readonly route: OtherRoute };
