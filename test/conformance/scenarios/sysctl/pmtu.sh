# title: min_pmtu, mtu_expires and who learns
# tags: sysctl pmtu
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
ip -n r link set r1 mtu 1400
ip netns exec a sysctl net.ipv4.route.min_pmtu net.ipv4.route.mtu_expires
ip netns exec a ping -c 1 -W 1 -s 1400 -M do 10.2.0.2
ip -n a route get 10.2.0.2
ip netns exec a sysctl -w net.ipv4.route.mtu_expires=2
ip -n a route flush cache
ip netns exec a ping -c 1 -W 1 -s 1400 -M do 10.2.0.2
sleep 3
ip -n a route get 10.2.0.2
ip netns exec a sysctl -w net.ipv4.route.min_pmtu=1450
ip -n a route flush cache
ip netns exec a ping -c 1 -W 1 -s 1400 -M do 10.2.0.2
ip -n a route get 10.2.0.2
