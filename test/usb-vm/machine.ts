// Debian's kernel and an initrd for it, kept between runs.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { missingTools, runTool, ToolError } from './tools.ts';
import { buildInitrd, initrdRecipe } from './initrd.ts';

/** What QEMU boots. */
export interface Machine {
  readonly available: true;
  readonly kernelVersion: string;
  readonly kernel: string;
  readonly initrd: string;
}

/** Why there is no guest on this computer, in words for the person who ran the tests. */
export interface GuestUnavailable {
  readonly available: false;
  readonly reason: string;
}

let prepared: Promise<Machine | GuestUnavailable> | undefined;

/**
 * Finds the newest kernel package's files in the cache, or makes them. The cache is `$REKINDLE_CACHE` or
 * `~/.cache/rekindle`; entries are named after kernel and recipe and appear there whole or not at all.
 */
export function prepareMachine(): Promise<Machine | GuestUnavailable> {
  return (prepared ??= prepare().catch((error: unknown) => {
    if (error instanceof ToolError) return { available: false, reason: error.message };
    throw error;
  }));
}

async function prepare(): Promise<Machine | GuestUnavailable> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return {
      available: false,
      reason: `the guest needs Linux on x64; this is ${process.platform} on ${process.arch}`,
    };
  }
  const missing = missingTools();
  if (missing.length > 0) return { available: false, reason: `not installed: ${missing.join(', ')}` };
  const cache = join(process.env['REKINDLE_CACHE'] ?? join(homedir(), '.cache', 'rekindle'), 'usb-vm');
  mkdirSync(cache, { recursive: true });
  const recipe = createHash('sha256').update(initrdRecipe()).digest('hex').slice(0, 12);
  const newest = await newestKernel();
  if (newest !== undefined) {
    const known = cached(cache, newest, recipe);
    if (known !== undefined) return known;
  }
  try {
    return await build(cache, recipe, newest);
  } catch (error) {
    // Without the package's source an older kernel of the same recipe is as good.
    const old = readdirSync(cache).flatMap((name) => {
      const version = name.endsWith(`_${recipe}`) ? name.slice(0, -recipe.length - 1) : undefined;
      return version === undefined ? [] : (cached(cache, version, recipe) ?? []);
    });
    if (old[0] !== undefined) return old[0];
    throw error;
  }
}

function cached(cache: string, kernelVersion: string, recipe: string): Machine | undefined {
  const folder = join(cache, `${kernelVersion}_${recipe}`);
  const machine = { kernelVersion, kernel: join(folder, 'vmlinuz'), initrd: join(folder, 'initrd') };
  return existsSync(machine.kernel) && existsSync(machine.initrd)
    ? { available: true, ...machine }
    : undefined;
}

/** What Debian's meta package stands for now; undefined when the package lists are not there. */
async function newestKernel(): Promise<string | undefined> {
  const text = await runTool('apt-cache', ['depends', 'linux-image-amd64']).catch(() => '');
  return /Depends: linux-image-(\S+)/.exec(text)?.[1];
}

async function build(cache: string, recipe: string, known: string | undefined): Promise<Machine> {
  const work = mkdtempSync(join(cache, 'work-'));
  try {
    const kernelVersion = await download(work, known);
    const unpacked = join(work, 'unpacked');
    const package_ = readdirSync(work).find((name) => name.endsWith('.deb')) ?? '';
    await runTool('dpkg-deb', ['-x', join(work, package_), unpacked]);
    const finished = join(work, 'finished');
    mkdirSync(finished);
    renameSync(join(unpacked, 'boot', `vmlinuz-${kernelVersion}`), join(finished, 'vmlinuz'));
    await buildInitrd(unpacked, kernelVersion, join(work, 'root'), join(finished, 'initrd'));
    const place = join(cache, `${kernelVersion}_${recipe}`);
    try {
      renameSync(finished, place);
    } catch (error) {
      // Another run was first, with the same files.
      if (cached(cache, kernelVersion, recipe) === undefined) throw error;
    }
    return { available: true, kernelVersion, kernel: join(place, 'vmlinuz'), initrd: join(place, 'initrd') };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Package lists may be missing or older than the archive: then they are fetched once, which needs root. */
async function download(folder: string, known: string | undefined): Promise<string> {
  if (known !== undefined) {
    const worked = await runTool('apt-get', ['-q', 'download', `linux-image-${known}`], folder).then(
      () => true,
      () => false,
    );
    if (worked) return known;
  }
  await runTool('apt-get', ['-q', 'update']);
  const version = await newestKernel();
  if (version === undefined) throw new ToolError('apt knows no package linux-image-amd64');
  await runTool('apt-get', ['-q', 'download', `linux-image-${version}`], folder);
  return version;
}
