import { answer, contract, done, nothingSchema } from './base.ts';

export interface AppReport {
  readonly version: string;
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** `window`, `browser`. */
  readonly shell: string;
  /** What it runs on, as name and version. */
  readonly versions: readonly { readonly name: string; readonly version: string }[];
  /** What the shell can do beyond the page. */
  readonly canShowFiles: boolean;
  readonly canOpenLogFolder: boolean;
  /** Opens pages of makers in the system's browser; elsewhere the page's own browser does. */
  readonly canOpenPages: boolean;
}

export interface Licence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

export const app = {
  report: contract.input(nothingSchema).output(answer<AppReport>()),
  licences: contract.input(nothingSchema).output(answer<readonly Licence[]>()),
  openLogFolder: contract.input(nothingSchema).output(done),
};
