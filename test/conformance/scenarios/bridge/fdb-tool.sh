# title: bridge fdb: adding, replacing, deleting, filtering
# tags: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br0 address 02:00:00:00:00:b0 type bridge
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:f1
ip link add w0 address 02:00:00:00:00:02 type veth peer name w1 address 02:00:00:00:00:f2
ip link set v0 master br0
ip link set br0 up; ip link set v0 up; ip link set v1 up; ip link set w0 up
sleep 1.2
bridge fdb
bridge fdb add 02:00:00:00:00:11 dev v0
bridge fdb add 02:00:00:00:00:12 dev v0 master
bridge fdb add 02:00:00:00:00:13 dev v0 master static
bridge fdb add 02:00:00:00:00:14 dev v0 master dynamic
bridge fdb add 02:00:00:00:00:15 dev v0 master temp
bridge fdb add 02:00:00:00:00:16 dev v0 master local
bridge fdb add 02:00:00:00:00:18 dev v0 master dynamic extern_learn
bridge fdb add 02:00:00:00:00:19 dev v0 master static sticky
bridge fdb add 02:00:00:00:00:1a dev v0 master sticky
bridge fdb add 02:00:00:00:00:1b dev v0 master dynamic sticky
bridge fdb add 02:00:00:00:00:1c dev v0 master use
bridge fdb add 02:00:00:00:00:1e dev br0
bridge fdb add 02:00:00:00:00:1f dev br0 self
bridge fdb add 02:00:00:00:00:20 dev br0 master
bridge fdb add 02:00:00:00:00:11 dev br0 self static
bridge fdb add 02:00:00:00:00:21 dev v0 self master
bridge fdb add 02:00:00:00:00:22 dev w0
bridge fdb add 02:00:00:00:00:22 dev w0 self
bridge fdb add 02:00:00:00:00:24 dev w0 master
bridge fdb add 01:00:5e:01:02:03 dev v0 self
bridge fdb add 02:00:00:00:00:25 dev v0 vlan 10 master
bridge fdb add 02:00:00:00:00:26 dev v0 master vlan 5000
bridge fdb add 00:00:00:00:00:00 dev v0 master
bridge fdb add 02:00:00 dev v0 master
bridge fdb add zz dev v0 master
bridge fdb add dev v0
bridge fdb add 02:00:00:00:00:28
bridge fdb add
bridge fdb add 02:00:00:00:00:28 dev nope master
bridge fdb add 02:00:00:00:00:28 dev v0 frob
bridge fdb add 02:00:00:00:00:14 dev lo self
bridge fdb add 02:00:00:00:00:15 dev v0 vni x
bridge fdb add 02:00:00:00:00:15 dev v0 port x
bridge fdb add 02:00:00:00:00:15 dev v0 dst x
bridge fdb add 02:00:00:00:00:15 dev v0 via nope
bridge fdb add 02:00:00:00:00:15 dev v0 nhid 1 dst 1.1.1.1
bridge fdb add 02:00:00:00:00:15 dev v0 master static vlan 3 vlan 4
bridge fdb replace 02:00:00:00:00:13 dev v0 master dynamic
bridge fdb append 02:00:00:00:00:30 dev v0 master static
bridge fdb replace 02:00:00:00:00:31 dev v0 master static
bridge fdb change 02:00:00:00:00:13 dev v0 master static
bridge fdb show dev v0
bridge fdb show br br0
bridge -s fdb show br br0   # cmp: mask /used [0-9]+\/[0-9]+/
bridge -j fdb show dev v0
bridge -j -p fdb show br br0 brport v0
bridge fdb show br nope
bridge fdb show dev nope
bridge fdb show dynamic
bridge fdb show state static
bridge fdb show state permanent
bridge fdb show state stale
bridge fdb show state frob
bridge fdb show vlan 1
bridge fdb show br
bridge fdb show brport w0
bridge fdb show br w0
bridge fdb show dynamic br br0
ip -d link show v0 | grep -o 'promiscuity [0-9]'
bridge fdb del 02:00:00:00:00:12 dev v0
bridge fdb del 02:00:00:00:00:12 dev v0 master
bridge fdb del 02:00:00:00:00:99 dev v0 master
bridge fdb del 02:00:00:00:00:1f dev br0 self
bridge fdb del 02:00:00:00:00:22 dev w0
bridge fdb del 02:00:00:00:00:22 dev w0
bridge fdb del 01:00:5e:01:02:03 dev v0 self
bridge fdb del 02:00:00:00:00:13
bridge fdb del dev v0
bridge fdb del 02:00:00:00:00:13 dev v0 vlan 3 master
bridge fdb delete 02:00:00:00:00:13 dev v0 master
bridge fdb show br br0
ip link set v0 down
bridge fdb add 02:00:00:00:00:21 dev v0 master dynamic
bridge fdb add 02:00:00:00:00:2a dev v0 master static
bridge fdb show dev v0 | grep -v 33:33
ip link set v0 nomaster
bridge fdb show dev v0 | grep -v 33:33
bridge fdb show br br0
bridge fdb frob
bridge fdb help
