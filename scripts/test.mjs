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
// What failed is told again at the very end: a log of minutes is often kept by its last lines alone.
const failures = [];
const env = { ...process.env, ...(soak ? { REKINDLE_SOAK: '1' } : {}) };

const built = spawnSync('node', ['scripts/build.mjs', '--electron'], { stdio: 'inherit' });
if (built.status !== 0) {
  total.failed++;
  failures.push('The build failed.');
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
  const failed = counted === undefined ? [] : failedTests(tier, counted);
  if (counted === undefined || (run.status !== 0 && failed.length === 0)) {
    // A tier that could not run at all, or broke outside of a test, is a failure and never a silence.
    total.failed++;
    failures.push(`${tier}: the tier did not end well (exit ${run.status ?? run.signal}).`);
  }
  if (counted !== undefined) {
    total.passed += counted.numPassedTests;
    total.failed += failed.length;
    total.skipped += counted.numPendingTests + counted.numTodoTests;
    failures.push(...failed);
  }
  console.log(`${tier}: ${Math.round((performance.now() - started) / 1000)} s`);
}
rmSync(folder, { recursive: true, force: true });
for (const failure of failures) console.error(`\nFAILED ${failure}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

/** What failed by a tier's JSON report, each with its file, its name and the beginning of its message. */
function failedTests(tier, report) {
  return report.testResults.flatMap((file) => {
    const tests = file.assertionResults.filter((test) => test.status === 'failed');
    // A file whose preparation failed has skipped tests only.
    const parts =
      tests.length > 0 || file.status !== 'failed'
        ? tests.map((test) => [test.fullName, test.failureMessages.join('\n')])
        : [['before its tests', file.message]];
    const name = path.relative(process.cwd(), file.name);
    return parts.map(([what, message]) => `${tier}: ${name}: ${what}\n${beginning(message)}`);
  });
}

function beginning(message) {
  return (message ?? '').split('\n').slice(0, 12).join('\n');
}
