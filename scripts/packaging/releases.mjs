// Where releases are published, for electron-builder: what it leaves in a package (`app-update.yml`) says that it can be replaced.
import { readFileSync } from 'node:fs';

/** `assets/releases.json`: `owner/name` on GitHub and the key that signs its list of a release; both empty where there is no such place. */
export function releasePlace() {
  return JSON.parse(readFileSync('assets/releases.json', 'utf8'));
}

/**
 * electron-builder's `publish`; null for packages that cannot be replaced from within: there is nowhere to look, nothing that
 * could be believed, or macOS would not take it, as its updater asks for a signature of somebody.
 */
export function publishOf({ repository, key }, { platform, signedForMac }) {
  if (repository === '' || key === '' || (platform === 'darwin' && !signedForMac)) return null;
  const [owner, repo] = repository.split('/');
  return [{ provider: 'github', owner, repo }];
}
