// Whether the rule reaches this account: by the group it names, or by sitting at the screen (uaccess).
import { readdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import type { AccountReach } from '../../shared/rights.ts';

/** The group the rule names. */
const groupName = 'plugdev';

/** Who asks, and where the system notes groups and seats; tests bring their own. */
export interface AccountPlaces {
  readonly groupFile: string;
  /** logind's notes, one file a seat (what sd_seat_get_active reads, and uaccess acts on). */
  readonly seatFolder: string;
  readonly uid: number;
  readonly name: string;
  /** Groups this process has: those of the login, whatever was changed since. */
  readonly groups: readonly number[];
}

/** How the rule would let this account in. Never rejects; where nothing can be read the answer is `neither`. */
export async function accountReach(places: AccountPlaces = ownPlaces()): Promise<AccountReach> {
  if (places.uid === 0) return 'root';
  const line = (await readText(places.groupFile)).split('\n').find((one) => one.startsWith(`${groupName}:`));
  const [, , id = '', members = ''] = (line ?? '').trim().split(':');
  if (/^\d+$/.test(id) && places.groups.includes(Number(id))) return 'group';
  if (await sitsAtSeat(places)) return 'seat';
  return members.split(',').includes(places.name) ? 'group-after-login' : 'neither';
}

async function sitsAtSeat({ seatFolder, uid }: AccountPlaces): Promise<boolean> {
  let seats: string[];
  try {
    seats = await readdir(seatFolder);
  } catch {
    return false;
  }
  for (const seat of seats) {
    const active = /^ACTIVE_UID=(\d+)$/m.exec(await readText(path.join(seatFolder, seat)))?.[1];
    if (active !== undefined && Number(active) === uid) return true;
  }
  return false;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

function ownPlaces(): AccountPlaces {
  const uid = process.geteuid?.() ?? -1;
  return {
    groupFile: '/etc/group',
    seatFolder: '/run/systemd/seats',
    uid,
    name: ownName(),
    groups: [...(process.getgroups?.() ?? []), process.getegid?.() ?? -1],
  };
}

/** An account without an entry has no name. */
function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
