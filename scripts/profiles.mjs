// Every profile of assets/profiles as one JSON text, for the bundles: a new board is one file.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const folder = fileURLToPath(new URL('../assets/profiles/', import.meta.url));

export function profiles() {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return JSON.stringify(
    names.sort().map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'))),
  );
}
