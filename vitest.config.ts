import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { profiles } from './scripts/profiles.mjs';

/** Limits against hanging, ten times what a busy computer takes, for a hook and for a state that a test waits to see as well. */
const common = {
  environment: 'node' as const,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 30_000 } },
};

/** The tiers of `npm test`; see test/README.md. */
export default defineConfig({
  define: {
    REKINDLE_VERSION: JSON.stringify('test'),
    REKINDLE_LIBRARIES: JSON.stringify('usb test, libusb test'),
    REKINDLE_PROFILES: profiles(),
    REKINDLE_RELEASES: readFileSync(new URL('assets/releases.json', import.meta.url), 'utf8'),
    REKINDLE_UDEV_RULE: JSON.stringify(
      readFileSync(new URL('assets/udev/70-rekindle.rules', import.meta.url), 'utf8'),
    ),
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/bench/**',
            'test/cli-runs/**',
            'test/contract/**',
            'test/page/**',
            'test/e2e/**',
            'test/usb-vm/**',
            'test/speed/**',
            'test/fuzz/**',
            'test/electron/pack.test.ts',
            'test/electron/smoke.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: 'bench',
          include: [
            'test/bench/**/*.test.ts',
            'test/cli-runs/**/*.test.ts',
            'test/contract/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: 'page',
          include: ['test/page/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: 'packages',
          include: ['test/electron/pack.test.ts', 'test/electron/smoke.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: 'usb-vm',
          include: ['test/usb-vm/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
