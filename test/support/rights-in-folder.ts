// Rights as they are on Linux, in folders of a test's own: the rules are judged as on disk, and what is installed is put
// there by the very script that runs as root. Only the password is missing, and udevadm takes notes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realClock } from '../../main/base/clock.ts';
import { startWait } from '../../main/base/wait.ts';
import { rulesCover, type CoveragePlaces } from '../../main/rights/coverage.ts';
import { runScript } from '../../main/rights/elevate.ts';
import { openRights, type Rights } from '../../main/rights/rights.ts';
import { buildScript } from '../../main/rights/script.ts';

export interface RightsInFolder extends Disposable {
  readonly rights: Rights;
}

/** The account of the person at the screen, and one rule of somebody else's. */
export function rightsInFolder(rule: string): RightsInFolder {
  const root = mkdtempSync(path.join(tmpdir(), 'rekindle-let-in-'));
  const folder = path.join(root, 'etc', 'udev', 'rules.d');
  const tools = path.join(root, 'bin');
  const seatFolder = path.join(root, 'seats');
  for (const one of [folder, tools, seatFolder]) mkdirSync(one, { recursive: true });
  writeFileSync(path.join(seatFolder, 'seat0'), 'ACTIVE_UID=1000\n');
  const groupFile = path.join(root, 'group');
  writeFileSync(groupFile, 'root:x:0:\n');
  writeFileSync(path.join(folder, '77-other.rules'), rule);
  writeFileSync(path.join(tools, 'udevadm'), '#!/bin/sh\n', { mode: 0o755 });
  const account = { groupFile, seatFolder, uid: 1000, name: 'ann', groups: [1000] };
  const places: CoveragePlaces = { folders: [folder], account };
  const script = buildScript({ folder, path: `${tools}:/usr/sbin:/usr/bin:/sbin:/bin` });
  const system = openRights({
    platform: 'linux',
    clock: realClock,
    log: { write: () => undefined },
    terminal: false,
  });
  const change = (verb: 'install' | 'remove') =>
    runScript(verb, { kind: 'root' }, realClock, startWait(realClock, 10_000), script);
  return {
    rights: {
      async status() {
        const status = await system.status();
        // As on a desktop, whatever the machine of the test is.
        return status.system === 'linux' ? { ...status, state: 'absent', elevation: 'pkexec' } : status;
      },
      flashModeAccess: (ids, dfuInterface) => rulesCover(ids, dfuInterface, places),
      install: () => change('install'),
      remove: () => change('remove'),
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
