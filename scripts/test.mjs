// All tiers of tests, one after another, and the closing line that counts them: "N passed, N failed, N skipped".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const soak = process.argv.includes('--soak');
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const tiers = only.length > 0 ? only : ['unit', 'bench', 'page', 'packages', 'usb-vm'];
const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const env = { ...process.env, ...(soak ? { REKINDLE_SOAK: '1' } : {}) };

const built = spawnSync('node', ['scripts/build.mjs', '--electron'], { stdio: 'inherit' });
if (built.status !== 0) {
  total.failed++;
  console.error('The build failed.');
}

for (const tier of tiers) {
  const output = path.join(folder, `${tier}.json`);
  console.log(`\n== ${tier} ==`);
  const started = performance.now();
  const run = spawnSync(
    'node',
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      tier,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${output}`,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'], env },
  );
  let counted;
  try {
    counted = JSON.parse(readFileSync(output, 'utf8'));
  } catch {
    counted = undefined;
  }
  if (counted === undefined || (run.status !== 0 && counted.numFailedTests === 0)) {
    // A tier that could not run at all, or broke outside of a test, is a failure and never a silence.
    total.failed++;
    console.error(`The ${tier} tier did not end well (exit ${run.status ?? run.signal}).`);
  }
  if (counted !== undefined) {
    total.passed += counted.numPassedTests;
    total.failed += counted.numFailedTests;
    total.skipped += counted.numPendingTests + counted.numTodoTests;
  }
  console.log(`${tier}: ${Math.round((performance.now() - started) / 1000)} s`);
}
rmSync(folder, { recursive: true, force: true });
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
