#!/bin/sh
# Process 1 after the move: network, udevd, the agent; power off when the agent ends, however it ends.
export HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
for word in $(cat /proc/cmdline); do
  case $word in rekindle.*=*) name=${word%%=*}; eval "${name#rekindle.}=\${word#*=}" ;; esac
done
echo "rekindle: second stage $(cut -d' ' -f1 /proc/uptime)"
busybox ip link set lo up
busybox ip addr add 10.0.2.15/24 dev eth0
busybox ip link set eth0 up
busybox ip route add default via 10.0.2.2
mkdir -p /run/udev/rules.d
/lib/systemd/systemd-udevd --daemon
udevadm trigger --subsystem-match=usb --subsystem-match=tty --action=add
echo "rekindle: agent $(cut -d' ' -f1 /proc/uptime)"
"$node" "$agent" "$config"
echo "rekindle: the agent ended with status $?"
sync
busybox poweroff -f
