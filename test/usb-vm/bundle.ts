import { build } from 'esbuild';

/**
 * A program for the guest as one CommonJS file: an emulated machine resolves modules slowly and does not strip
 * types. `usb` stays outside, as its native part cannot be bundled; `NODE_PATH` finds it.
 */
export async function bundleForGuest(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: ['usb'],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
