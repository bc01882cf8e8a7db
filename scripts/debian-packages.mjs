import { existsSync } from 'node:fs';

/** What the tests need beyond npm: a file that shows it is there, and the Debian package that brings it. */
const wanted = [
  ['/usr/bin/qemu-system-x86_64', 'qemu-system-x86'],
  ['/usr/sbin/usbip', 'usbip'],
  ['/bin/busybox', 'busybox-static'],
  ['/usr/bin/udevadm', 'udev'],
  ['/usr/sbin/modprobe', 'kmod'],
  ['/usr/bin/cpio', 'cpio'],
  ['/usr/bin/dfu-util', 'dfu-util'],
  ['/usr/sbin/mkfs.ext4', 'e2fsprogs'],
  ['/usr/bin/objcopy', 'binutils'],
  ['/usr/bin/pkexec', 'pkexec'],
  ['/usr/lib/polkit-1/polkitd', 'polkitd'],
  ['/usr/bin/dbus-daemon', 'dbus'],
  ['/usr/bin/chromium', 'chromium'],
  ['/usr/bin/zip', 'zip'],
];

export function missingTestPackages() {
  if (process.platform !== 'linux') return [];
  return wanted.filter(([path]) => !existsSync(path)).map(([, name]) => name);
}
