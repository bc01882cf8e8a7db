import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/**
 * The page, and with `--mode gallery` the sheet of all its pieces (for development, never shipped). Everything lies in
 * files of its own with relative addresses: the page runs under `default-src 'none'` with `'self'` only, on `app://`
 * and on the loopback server alike.
 */
export default defineConfig(({ mode }) => ({
  root: 'renderer',
  base: './',
  publicDir: false,
  plugins: [svelte({ compilerOptions: { css: 'external' } })],
  build: {
    outDir: mode === 'gallery' ? '../dist/gallery' : '../dist/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // In kB. The usual 500 spares a network; this comes from the same computer, all of it is wanted at the start, and
    // what is large and rare (the guides' drawings) lies in files of its own. More would be a library nobody noticed.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      input: mode === 'gallery' ? 'renderer/gallery.html' : 'renderer/index.html',
      // Advice on slow plugins, said on slow machines only.
      checks: { bundlerTimings: false },
    },
  },
}));
