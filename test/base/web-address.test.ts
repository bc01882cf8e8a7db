import { describe, expect, it } from 'vitest';
import { addressProblem, isPublicIp } from '../../main/base/web-address.ts';

describe('an address that is fetched from', () => {
  it.each([
    'https://example.org/index.json',
    'https://api.github.com/repos/acme/rocket/releases',
    'https://firmware.example.co.uk:8443/x?y=1',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1:248:1893:25c8:1946]/',
  ])('may be %s', (address) => {
    expect(addressProblem(address)).toBeUndefined();
  });

  it.each([
    ['http://example.org/', 'not-https'],
    ['file:///etc/passwd', 'not-an-address'],
    ['data:text/plain,x', 'not-an-address'],
    ['ftp://example.org/', 'not-https'],
    ['javascript:alert(1)', 'not-an-address'],
    ['\\\\server\\share', 'not-an-address'],
    ['https://', 'not-an-address'],
    ['https://user:secret@example.org/', 'credentials'],
    ['https://localhost/', 'private'],
    ['https://localhost./', 'private'],
    ['https://LOCALHOST:8443/', 'private'],
    ['https://router/', 'private'],
    ['https://nas.local/', 'private'],
    ['https://wiki.corp/', 'private'],
    ['https://127.0.0.1/', 'private'],
    ['https://2130706433/', 'private'],
    ['https://0x7f.1/', 'private'],
    ['https://0177.0.0.1/', 'private'],
    ['https://10.1.2.3/', 'private'],
    ['https://192.168.1.1/', 'private'],
    ['https://172.31.0.1/', 'private'],
    ['https://169.254.169.254/latest/meta-data', 'private'],
    ['https://100.64.0.1/', 'private'],
    ['https://0.0.0.0/', 'private'],
    ['https://[::1]/', 'private'],
    ['https://[::]/', 'private'],
    ['https://[fe80::1]/', 'private'],
    ['https://[fd00::1]/', 'private'],
    ['https://[::ffff:127.0.0.1]/', 'private'],
    ['https://[::ffff:8.8.8.8]/', 'private'],
    ['https://[64:ff9b::7f00:1]/', 'private'],
    ['https://[2002:7f00:1::]/', 'private'],
  ])('is never %s', (address, why) => {
    expect(addressProblem(address)).toBe(why);
  });

  it('may be in the network of whoever named it, and then that host alone', () => {
    expect(addressProblem('https://nas.local/x', 'nas.local')).toBeUndefined();
    expect(addressProblem('https://router.local/x', 'nas.local')).toBe('private');
    expect(addressProblem('http://nas.local/x', 'nas.local')).toBe('not-https');
  });
});

describe('an address that a name leads to', () => {
  it('is of the internet, or not', () => {
    expect(
      ['8.8.8.8', '172.32.0.1', '2606:4700::1', '64:ff9b::8c52:7903', '64:ff9b::8.8.8.8'].every(isPublicIp),
    ).toBe(true);
    expect(
      [
        '127.0.0.1',
        '10.0.0.1',
        '192.168.0.1',
        '::1',
        'fe80::1%eth0',
        '::ffff:10.0.0.1',
        '64:ff9b::a00:1',
        '64:ff9b::1',
        '64:ff9b::192.168.0.1',
        '255.255.255.255',
        'x',
      ].some(isPublicIp),
    ).toBe(false);
  });
});
