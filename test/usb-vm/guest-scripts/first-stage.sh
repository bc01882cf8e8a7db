#!/bin/busybox sh
# /init of the initrd: loads the modules, puts a throw-away overlay over the host's root, and moves there.
busybox=/bin/busybox
$busybox mount -t proc proc /proc
$busybox mount -t sysfs sysfs /sys
$busybox mount -t devtmpfs devtmpfs /dev
while read -r module; do $busybox insmod "/modules/$module" || echo "rekindle: no $module"; done < /modules/order
$busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /host || echo 'rekindle: no host files'
$busybox mount -t tmpfs -o size=75% tmpfs /overlay
$busybox mkdir -p /overlay/upper /overlay/work /overlay/root
$busybox mount -t overlay -o lowerdir=/host,upperdir=/overlay/upper,workdir=/overlay/work overlay /overlay/root
root=/overlay/root
for folder in proc sys dev run tmp; do $busybox mkdir -p $root/$folder; done
$busybox mount -t proc proc $root/proc
$busybox mount -t sysfs sysfs $root/sys
$busybox mount -t devtmpfs devtmpfs $root/dev
$busybox mkdir -p $root/dev/pts $root/dev/shm
$busybox mount -t devpts devpts $root/dev/pts
$busybox mount -t tmpfs tmpfs $root/dev/shm
$busybox mount -t tmpfs tmpfs $root/run
$busybox mkdir -p $root/run/rekindle
$busybox cp /second-stage.sh $root/run/rekindle/
$busybox umount /proc /sys /dev
exec $busybox switch_root $root /bin/sh /run/rekindle/second-stage.sh
