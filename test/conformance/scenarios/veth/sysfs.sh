# title: files of a veth interface under /sys and /proc
# tags: veth sysfs
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
ls /sys/class/net
cd /sys/class/net/v0; cat address mtu operstate flags ifindex iflink tx_queue_len type addr_len broadcast dev_id
cat carrier
cat speed
cat duplex
ip link set v0 up
cat carrier operstate flags dormant carrier_changes
ip link set v1 up
sleep 1.2
cat carrier operstate flags carrier_changes carrier_up_count carrier_down_count
cat speed duplex
cat ifalias
echo hello > ifalias
cat ifalias
ip link show v0
echo 1400 > mtu
echo 10 > mtu
ip link show v0
cat address; echo 02:00:00:00:00:09 > address
cat name_assign_type addr_assign_type link_mode netdev_group
cat uevent
readlink /sys/class/net/v0
readlink -f /sys/class/net/v0
test -d /sys/class/net/v0/device; echo $?
test -d /sys/class/net/v0/statistics; echo $?
ls statistics
ls -d queues/*
cd; ip link del v0
ls /sys/class/net
cat /sys/class/net/v0/mtu
cat /proc/net/dev
cat /proc/net/if_inet6
