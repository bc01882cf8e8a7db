// "rekindle rights" as the built program says it. Installing is proven in test/usb-vm, on a system that is ours to change.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { cliEventSchema } from '../../shared/cli-events.ts';
import { ExitCode } from '../../shared/result.ts';
import type { RuleRights } from '../../shared/rights.ts';

const data = mkdtempSync(path.join(tmpdir(), 'rekindle-rights-run-'));
const rule = readFileSync('assets/udev/70-rekindle.rules', 'utf8');

function rights(...args: string[]) {
  const env = { ...process.env, REKINDLE_DATA: data };
  return spawnSync(process.execPath, ['dist/cli.js', 'rights', ...args], { env, encoding: 'utf8' });
}

describe.skipIf(process.platform !== 'linux')('rekindle rights', () => {
  it('shows the rule and what would run as root to the letter, with a digest that is right', () => {
    const run = rights('--json');
    const line = v.parse(cliEventSchema, JSON.parse(run.stdout)) as unknown as { status: RuleRights };
    const { status } = line;
    expect(run.status).toBe(status.state === 'current' ? ExitCode.done : ExitCode.noPermission);
    expect(status.rule).toEqual({ path: '/etc/udev/rules.d/70-rekindle.rules', text: rule });
    expect(status.script.text).toContain(rule);
    expect(createHash('sha256').update(status.script.text).digest('hex')).toBe(status.script.sha256);
    const shown = rights().stdout;
    for (const text of [status.rule.text, status.script.text]) {
      const indented = text.trimEnd().replaceAll(/^/gm, '    ');
      expect(shown).toContain(indented);
    }
    expect(shown).toContain(status.commands.install);
  });

  it('takes one wish at a time', () => {
    expect(rights('--install', '--remove').status).toBe(ExitCode.usage);
    expect(rights('--install', 'more').status).toBe(ExitCode.usage);
  });
});
