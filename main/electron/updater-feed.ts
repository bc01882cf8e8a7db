// What electron-updater is given in place of a feed of its own: the one release that was checked, and our way of fetching.
import { Provider, type ResolvedUpdateFileInfo, type UpdateInfo } from 'electron-updater';
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js';
import type { AppReleaseFile } from '../../shared/app-release.ts';
import type { BringFile } from '../app-update/installer.ts';

/** The release that is being fetched; undefined between times. */
export interface Feed {
  current: { readonly version: string; readonly file: AppReleaseFile; readonly bring: BringFile } | undefined;
}

/** Names its file to electron-updater, and is never asked for. */
const nowhere = 'https://rekindle.invalid/';

export class OneReleaseProvider extends Provider<UpdateInfo> {
  readonly #feed: Feed;

  constructor(feed: Feed, runtime: ProviderRuntimeOptions) {
    super(runtime);
    this.#feed = feed;
  }

  getLatestVersion(): Promise<UpdateInfo> {
    const { current } = this.#feed;
    if (current === undefined) return Promise.reject(new Error('no release was handed over'));
    const { version, file } = current;
    const { name: url, sha512, sizeBytes: size } = file;
    return Promise.resolve({ version, files: [{ url, sha512, size }], path: url, sha512, releaseDate: '' });
  }

  resolveFiles({ files }: UpdateInfo): ResolvedUpdateFileInfo[] {
    return files.map((info) => ({ url: new URL(encodeURIComponent(info.url), nowhere), info }));
  }
}

/** In place of its own client of HTTP, which would follow redirects to anywhere. */
export class OurDownloads {
  readonly #feed: Feed;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  async download(_url: URL, destination: string): Promise<string> {
    const { current } = this.#feed;
    if (current === undefined) throw new Error('nothing is being fetched');
    await current.bring(current.file, destination);
    return destination;
  }
}
