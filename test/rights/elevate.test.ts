// What pkexec's endings mean. In its place: programs that end as it does; the real one is in test/usb-vm.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { startWait } from '../../main/base/wait.ts';
import { cleanEnvironment, findPkexec, runScript } from '../../main/rights/elevate.ts';
import type { RightsResult } from '../../shared/rights.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-pkexec-'));
let count = 0;

function program(text: string): string {
  const file = path.join(folder, `program-${count++}`);
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return file;
}

function ask(
  text: string,
  options: { limitMs?: number; signal?: AbortSignal; terminal?: boolean } = {},
): Promise<RightsResult> {
  const starter = { kind: 'pkexec', file: program(text), terminal: options.terminal ?? false } as const;
  return runScript(
    'install',
    starter,
    realClock,
    startWait(realClock, options.limitMs ?? 10_000, options.signal),
  );
}

const failed = 'Error executing command as another user:';

describe.skipIf(process.platform === 'win32')('asking for an administrator', () => {
  it.each<[string, string, RightsResult]>([
    ['done', "echo 'rekindle-rights 1'", { kind: 'installed', applied: true }],
    ['not taken up', "echo 'rekindle-rights 1'; exit 10", { kind: 'installed', applied: false }],
    ['dismissed', `echo '${failed} Request dismissed' >&2; exit 126`, { kind: 'cancelled' }],
    ['refused', `echo '${failed} Not authorized' >&2; exit 127`, { kind: 'not-authorised' }],
    [
      'no agent',
      `echo '${failed} No authentication agent found.' >&2; exit 127`,
      { kind: 'no-polkit', why: 'no-agent' },
    ],
    [
      'no daemon',
      "echo 'Error getting authority: Could not connect' >&2; exit 127",
      { kind: 'no-polkit', why: 'no-daemon' },
    ],
    [
      'our own 127',
      "echo 'rekindle-rights 1'; echo gone >&2; exit 127",
      { kind: 'failed', why: 'unexpected', detail: 'gone' },
    ],
    [
      'read-only disk',
      "echo 'rekindle-rights 1'; echo 'cannot write' >&2; exit 23",
      { kind: 'failed', why: 'cannot-write', detail: 'cannot write' },
    ],
    ['killed at the prompt', 'kill -INT $$', { kind: 'cancelled' }],
    ['a success nobody announced', 'exit 0', { kind: 'failed', why: 'unexpected', detail: '' }],
  ])('%s', async (_name, text, expected) => {
    expect(await ask(text)).toEqual(expected);
  });

  it('hands over a shell, the fixed script and one word, and no environment of the user', async () => {
    const notes = path.join(folder, 'notes');
    await ask(`env >${notes}; for word; do printf '%s\\n' "<$word>"; done >>${notes}`);
    const said = readFileSync(notes, 'utf8');
    expect(said).toContain('<--disable-internal-agent>\n</bin/sh>\n<-c>\n<set -u\n');
    expect(said).toContain('<rekindle-rights>\n<install>\n');
    expect(said).not.toMatch(/^(HOME|SHELL|LD_|NODE_|XAUTHORITY|USER)/m);
  });

  it('keeps only harmless language variables', () => {
    const own = {
      LANG: 'de_DE.UTF-8',
      LC_ALL: '../../x',
      LANGUAGE: 'de:en',
      SHELL: '/tmp/sh',
      LD_PRELOAD: 'x',
    };
    expect(cleanEnvironment(own)).toEqual({
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      LANG: 'de_DE.UTF-8',
      LANGUAGE: 'de:en',
    });
  });

  it('ends at its deadline and at the signal, and with a flood of words', async () => {
    const started = realClock.now();
    expect(await ask('exec sleep 30', { limitMs: 100 })).toEqual({
      kind: 'failed',
      why: 'timed-out',
      detail: '',
    });
    // One that does not let itself be ended, as a root process does not by us.
    expect(await ask("trap '' TERM; while :; do sleep 0.2; done", { limitMs: 100 })).toMatchObject({
      why: 'timed-out',
    });
    expect(await ask('exec sleep 30', { signal: AbortSignal.timeout(100) })).toMatchObject({
      why: 'stopped',
    });
    expect(await ask('sleep 30', { signal: AbortSignal.abort() })).toMatchObject({ why: 'stopped' });
    expect(realClock.now() - started).toBeLessThan(8_000);
    const flood = await ask('head -c 3000000 /dev/zero | tr "\\0" x >&2; exit 5');
    expect(flood).toMatchObject({ kind: 'failed', why: 'unexpected' });
    expect((flood as { detail: string }).detail.length).toBeLessThanOrEqual(255);
  });

  it('believes only a pkexec that belongs to root and has its rights', async () => {
    expect(await findPkexec([program('exit 0'), path.join(folder, 'nothing')])).toBeUndefined();
    const starter = { kind: 'pkexec', file: path.join(folder, 'nothing'), terminal: true } as const;
    expect(await runScript('remove', starter, realClock, startWait(realClock, 1_000))).toEqual({
      kind: 'no-polkit',
      why: 'no-pkexec',
    });
  });
});
