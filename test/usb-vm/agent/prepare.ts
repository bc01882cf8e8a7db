import {
  chmodSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  chownSync,
  appendFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { accounts } from './accounts.ts';

/** Makes the two ordinary users, and lets them reach the repository; in the guest's overlay only. */
export function prepareFiles(repository: string): void {
  for (const { name, id, home } of Object.values(accounts)) {
    appendFileSync('/etc/passwd', `${name}:x:${id}:${id}::${home}:/bin/sh\n`);
    appendFileSync('/etc/group', `${name}:x:${id}:\n`);
    mkdirSync(home, { recursive: true });
    chownSync(home, id, id);
  }
  const group = readFileSync('/etc/group', 'utf8');
  const withPlugdev = /^plugdev:/m.test(group) ? group : `${group}plugdev:x:46:\n`;
  writeFileSync(
    '/etc/group',
    withPlugdev.replace(/^(plugdev:[^:]*:[^:]*:)(.*)$/m, (_line, start: string, members: string) =>
      [start, ...(members === '' ? [] : [members, ',']), accounts.member.name].join(''),
    ),
  );
  chmodSync('/tmp', 0o1777);
  // A clone may lie in a folder that only its owner may enter.
  for (let folder = repository; folder !== '/'; folder = dirname(folder)) {
    const mode = statSync(folder).mode & 0o7777;
    if ((mode & 0o5) !== 0o5) chmodSync(folder, mode | 0o5);
  }
}
