# title: Lines about devices that start-up scripts often hold: ethtool, queues, multicast, names under /sys
# tags: ethtool link sysfs
sysctl -qw net.ipv6.conf.default.accept_dad=0
ip link add eth0 address 02:00:00:00:00:01 type veth peer name eth1 address 02:00:00:00:00:02
ip link set eth0 up; ip link set eth1 up
ethtool -K eth0 tx off
ethtool -k eth0 | grep -e checksum -e segmentation
ethtool -K eth0 rx off tx on gso off gro on
ethtool -k eth0 | grep -c ': on'
ethtool -K eth0 nosuch off
ethtool -K nodev tx off
ethtool -i eth0 | grep -v version
ethtool eth0
ethtool -S eth0 | head -2
ethtool nodev
ethtool -a eth0
ethtool -s eth0 speed 100 duplex full
ethtool -P eth0
ethtool -l eth0
ethtool -g eth0
ip link set eth0 txqueuelen 500
cat /sys/class/net/eth0/tx_queue_len
cat /sys/class/net/eth0/{address,mtu,operstate,carrier,flags,type,ifindex,iflink,dev_id,speed,duplex}
cat /sys/class/net/eth0/statistics/rx_errors
echo 1400 > /sys/class/net/eth0/mtu; ip link show eth0
echo abc > /sys/class/net/eth0/mtu
echo 5 > /sys/class/net/eth0/ifindex
ls -d /sys/class/net/eth0/brport /sys/class/net/eth0/queues
ls /sys/class/net/eth0/queues
[ -d /sys/class/net/eth0 ] && echo there; [ -e /sys/class/net/eth7 ] || echo not there
basename $(readlink /sys/class/net/eth0)
for f in /sys/class/net/*; do echo "$(basename $f) $(cat $f/operstate)"; done
ip link set eth0 arp off; ip link show eth0
ip link set eth0 multicast off promisc on; ip link show eth0
ip link set dev eth0 arp on multicast on promisc off
ip link set eth0 allmulticast on; ip -d link show eth0 | head -2
ip maddr add 33:44:00:00:00:01 dev eth0
ip maddr show dev eth0 | grep -v ff02::1:ff # cmp: sort
ip maddr del 33:44:00:00:00:01 dev eth0
ip maddr del 33:44:00:00:00:01 dev eth0
ip maddr show dev nodev
ip link set eth0 group 42; ip link show group 42
echo "42 lab" > /etc/iproute2/group; ip link show group lab; ip link set group lab down; ip -br link show group lab
ip link set eth0 group default
ip link set eth0 numtxqueues 3
ip link add e2 numtxqueues 3 numrxqueues 2 type veth; ip -d link show e2 | grep -o 'numtxqueues [0-9]* numrxqueues [0-9]*'
ip link set eth0 addrgenmode none; ip link set eth0 up; ip -6 addr show eth0
ip link set eth0 addrgenmode eui64; ip -6 addr show eth0
ip link set eth0 protodown on; ip link show eth0
ip -s link show eth1 | tail -4 | head -1
ip -s -s link show lo
