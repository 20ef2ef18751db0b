# title: a bridge drops what does not fit its port, and says nothing
# tags: bridge
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add br0 address 02:00:00:00:00:b0 type bridge; ip link set br0 up
for i in 1 2; do ip netns add h$i; ip netns exec h$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; ip link add p$i address 02:00:00:00:02:0$i type veth peer name e0 netns h$i address 02:00:00:00:01:0$i; ip link set p$i master br0 up; ip -n h$i addr add 10.0.0.$i/24 dev e0; ip -n h$i link set e0 up; done
sleep 2.5
ip link set p2 mtu 1400
ip netns exec h1 ping -q -c 1 -W 1 -M do -s 1372 10.0.0.2
ip netns exec h1 ping -q -c 1 -W 1 -M do -s 1373 10.0.0.2
ip netns exec h1 ping -q -c 1 -W 1 -M do -s 1376 10.0.0.2
ip netns exec h1 ping -q -c 1 -W 1 -M do -s 1377 10.0.0.2
ip netns exec h1 ping -q -c 1 -W 1 -M do -s 1472 10.0.0.2
ip -n h2 link set e0 mtu 1400
ip netns exec h1 ping -q -c 1 -W 1 -M do -s 1376 10.0.0.2
ip -n h1 link set e0 mtu 1400
ip netns exec h1 ping -q -c 1 -W 1 -s 3000 10.0.0.2
ip link set p2 mtu 1300
sysctl -w net.bridge.bridge-nf-call-iptables=0
ip netns exec h1 ping -q -c 1 -W 1 -M do -s 1276 10.0.0.2
ip netns exec h1 ping -q -c 1 -W 1 -M do -s 1277 10.0.0.2
ip link set br0 type bridge nf_call_iptables 1
ip netns exec h1 ping -q -c 1 -W 1 -M do -s 1276 10.0.0.2
ip netns exec h1 ping -q -c 1 -W 1 -M do -s 1272 10.0.0.2
