# title: A mark on the answer: fwmark_reflect with a rule
# tags: sysctl mark rule
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
ip -n b rule add fwmark 7 table 100
ip -n b route add unreachable default table 100
ip netns exec a ping -c 1 -W 1 -m 7 10.2.0.2
ip -n a rule add fwmark 9 table 90
ip -n a route add unreachable default table 90
ip netns exec a ping -c 1 -W 1 -m 9 10.2.0.2
ip netns exec a ping -c 1 -W 1 -m 8 10.2.0.2
ip netns exec a sysctl -w net.ipv4.fwmark_reflect=1
