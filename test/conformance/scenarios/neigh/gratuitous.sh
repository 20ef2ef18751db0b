# title: Gratuitous ARP: arp_notify, drop_gratuitous_arp, arp_accept
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
timeout 6 ip netns exec r tcpdump -n -t -l -i r0 arp > /tmp/hopgarp 2>/dev/null &
sleep 1
ip -n a addr add 10.1.0.50/24 dev e0
sleep 0.3
ip netns exec a sysctl -w net.ipv4.conf.e0.arp_notify=1
ip -n a addr add 10.1.0.51/24 dev e0
sleep 0.3
ip -n a link set e0 down
ip -n a link set e0 up
sleep 0.5
ip -n a link set e0 address 02:00:00:00:00:1a
sleep 0.5
wait
cat /tmp/hopgarp
rm /tmp/hopgarp
ip netns exec r sysctl -w net.ipv4.conf.r0.arp_accept=1
ip netns exec a arping -q -U -c 1 -I e0 10.1.0.50
sleep 0.3
ip -n r neigh show 10.1.0.50
ip -n r neigh flush dev r0
ip netns exec r sysctl -w net.ipv4.conf.r0.arp_accept=0
ip netns exec a arping -q -U -c 1 -I e0 10.1.0.50
sleep 0.3
ip -n r neigh show 10.1.0.50
ip netns exec r sysctl -w net.ipv4.conf.r0.arp_accept=1 net.ipv4.conf.r0.drop_gratuitous_arp=1
ip netns exec a arping -q -U -c 1 -I e0 10.1.0.51
sleep 0.3
ip -n r neigh show 10.1.0.51
