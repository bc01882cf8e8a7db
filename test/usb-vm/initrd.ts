import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { guestScript } from './guest-scripts.ts';
import { runTool } from './tools.ts';

/** Loaded in this order, each after what it depends on. */
const modules = [
  'virtio_pci',
  '9pnet_virtio',
  '9p',
  'overlay',
  'virtio_net',
  'vhci-hcd',
  'cdc-acm',
  'virtio_blk',
  'ext4',
];

/** Everything the initrd is made from but the kernel and busybox; a change makes a new cache entry. */
export function initrdRecipe(): string {
  return [...modules, guestScript('first-stage.sh'), guestScript('second-stage.sh')].join('\n');
}

/**
 * Builds the initrd for an unpacked kernel package.
 * @throws ToolError when one of the tools fails
 */
export async function buildInitrd(
  unpacked: string,
  kernelVersion: string,
  root: string,
  target: string,
): Promise<void> {
  // Newer packages have /usr/lib/modules, where kmod looks for /lib/modules.
  if (!existsSync(join(unpacked, 'lib'))) symlinkSync('usr/lib', join(unpacked, 'lib'));
  await runTool('/usr/sbin/depmod', ['-b', unpacked, kernelVersion]);
  for (const folder of ['bin', 'proc', 'sys', 'dev', 'host', 'overlay', 'modules']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  copyFileSync('/bin/busybox', join(root, 'bin', 'busybox'));
  writeFileSync(join(root, 'init'), guestScript('first-stage.sh'));
  chmodSync(join(root, 'init'), 0o755);
  writeFileSync(join(root, 'second-stage.sh'), guestScript('second-stage.sh'));
  const order: string[] = [];
  for (const path of await modulePaths(unpacked, kernelVersion)) {
    const name = basename(path);
    if (order.includes(name)) continue;
    order.push(name);
    copyFileSync(path, join(root, 'modules', name));
  }
  writeFileSync(join(root, 'modules', 'order'), `${order.join('\n')}\n`);
  const pack = 'cd "$1" && find . | cpio --quiet -o -H newc | gzip -1 > "$2"';
  await runTool('/bin/sh', ['-ec', pack, 'pack', root, target]);
}

/** Files to insert, in order: modprobe prints `insmod PATH` for a module and all it needs. */
async function modulePaths(unpacked: string, kernelVersion: string): Promise<string[]> {
  const paths: string[] = [];
  for (const module of modules) {
    const args = ['-d', unpacked, '-S', kernelVersion, '--show-depends', module];
    const text = await runTool('/usr/sbin/modprobe', args);
    for (const match of text.matchAll(/^insmod (\S+)/gm)) if (match[1] !== undefined) paths.push(match[1]);
  }
  return paths;
}
