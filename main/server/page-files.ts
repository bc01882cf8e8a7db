// The built page, read once: what is not in it does not exist, whatever a path says.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Files by URL path. @throws Error when the page was not built */
export function readPage(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[path.extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const full = path.join(entry.parentPath, entry.name);
    const url = `/${path.relative(folder, full).split(path.sep).join('/')}`;
    files.set(url, { type, bytes: readFileSync(full) });
  }
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`there is no page in ${folder}`);
  return files.set('/', index);
}
