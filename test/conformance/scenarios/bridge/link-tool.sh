# title: bridge link: every form of showing and setting, and what it refuses
# tags: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br0 address 02:00:00:00:00:b0 type bridge
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:f1
ip link add w0 address 02:00:00:00:00:02 type veth peer name w1 address 02:00:00:00:00:f2
ip link set v0 master br0
ip link set br0 up; ip link set v0 up; ip link set v1 up; ip link set w0 up
sleep 1.2
bridge link
bridge -d link
bridge -j link
bridge -d -j -p link
bridge -o -d link
bridge -s link
bridge l
bridge link list
bridge link show dev w0
bridge link show dev
bridge link show br br0
bridge link frob
bridge link set
bridge link set dev
bridge link set dev v0
bridge link set dev v0 frob
bridge link set v0 isolated on
bridge link set dev v0 state forwarding
bridge link set dev v0 state frob
bridge link set dev v0 state 7
bridge link set dev v0 state 4
bridge link show dev v0
bridge link set dev v0 state listening
bridge link show dev v0
bridge link set dev v0 state learning
bridge link set dev v0 state 0
bridge link show dev v0
bridge link set dev v0 state 3
bridge link set dev v0 priority 64
bridge link set dev v0 priority x
bridge link set dev v0 cost x
bridge link set dev v0 cost -5
bridge link set dev v0 cost 65536
bridge link set dev w0 cost 5
bridge link set dev br0 cost 5
bridge link set dev br0 cost 5 self
bridge link set dev v0 cost 5 self
bridge link set dev v0 cost 9 self master
bridge link set dev v0 cost 5 master
bridge link set dev v0 hairpin on guard on root_block on fastleave on mcast_router 2 locked on
bridge -d link show dev v0
bridge link set dev v0 hairpin off guard off root_block off fastleave off locked off mcast_router 1 bcast_flood off mcast_flood off
bridge -d link show dev v0
bridge link set dev v0 hwmode veb
bridge link set dev v0 hwmode foo
bridge link set dev v0 learning_sync on
bridge link set dev v0 nobackup_port
bridge link set dev v0 mcast_router 9
bridge link set dev v0 mcast_flood 1
bridge link set dev v0 isolated
bridge link set dev v0 dev w0
bridge link set dev lo cost 3
ip link set v1 down
bridge link show dev v0
ip link set v0 down
bridge link set dev v0 state 3
bridge link show dev v0
bridge -V
bridge -Z link
bridge -br link
bridge -jp link
bridge -n nope link
bridge -color link
bridge -6 link
bridge -f inet link
bridge
bridge help
bridge link help
