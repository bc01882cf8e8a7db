/** What can go wrong in looking for firmware and fetching it. The board is unchanged by all of these: it is not touched. */
export interface UpdateErrorParams {
  /** The server cannot be reached: no network, no such name, nobody answers there. `reason` is the system's. */
  'update.offline': { readonly host: string; readonly reason: string };
  /** The server cannot prove that it is who it says. */
  'update.certificate': { readonly host: string; readonly reason: string };
  /** It did not answer, or was not done, in the time there is. */
  'update.timeout': { readonly host: string; readonly waitedMs: number };
  /** It sends more than such a thing may have. */
  'update.too-large': { readonly host: string; readonly limit: number };
  /** The answer ended before it was whole. */
  'update.cut-off': {
    readonly host: string;
    readonly received: number;
    readonly expected: number | undefined;
  };
  /** An address that is not fetched from. `redirected`: the server sent us there. */
  'update.address': {
    readonly address: string;
    readonly why: 'not-https' | 'private' | 'credentials' | 'not-an-address';
    readonly redirected: boolean;
  };
  /** It sends from one address to the next, and on. */
  'update.redirects': { readonly host: string; readonly limit: number };
  /** It wants no more questions for a while; `until` is ISO, where it says so. */
  'update.rate-limited': { readonly host: string; readonly until: string | undefined };
  /** It answered with a status that means no. */
  'update.status': { readonly host: string; readonly status: number };
  /** What came is not what such a source has. */
  'update.malformed': { readonly host: string; readonly reason: string };
  /** The index should be signed, and no signature is there. */
  'update.not-signed': { readonly host: string };
  /** The signature is not that of the known key over this index. */
  'update.bad-signature': { readonly host: string };
  /** It is older than one that was seen before: somebody may be holding newer firmware back. Dates are ISO. */
  'update.replayed': { readonly host: string; readonly found: string; readonly seen: string };
  /** The file is not what its maker said it is. */
  'update.wrong-digest': { readonly fileName: string; readonly expected: string; readonly found: string };
  /** The file is of another length than its maker said. */
  'update.wrong-size': { readonly fileName: string; readonly expected: number; readonly found: number };
  /** The file says that it is another version than was offered. */
  'update.other-version': { readonly fileName: string; readonly offered: string; readonly found: string };
  /** The folder cannot be looked into. */
  'update.folder': { readonly folder: string; readonly reason: string };
  /** Nobody was to be asked, and nothing is kept. */
  'update.not-kept': { readonly fileName: string };
  /** No source of the board has the version that was asked for; `offered` is what they have. */
  'update.not-offered': {
    readonly board: string;
    readonly version: string;
    readonly offered: readonly string[];
  };
  /** Which board it is, is not known, so no source of it can be asked; `choices` are profiles it may be. */
  'update.which-board': {
    readonly board: string;
    readonly choices: readonly {
      readonly profile: string;
      readonly name: string;
      readonly printed: string | undefined;
    }[];
  };
  /** Nobody can tell what would be an update of this board, so nothing is chosen for it. */
  'update.undecided': {
    readonly board: string;
    readonly why: 'no-source' | 'variant-unknown' | 'order-unknown';
    readonly offered: readonly string[];
  };
}

export type UpdateErrorCode = keyof UpdateErrorParams;

/** Their exit codes, as in `ExitCode`: 74 transfer failed, 65 bad file, 66 no such file, 78 refused. */
export const updateExitCodes = {
  'update.offline': 74,
  'update.certificate': 74,
  'update.timeout': 74,
  'update.too-large': 65,
  'update.cut-off': 74,
  'update.address': 78,
  'update.redirects': 74,
  'update.rate-limited': 74,
  'update.status': 74,
  'update.malformed': 65,
  'update.not-signed': 78,
  'update.bad-signature': 78,
  'update.replayed': 78,
  'update.wrong-digest': 65,
  'update.wrong-size': 65,
  'update.other-version': 65,
  'update.folder': 66,
  'update.not-kept': 66,
  'update.not-offered': 66,
  'update.which-board': 78,
  'update.undecided': 78,
} as const satisfies { readonly [code in UpdateErrorCode]: number };
