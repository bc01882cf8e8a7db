// The built program as a release has it, with an address of releases in it; and the way to github.com from a program of its own process,
// which leads to a server of the test's: through a proxy, as in a company.
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { releasesOn, type ReleaseServer } from './app-release.ts';
import { startFirmwareServer, type FirmwareServer } from './firmware-server.ts';
import { makeUpdatesRig } from './updates-rig.ts';

export interface ReleasedProgram extends AsyncDisposable {
  readonly server: FirmwareServer;
  readonly place: Pick<ReleaseServer, 'publish'>;
  /** Of a bundle. */
  file(bundle: 'cli.js' | 'server.js'): string;
  readonly env: NodeJS.ProcessEnv;
  readonly data: string;
  /** What the proxy was asked for, in order. */
  readonly tunnels: readonly string[];
}

/** @throws Error where a bundle does not have exactly one place for the address */
export async function releasedProgram(): Promise<ReleasedProgram> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-released-'));
  const server = await startFirmwareServer(['github.com']);
  const place = releasesOn(server, makeUpdatesRig(server).services);
  for (const name of readdirSync('dist')) {
    if (name === 'cli.js' || name === 'server.js')
      writeFileSync(
        path.join(folder, name),
        released(readFileSync(path.join('dist', name), 'utf8'), place.key),
      );
    else symlinkSync(path.resolve('dist', name), path.join(folder, name));
  }
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(folder, 'authority.pem'), server.authority);
  const data = path.join(folder, 'data');
  mkdirSync(data);
  const tunnels: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, client: Socket) => {
    tunnels.push(request.url ?? '');
    const upstream = connect(Number(new URL(server.origin).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  return {
    server,
    place,
    data,
    tunnels,
    file: (bundle) => path.join(folder, bundle),
    env: {
      ...process.env,
      REKINDLE_DATA: data,
      NODE_EXTRA_CA_CERTS: path.join(folder, 'authority.pem'),
      https_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    },
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      proxy.close();
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The empty place of `assets/releases.json`, filled in. */
function released(bundle: string, key: string): string {
  const parts = bundle.split(/define_REKINDLE_RELEASES_default = \{[^}]*\}/);
  if (parts.length !== 2)
    throw new Error(`a bundle has ${parts.length - 1} places for an address of releases`);
  return parts.join(`define_REKINDLE_RELEASES_default = { repository: "acme/rekindle", key: "${key}" }`);
}
