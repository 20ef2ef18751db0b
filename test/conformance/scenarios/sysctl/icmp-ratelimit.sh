# title: How often a router says the same
# tags: sysctl icmp
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
ip -n r route add unreachable 10.3.0.0/24
ip netns exec a ping -c 9 -i 0.02 -W 0.5 10.3.0.9 > /tmp/hopping
grep -c Unreachable /tmp/hopping
ip netns exec r sysctl -w net.ipv4.icmp_ratelimit=0
sleep 6
ip netns exec a ping -c 9 -i 0.02 -W 0.5 10.3.0.9 > /tmp/hopping
grep -c Unreachable /tmp/hopping
ip netns exec a ping -c 9 -i 0.02 -W 0.5 -t 1 10.2.0.2 > /tmp/hopping
grep -c exceeded /tmp/hopping
ip netns exec r sysctl -w net.ipv4.icmp_ratelimit=1000 net.ipv4.icmp_ratemask=0
ip netns exec a ping -c 9 -i 0.02 -W 0.5 -t 1 10.2.0.2 > /tmp/hopping
grep -c exceeded /tmp/hopping
ip netns exec r sysctl -w net.ipv4.icmp_ratemask=6168
sleep 8
ip netns exec a ping -c 9 -i 0.02 -W 0.5 -t 1 10.2.0.2 > /tmp/hopping
grep -c exceeded /tmp/hopping
rm /tmp/hopping
