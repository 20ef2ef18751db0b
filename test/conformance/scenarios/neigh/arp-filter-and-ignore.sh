# title: arp_ignore 0 to 8, arp_filter, arp_announce
# tags: neigh arp sysctl
ip netns add a
ip netns add r
ip netns add b
ip link add e0 netns a address 02:00:00:00:00:0a type veth peer name r0 netns r address 02:00:00:00:01:0a
ip link add e0 netns b address 02:00:00:00:00:0b type veth peer name r1 netns r address 02:00:00:00:01:0b
ip -n a addr add 10.1.0.2/24 dev e0
ip -n r addr add 10.1.0.1/24 dev r0
ip -n r addr add 10.2.0.1/24 dev r1
ip -n b addr add 10.2.0.2/24 dev e0
ip -n a link set lo up
ip -n a link set e0 up
ip -n r link set lo up
ip -n r link set r0 up
ip -n r link set r1 up
ip -n b link set lo up
ip -n b link set e0 up
ip -n a route add default via 10.1.0.1
ip -n b route add default via 10.2.0.1
ip netns exec r sysctl -q -w net.ipv4.ip_forward=1
sleep 2
ip netns exec a arping -c 1 -I e0 10.2.0.1 | grep -c Unicast
ip netns exec r sysctl -w net.ipv4.conf.r0.arp_ignore=1
ip netns exec a arping -c 1 -I e0 10.2.0.1 | grep -c Unicast
ip netns exec a arping -c 1 -I e0 10.1.0.1 | grep -c Unicast
ip netns exec r sysctl -w net.ipv4.conf.r0.arp_ignore=2
ip netns exec a arping -c 1 -I e0 10.1.0.1 | grep -c Unicast
ip -n a addr add 10.7.0.2/24 dev e0
ip netns exec a arping -c 1 -I e0 -s 10.7.0.2 10.1.0.1 | grep -c Unicast
ip netns exec r sysctl -w net.ipv4.conf.r0.arp_ignore=3
ip -n r addr add 10.1.0.60/24 dev r0 scope link
ip -n r addr add 10.1.0.61/24 dev r0 scope host
ip netns exec a arping -c 1 -I e0 10.1.0.60 | grep -c Unicast
ip netns exec a arping -c 1 -I e0 10.1.0.61 | grep -c Unicast
ip netns exec r sysctl -w net.ipv4.conf.r0.arp_ignore=8
ip netns exec a arping -c 1 -I e0 10.1.0.1 | grep -c Unicast
ip netns exec r sysctl -w net.ipv4.conf.r0.arp_ignore=0 net.ipv4.conf.r0.arp_filter=1
ip netns exec a arping -c 1 -I e0 10.2.0.1 | grep -c Unicast
ip -n r route add 10.1.0.2/32 dev r1
ip netns exec a arping -c 1 -I e0 10.1.0.1 | grep -c Unicast
