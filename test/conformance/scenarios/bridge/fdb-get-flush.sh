# title: bridge fdb get and flush
# tags: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br0 address 02:00:00:00:00:b0 type bridge
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:f1
ip link add w0 address 02:00:00:00:00:02 type veth peer name w1 address 02:00:00:00:00:f2
ip link set v0 master br0
ip link set br0 up; ip link set v0 up; ip link set v1 up; ip link set w0 up
sleep 1.2
for i in 1 2 3; do bridge fdb add 02:00:00:00:01:0$i dev v0 master static; bridge fdb add 02:00:00:00:02:0$i dev v0 master dynamic; bridge fdb add 02:00:00:00:03:0$i dev v0 master dynamic extern_learn; bridge fdb add 02:00:00:00:04:0$i dev v0 master static sticky; done
bridge fdb get 02:00:00:00:01:01 br br0
bridge fdb get 02:00:00:00:01:01 dev v0
bridge fdb get 02:00:00:00:01:01 dev v0 master
bridge fdb get 02:00:00:00:01:01 brport v0
bridge fdb get to 02:00:00:00:01:01 br br0
bridge fdb get 02:00:00:00:00:16 dev br0
bridge fdb get 02:00:00:00:00:b0 dev br0 self
bridge fdb get 02:00:00:00:01:01
bridge fdb get 02:00:00:00:01:01 br nope
bridge fdb get 02:00:00:00:01:01 dev nope
bridge fdb get zz br br0
bridge fdb get br br0
bridge fdb get
bridge fdb get 02:00:00:00:01:01 dev v0 self
bridge fdb get 02:00:00:00:00:02 dev w0
bridge fdb get 02:00:00:00:00:02 br w0
bridge fdb get 02:00:00:00:01:01 br br0 dev v0
bridge fdb get 02:00:00:00:01:01 br br0 vlan 5
bridge fdb get 02:00:00:00:01:01 br br0 vlan 5000
bridge fdb get 02:00:00:00:01:01 br br0 dynamic
bridge fdb get 02:00:00:00:00:01 br br0 dynamic
bridge fdb get 02:00:00:00:01:01 br br0 frob
bridge -j fdb get 02:00:00:00:02:01 br br0
bridge -s fdb get 02:00:00:00:02:01 br br0   # cmp: mask /used [0-9]+\/[0-9]+/
bridge fdb show dev v0 | grep master
bridge fdb flush
bridge fdb flush dev nope
bridge fdb flush dev v0
bridge fdb flush dev br0 brport w0
bridge fdb flush dev br0 brport nope
bridge fdb flush dev br0 vlan 5000
bridge fdb flush dev br0 vlan 3
bridge fdb flush dev br0 extern_learn; bridge fdb show dev v0 | grep master
bridge fdb flush dev br0 sticky; bridge fdb show dev v0 | grep master
bridge fdb flush dev br0 brport v0 dynamic; bridge fdb show dev v0 | grep master
bridge fdb flush dev v0 master static; bridge fdb show dev v0 | grep master
bridge fdb add 02:00:00:00:01:07 dev v0 master static
bridge fdb flush dev br0 added_by_user nopermanent; bridge fdb show br br0
bridge fdb flush dev br0; bridge fdb show br br0
bridge fdb flush dev br0 frob
