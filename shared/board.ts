import type { ErrorCode } from './errors/codes.ts';

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
  /** A board, or something that may be one while its program runs; the rest is shown on request. */
  readonly isBoard: boolean;
  /** `DfuSe 1.1a`; empty for `other`. */
  readonly standard: string;
  /** What we call it: chip and likely boards where the map tells, the product string otherwise. */
  readonly name: string;
  /** The name for files: lower case, no spaces; empty where the chip is not known. */
  readonly slug: string;
  /** Boards that share these marks; the person must say which. */
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
