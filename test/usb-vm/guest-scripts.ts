import { readFileSync } from 'node:fs';

/** A script the guest starts with. */
export function guestScript(name: 'first-stage.sh' | 'second-stage.sh'): string {
  return readFileSync(new URL(`guest-scripts/${name}`, import.meta.url), 'utf8');
}
