# title: what a bridge learns, forgets and moves
# tags: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br0 address 02:00:00:00:00:b0 type bridge ageing_time 300
ip link set br0 up
for i in 1 2 3; do ip netns add h$i; ip netns exec h$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; ip link add p$i address 02:00:00:00:02:0$i type veth peer name e0 netns h$i address 02:00:00:00:01:0$i; ip link set p$i master br0 up; ip -n h$i addr add 10.0.0.$i/24 dev e0; ip -n h$i link set e0 up; done
forget() { for i in 1 2 3; do ip -n h$i neigh flush all; done; }
sleep 1.2
ip netns exec h1 ping -q -c 1 -W 1 10.0.0.2
forget; bridge fdb show br br0 dynamic | sort
sleep 4
bridge fdb show br br0 dynamic | sort
ip link set br0 type bridge ageing_time 30000
ip netns exec h1 ping -q -c 1 -W 1 10.0.0.2
forget; bridge fdb show br br0 dynamic | sort
ip link set br0 type bridge fdb_flush; bridge fdb show br br0 dynamic
bridge fdb add 02:00:00:00:01:02 dev p3 master static
ip netns exec h1 ping -q -c 1 -W 1 10.0.0.2
bridge fdb show br br0 | grep 01:02
bridge fdb del 02:00:00:00:01:02 dev p2 master; bridge fdb add 02:00:00:00:01:02 dev p3 master dynamic; bridge fdb show br br0 | grep 01:02
forget; ip netns exec h2 ping -q -c 1 -W 1 10.0.0.3
bridge fdb show br br0 | grep 01:02
forget; bridge fdb replace 02:00:00:00:01:02 dev p3 master static sticky; bridge fdb show br br0 | grep 01:02
ip netns exec h2 ping -q -c 1 -W 1 10.0.0.3
bridge fdb show br br0 | grep 01:02
forget; bridge fdb del 02:00:00:00:01:02 dev p3 master
ip link set br0 type bridge ageing_time 0
ip netns exec h1 ping -q -c 1 -W 1 10.0.0.2
bridge fdb show br br0 dynamic
forget; ip link set br0 type bridge ageing_time 30000
bridge link set dev p1 learning off; bridge fdb flush dev br0 dynamic
ip netns exec h1 ping -q -c 1 -W 1 10.0.0.2
bridge fdb show br br0 dynamic
bridge link set dev p1 locked on; forget
ip netns exec h1 ping -q -c 1 -W 1 10.0.0.2
bridge fdb add 02:00:00:00:01:01 dev p1 master static; forget
ip netns exec h1 ping -q -c 1 -W 1 10.0.0.2
ip link set p1 down
bridge fdb show br br0 | grep -e 01:01 -e 01:02
ip link set p2 nomaster
bridge fdb show br br0 | grep -e 01:01 -e 01:02
