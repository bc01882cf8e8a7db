import { existsSync } from 'node:fs';
import type { Guest } from './guest.ts';

const programs = ['/usr/bin/pkexec', '/usr/lib/polkit-1/polkitd', '/usr/bin/dbus-daemon'];

/** Lets the member do exactly this, refuses the outsider, and leaves everyone else to a password. For tests only. */
const testRule = `polkit.addRule(function (action, subject) {
  if (action.id !== 'org.freedesktop.policykit.exec') return polkit.Result.NOT_HANDLED;
  var fixed = /^\\/bin\\/sh -c set -u\\n[^]* rekindle-rights (install|remove)$/.test(action.lookup('command_line'));
  polkit.log('asked: ' + subject.user + ' ' + action.lookup('program') + ' fixed ' + fixed);
  if (subject.user === 'rekindle-member') return fixed ? polkit.Result.YES : polkit.Result.NO;
  if (subject.user === 'rekindle-outsider') return polkit.Result.NO;
  return polkit.Result.NOT_HANDLED;
});
`;

const start = `
  install -d -o root /run/dbus && rm -f /run/dbus/pid
  dbus-daemon --system --fork --nopidfile || exit 1
  /usr/lib/polkit-1/polkitd --no-debug </dev/null >/run/rekindle/polkitd.log 2>&1 &
  for turn in 1 2 3 4 5 6 7 8 9 10; do
    pkcheck --action-id org.freedesktop.policykit.exec --process $$ >/dev/null 2>&1
    # 0 allowed, 1 not authorised: it answers. Anything else: it does not yet.
    [ $? -le 3 ] && exit 0
    busybox sleep 0.5
  done
  cat /run/rekindle/polkitd.log >&2
  exit 1`;

/**
 * Starts the system bus and polkitd under the test rule.
 * @returns undefined when they run, else why not
 */
export async function startPolkit(guest: Guest): Promise<string | undefined> {
  const missing = programs.filter((file) => !existsSync(file));
  if (missing.length > 0) return `there is no ${missing.join(', ')}`;
  await guest.writeFile('/etc/polkit-1/rules.d/00-rekindle-test.rules', testRule);
  const { exitCode, stderr } = await guest.run(['sh', '-c', start], { timeoutMs: 30_000 });
  return exitCode === 0 ? undefined : `polkitd does not start: ${stderr.trim()}`;
}
