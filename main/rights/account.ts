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

/** Who asks, as rules see it. */
export interface Account {
  readonly root: boolean;
  readonly name: string;
  /** At the screen: whom uaccess lets in. */
  readonly atSeat: boolean;
  /** Whether it has a group's rights now; undefined for a group that cannot be looked up. By name or number. */
  readonly inGroup: (group: string) => boolean | undefined;
  /** The same once it has logged in again. */
  readonly willBeInGroup: (group: string) => boolean | undefined;
}

/** Looks up who asks. Never rejects. */
export async function accountOf(places: AccountPlaces = ownPlaces()): Promise<Account> {
  const rows = (await readText(places.groupFile)).split('\n').map((line) => line.trim().split(':'));
  const inGroup = (group: string): boolean | undefined => {
    const id = /^\d+$/.test(group) ? group : rows.find(([name]) => name === group)?.[2];
    return id !== undefined && /^\d+$/.test(id) ? places.groups.includes(Number(id)) : undefined;
  };
  return {
    root: places.uid === 0,
    name: places.name,
    atSeat: await sitsAtSeat(places),
    inGroup,
    willBeInGroup: (group) => {
      const row = rows.find(([name, , id]) => name === group || id === group);
      return row?.[3]?.split(',').includes(places.name) === true || inGroup(group);
    },
  };
}

/** How the rule would let this account in. Never rejects; where nothing can be read the answer is `neither`. */
export async function accountReach(places: AccountPlaces = ownPlaces()): Promise<AccountReach> {
  const account = await accountOf(places);
  if (account.root) return 'root';
  if (account.inGroup(groupName) === true) return 'group';
  if (account.atSeat) return 'seat';
  return account.willBeInGroup(groupName) === true ? 'group-after-login' : 'neither';
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
