// Everything a change must pass before it is shown to anyone: types, lint, format, layering, unused code, unit tests.
import { spawn } from 'node:child_process';

const checks = [
  ['types', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']],
  ['types of shared', ['node_modules/typescript/bin/tsc', '-p', 'shared/tsconfig.json']],
  ['types of page tests', ['node_modules/typescript/bin/tsc', '-p', 'test/e2e/tsconfig.json']],
  [
    'types of the page',
    [
      'node_modules/svelte-check/bin/svelte-check',
      '--workspace=renderer',
      '--tsconfig=./tsconfig.json',
      '--fail-on-warnings',
      '--output=human',
    ],
  ],
  ['lint', ['node_modules/eslint/bin/eslint.js', '--cache', '--cache-location', '.cache/eslint', '.']],
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--cache', '--log-level=warn', '.']],
  [
    'layering',
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'main',
      'shared',
      'renderer',
    ],
  ],
  ['unused code', ['node_modules/knip/bin/knip.js', '--no-progress']],
  ['unit tests', ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter=dot']],
];

/** Two at a time: what a small machine has cores for. */
const queue = [...checks];
let failed = 0;
async function worker() {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [name, args] = next;
    const started = performance.now();
    const { code, output } = await run(args);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
    if (code !== 0) {
      failed++;
      console.log(output);
    }
  }
}

function run(args) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn('node', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ code, output }));
  });
}

await Promise.all([worker(), worker()]);
process.exit(failed > 0 ? 1 : 0);
