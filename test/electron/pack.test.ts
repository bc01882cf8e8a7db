// Packs for real, with a folder that looks like Electron's: what is in a package, and what is not.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { extractAll, extractFile, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Arch } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases, packInto } from './packing.ts';

const top = mkdtempSync(path.join(tmpdir(), 'rekindle-pack-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const bindings = 'node_modules/@serialport/bindings-cpp';
const skipped =
  process.platform === 'win32' ? 'packing for other systems needs links and file modes' : undefined;
if (skipped !== undefined) console.warn(`skipped: ${skipped}`);

beforeAll(() => {
  for (const step of [
    ['scripts/build.mjs', '--quiet', '--page', '--electron'],
    ['scripts/packaging/prepare.mjs'],
  ])
    expect(spawnSync('node', step, { stdio: 'inherit' }).status).toBe(0);
}, 60_000);

/** Every file below a folder, with forward slashes. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

describe.skipIf(skipped !== undefined).each(cases)('for $system, $prebuild', (packed) => {
  let program: string;
  let resources: string;
  let inside: string[];

  beforeAll(async () => {
    program = path.join(await packInto(top, packed.system, packed.arch), packed.program);
    resources = path.join(program, packed.resources);
    inside = listPackage(path.join(resources, 'app.asar'), { isPack: false }).map((name) =>
      name.replaceAll('\\', '/'),
    );
  }, 60_000);

  it('holds the bundles, the page and the native modules, and nothing else', () => {
    const expected = [
      /^\/package\.json$/,
      /^\/dist\/(cli\.js|licences\.json|(read-image|store)-worker\.js)$/,
      /^\/dist\/electron\/(main\.js|preload\.cjs|(read-image|store)-worker\.js)$/,
      /^\/dist\/renderer\/(index\.html|[\w./-]+\.(js|css|svg|png|ico|woff2|webp|json))$/,
      /^\/node_modules\/usb\/(package\.json|dist\/[\w./-]+\.js)$/,
      /^\/node_modules\/node-gyp-build\/(package\.json|index\.js|node-gyp-build\.js)$/,
      new RegExp(`^/node_modules/usb/prebuilds/${packed.prebuild.replaceAll('+', '\\+')}$`),
      new RegExp(`^/${bindings}/prebuilds/${packed.serialPrebuild.replaceAll('+', '\\+')}$`),
      new RegExp(`^/${bindings}/(package\\.json|dist/[\\w-]+\\.js)$`),
      new RegExp(
        `^/${bindings}/node_modules/@serialport/parser-(readline|delimiter)/(package\\.json|dist/index\\.js)$`,
      ),
      new RegExp(`^/${bindings}/node_modules/debug/(package\\.json|src/\\w+\\.js)$`),
      /^\/node_modules\/@serialport\/bindings-interface\/(package\.json|dist\/index\.js)$/,
      /^\/node_modules\/ms\/(package\.json|index\.js)$/,
    ];
    const files = inside.filter((name) => /\.\w+$/.test(path.basename(name)));
    expect(files.filter((name) => !expected.some((pattern) => pattern.test(name)))).toEqual([]);
    for (const pattern of expected)
      expect(
        files.some((name) => pattern.test(name)),
        pattern.source,
      ).toBe(true);
    // No sources, no maps, no tests, no server shell.
    expect(
      inside.filter((name) =>
        /\.(ts|svelte|map|md)$|\/(main|renderer|shared|test)\/?$|server/.test(
          name.replace('/dist/renderer', ''),
        ),
      ),
    ).toEqual([]);
    const names = JSON.stringify(inside);
    for (const word of ['ws/', 'esbuild', 'electron-builder', 'svelte'])
      expect(names).not.toContain(`node_modules/${word}`);
  });

  it('holds no code of the server shell in its bundles', () => {
    for (const bundle of ['dist/cli.js', 'dist/electron/main.js']) {
      const code = extractFile(path.join(resources, 'app.asar'), bundle).toString('utf8');
      // esbuild names each source before its code.
      expect(code).toContain('// main/base/clock.ts');
      expect(code).not.toMatch(/^\/\/ (main\/server|node_modules\/ws)\//m);
    }
  });

  it("has exactly this system's prebuilt addons outside of the archive", () => {
    const unpacked = path.join(resources, 'app.asar.unpacked');
    const addons = [
      `${bindings}/prebuilds/${packed.serialPrebuild}`,
      `node_modules/usb/prebuilds/${packed.prebuild}`,
    ];
    expect(filesIn(unpacked)).toEqual(addons);
    for (const addon of addons) expect(readFileSync(path.join(unpacked, addon))).toEqual(readFileSync(addon));
  });

  it("ships the licences: ours, everybody else's, libusb's with its notice, Electron's", () => {
    const read = (name: string): string => readFileSync(path.join(resources, 'licences', name), 'utf8');
    expect(read('rekindle.txt')).toBe(readFileSync('LICENSE', 'utf8'));
    expect(read('libusb-COPYING.txt')).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
    expect(read('libusb-NOTICE.txt')).toMatch(/libusb .*GNU Lesser General\nPublic License/);
    expect(read('libusb-NOTICE.txt')).toContain('node_modules/usb');
    const own = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
    for (const name of [
      ...Object.keys(own.dependencies),
      'svelte',
      'bits-ui',
      'node-gyp-build',
      '@serialport/bindings-cpp',
    ])
      expect(read('third-party.txt')).toMatch(new RegExp(`^${name} \\d`, 'm'));
    // On macOS electron-builder moves them into the bundle only when it unpacked Electron itself.
    if (packed.system === 'mac') return;
    for (const name of ['LICENSE.electron.txt', 'LICENSES.chromium.html'])
      expect(existsSync(path.join(program, name)), name).toBe(true);
  });

  it('has what only its system needs', () => {
    const rule = path.join(resources, 'udev', '70-rekindle.rules');
    expect(existsSync(rule)).toBe(packed.system === 'linux');
    // Nothing in it says that it can be replaced from within: no address of releases is built in.
    expect(existsSync(path.join(resources, 'app-update.yml'))).toBe(false);
    const stub = path.join(program, 'bin', 'rekindle.cmd');
    expect(existsSync(stub)).toBe(packed.system === 'win');
    if (packed.system === 'win')
      expect(readFileSync(stub, 'utf8')).toContain('"%~dp0..\\Rekindle.exe" cli %*');
  });

  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(path.join(program, packed.binary));
    const on = Object.entries(FuseV1Options).flatMap(([name, index]) =>
      typeof index === 'number' && wire[index] === FuseState.ENABLE ? [name] : [],
    );
    expect(on).toEqual([
      'EnableCookieEncryption',
      'EnableEmbeddedAsarIntegrityValidation',
      'OnlyLoadAppFromAsar',
    ]);
  });

  it('runs from what is in it: the window with its page, the command line, the addon', () => {
    const alone = path.join(top, `alone-${packed.system}-${Arch[packed.arch]}`);
    extractAll(path.join(resources, 'app.asar'), alone);
    const standIn = path.join(alone, 'node_modules', 'electron');
    mkdirSync(standIn, { recursive: true });
    writeFileSync(path.join(standIn, 'package.json'), '{"main":"index.mjs"}');
    copyFileSync('test/electron/programs/electron.mjs', path.join(standIn, 'index.mjs'));
    const data = path.join(alone, 'data');
    const run = (...args: string[]) =>
      spawnSync('node', [path.join(alone, 'dist/electron/main.js'), ...args], {
        encoding: 'utf8',
        env: { ...process.env, REKINDLE_DATA: data },
        timeout: 60_000,
      });
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(run('cli', '--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(existsSync(data)).toBe(false);

    const window = run();
    expect(window).toMatchObject({ status: 0, stderr: '' });
    const told = JSON.parse(window.stdout) as Record<string, unknown>;
    expect(told).toMatchObject({
      privileged: ['app'],
      windows: [{ sandbox: true, contextIsolation: true, nodeIntegration: false }],
      userData: path.join(data, 'window'),
      page: readFileSync(path.join(alone, 'dist/renderer/index.html'), 'utf8'),
      script: 200,
      preload: readFileSync('dist/electron/preload.cjs', 'utf8'),
    });
    const log = readFileSync(path.join(data, 'logs', 'window.log'), 'utf8');
    expect(log).toContain(`Rekindle ${version} (window)`);
    expect(log).toContain('window: open');

    if (!packed.prebuild.startsWith(`${process.platform}-${process.arch}`)) return;
    expect(run('cli', 'nonsense')).toMatchObject({ status: 64, stdout: '' });
    const flashed = run('cli', 'demo', '--json');
    expect(flashed.stdout).toContain('verified-and-running');
    expect(flashed.status).toBe(0);
    const loaded = spawnSync('node', ['-e', "console.log(typeof require('usb').getDeviceList)"], {
      cwd: alone,
      encoding: 'utf8',
    });
    expect(loaded.stdout).toBe('function\n');
    const serial = spawnSync(
      'node',
      [
        '-e',
        "require('@serialport/bindings-cpp').autoDetect().open({ path: '/no/port', baudRate: 9600 }).catch((e) => console.log(e.message))",
      ],
      { cwd: alone, encoding: 'utf8' },
    );
    expect(serial.stdout).toContain('/no/port');
  }, 60_000);
});

describe.skipIf(skipped !== undefined)('a package of a place with releases', () => {
  it('says that it can be replaced from within', async () => {
    const publish = [{ provider: 'github' as const, owner: 'acme', repo: 'rekindle' }];
    const output = await packInto(path.join(top, 'released'), 'linux', Arch.x64, 'dir', undefined, publish);
    const config = readFileSync(path.join(output, 'linux-unpacked', 'resources', 'app-update.yml'), 'utf8');
    expect(config).toContain('provider: github\n');
    expect(config).toContain('updaterCacheDirName: rekindle-updater\n');
  }, 60_000);
});

describe.skipIf(skipped !== undefined)('the Debian package', () => {
  it('would install the rule, and have udev take it over', async () => {
    let args: string[] = [];
    const scripts: Record<string, string> = {};
    await packInto(top, 'linux', Arch.x64, 'deb', async (options) => {
      [args] = options as [string[]];
      for (const option of ['--after-install', '--after-remove'])
        scripts[option] = readFileSync(args[args.indexOf(option) + 1] ?? '', 'utf8');
      return true;
    });
    expect(args).toContain('assets/udev/70-rekindle.rules=/usr/lib/udev/rules.d/70-rekindle.rules');
    expect(args.some((argument) => argument.endsWith('/=/opt/Rekindle'))).toBe(true);
    for (const size of [16, 48, 256, 512])
      expect(args.join('\n')).toContain(`/usr/share/icons/hicolor/${size}x${size}/apps/rekindle.png`);
    expect(scripts['--after-install']).toContain('/usr/bin/rekindle');
    expect(scripts['--after-install']).toContain('udevadm trigger --action=change --subsystem-match=usb');
    expect(scripts['--after-remove']).toContain('udevadm control --reload');
    for (const script of Object.values(scripts)) {
      expect(spawnSync('bash', ['-n'], { input: script }).status).toBe(0);
      expect(script).not.toContain('${');
    }
  }, 60_000);

  it('is built', (context) => {
    console.warn(
      'skipped: deb needs fpm, which electron-builder downloads; the release workflow builds and checks it',
    );
    context.skip();
  });
});

describe.skipIf(skipped !== undefined)('the AppImage', () => {
  it('would start inside the sandbox', async () => {
    let desktop = '';
    await packInto(top, 'linux', Arch.x64, 'AppImage', async (options) => {
      desktop = (options as { desktop: string }).desktop;
      return true;
    });
    expect(desktop).toContain('Exec=AppRun');
    expect(desktop).not.toContain('--no-sandbox');
    expect(desktop).toContain('StartupWMClass=rekindle\n');
  }, 60_000);

  it('is built', (context) => {
    console.warn(
      'skipped: AppImage, dmg and nsis need tools electron-builder downloads, or their own systems',
    );
    context.skip();
  });
});
