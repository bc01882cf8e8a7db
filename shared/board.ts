import type { ErrorCode } from './errors/codes.ts';
import type { ProfileMode, Support } from './profile.ts';

/** A mode of a board, as its profile has it. */
export type BoardState = ProfileMode['kind'];

/** One board that a device may be. */
export interface BoardCandidate {
  /** The profile's id. */
  readonly profile: string;
  readonly name: string;
  readonly support: Support;
  /** What can be done with it today, where it is not fully supported. */
  readonly today: string | undefined;
  /** The mode it would be in. */
  readonly mode: BoardState;
  /** Nothing else we know shows the same; false where others may. */
  readonly sure: boolean;
  /** A family of bootloaders, no board: `STM32 bootloader`. */
  readonly generic: boolean;
  /** What is printed on it, and where: what a person tells it from others by. */
  readonly printed: { readonly name: string; readonly where: string } | undefined;
}

/**
 * Why a board is taken for the one it is: by what it shows now, because a person said so, or because it was proven or told
 * before it changed its mode on this port.
 */
export type HowKnown = 'proven' | 'told' | 'kept';

/** One alternate setting as shown to people. */
export interface AlternateReport {
  readonly alternate: number;
  /** The name without its map; empty where the board has none. */
  readonly name: string;
  readonly kind: 'main-flash' | 'option-bytes' | 'otp' | 'device-feature' | 'other';
  /** Sectors of one size in a row; empty where the protocol has no addresses. */
  readonly runs: readonly {
    readonly start: number;
    readonly sectorSize: number;
    readonly count: number;
    readonly readable: boolean;
    readonly erasable: boolean;
    readonly writable: boolean;
  }[];
}

/** A board as `devices` and `info` show it. Texts from the device are stripped of control characters. */
export interface BoardReport {
  readonly portPath: string;
  readonly bus: string;
  readonly virtual: boolean;
  /** `0483:df11` */
  readonly ids: string;
  readonly mode: 'dfu' | 'runtime' | 'other';
  /** `mode` as far as a profile tells more: a program without DFU, a loader that is no DFU. Undefined where none does. */
  readonly state: BoardState | undefined;
  /** A board, or something that may be one while its program runs; the rest is shown on request. */
  readonly isBoard: boolean;
  /** Boards it may be, the likeliest first, families of bootloaders last. */
  readonly candidates: readonly BoardCandidate[];
  /** The profile of the board it is, by its id; undefined where a person would have to say. */
  readonly profile: string | undefined;
  readonly known: HowKnown | undefined;
  /** `DfuSe 1.1a`; empty for `other`. */
  readonly standard: string;
  /** What we call it: the board where it is known, else its chip, else its product string, else its ids. */
  readonly name: string;
  /** The name for files: lower case, no spaces; empty where the chip is not known. */
  readonly slug: string;
  /** Names of boards it may be, where it is not known which; there are always others. */
  readonly likely: readonly string[];
  readonly manufacturer: string;
  readonly product: string;
  readonly serial: string;
  readonly bcdDevice: string;
  /** An internal part of a computer; shown only on request, never chosen by itself. */
  readonly internal: boolean;
  readonly transferSize: number | undefined;
  readonly canDownload: boolean;
  readonly canUpload: boolean;
  readonly manifestationTolerant: boolean;
  readonly willDetach: boolean;
  readonly interfaceNumber: number | undefined;
  readonly alternates: readonly AlternateReport[];
  /** Why it could not be opened, where it could not. */
  readonly problem: { readonly code: ErrorCode; readonly params: object } | undefined;
  /** One line of evidence: `USB 0483:df11, DfuSe 1.1a, 64 sectors of 2 KB`. */
  readonly evidence: string;
}
