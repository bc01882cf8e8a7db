// Which addresses on the web are fetched from. A profile, an index or a server may be anybody's: none of them may have this
// computer knock at doors within its own network.
import { BlockList, isIP, isIPv4 } from 'node:net';
import type { UpdateErrorParams } from '../../shared/errors/update-codes.ts';

export type AddressProblem = UpdateErrorParams['update.address']['why'];

/** IPv4 that is not of the internet at large (the registry of special-purpose addresses, RFC 6890). */
const special = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  special.addSubnet(net, prefix, 'ipv4');
}

/** IPv6 the other way round: of what is given out, less what carries an IPv4 address in it. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
const carriers = new BlockList();
carriers.addSubnet('2001::', 32, 'ipv6');
carriers.addSubnet('2002::', 16, 'ipv6');
carriers.addSubnet('2001:db8::', 32, 'ipv6');

const nat64 = new BlockList();
nat64.addSubnet('64:ff9b::', 96, 'ipv6');

/** Names that networks use for their own. */
const privateEndings = ['localhost', 'local', 'internal', 'intranet', 'lan', 'home', 'corp', 'home.arpa'];

/** Whether this address, as a name was looked up to, is on the internet at large. */
export function isPublicIp(ip: string): boolean {
  const bare = ip.replace(/%.*$/, '');
  if (isIPv4(bare)) return !special.check(bare, 'ipv4');
  const within = translated(bare);
  if (within !== undefined) return !special.check(within, 'ipv4');
  return isIP(bare) === 6 && global.check(bare, 'ipv6') && !carriers.check(bare, 'ipv6');
}

/** The IPv4 address that a network without any wraps in IPv6 (NAT64, RFC 6052): GitHub is met so there. */
function translated(ip: string): string | undefined {
  if (isIP(ip) !== 6 || !nat64.check(ip, 'ipv6')) return undefined;
  const groups = ip.split(':');
  const last = groups.at(-1) ?? '';
  if (isIPv4(last)) return last;
  const [high = 0, low = 0] = [groups.at(-2), last].map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** Whether the name alone says that it is of somebody's own network. */
export function isPrivateName(hostname: string): boolean {
  const host = bareHost(hostname);
  if (isIP(host) !== 0) return !isPublicIp(host);
  return !host.includes('.') || privateEndings.some((end) => host === end || host.endsWith(`.${end}`));
}

/** `[::1]` as `::1`, `Example.org.` as `example.org`. */
export function bareHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/**
 * Why nothing is fetched from there; undefined where nothing stands against it.
 * @param ownHost a host that the person has named, which may be in the person's own network
 */
export function addressProblem(address: string, ownHost?: string): AddressProblem | undefined {
  const url = URL.parse(address);
  if (url === null || url.hostname === '') return 'not-an-address';
  if (url.protocol !== 'https:') return 'not-https';
  if (url.username !== '' || url.password !== '') return 'credentials';
  if (isPrivateName(url.hostname) && bareHost(url.hostname) !== ownHost) return 'private';
  return undefined;
}
