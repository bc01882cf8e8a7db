// The page's own scheme: exactly the files of the built page, with a policy that lets in nothing else.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pagePolicy } from '../../shared/page-policy.ts';
import { pageHost, pageScheme } from '../../shared/page-port.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/vnd.microsoft.icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const headersOfAll: Readonly<Record<string, string>> = {
  'content-security-policy': pagePolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), serial=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Answers requests of the page's scheme. The files are listed once and a request must name one of them letter by
 * letter, so there is no path to climb out of: `..`, escapes and links have nothing to act on.
 * @param folder the built page, with `index.html` at its top
 */
export function pageFiles(folder: string): (request: Request) => Promise<Response> {
  let listing: Promise<ReadonlyMap<string, string>> | undefined;
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, { allow: 'GET, HEAD' });
    const name = requestedName(request.url);
    if (name === undefined) return refusal(404);
    const file = (await (listing ??= listFiles(folder))).get(name);
    const type = contentTypes[path.extname(name)];
    if (file === undefined || type === undefined) return refusal(404);
    try {
      const bytes = request.method === 'HEAD' ? null : await readFile(file);
      return new Response(bytes, { headers: { ...headersOfAll, 'content-type': type } });
    } catch {
      return refusal(404);
    }
  };
}

/** The name below the folder; undefined for another host or a URL that is none. */
function requestedName(address: string): string | undefined {
  const url = URL.parse(address);
  if (url?.protocol !== `${pageScheme}:` || url.host !== pageHost) return undefined;
  return url.pathname === '/' || url.pathname === '' ? 'index.html' : url.pathname.slice(1);
}

/** Every ordinary file below the folder, by its name with forward slashes. */
async function listFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(name);
      else if (entry.isFile()) files.set(name, path.join(folder, ...name.split('/')));
    }
  };
  await walk('');
  return files;
}

function refusal(status: 404 | 405, more: Record<string, string> = {}): Response {
  const headers = { ...headersOfAll, ...more, 'content-type': 'text/plain; charset=utf-8' };
  return new Response(null, { status, headers });
}
