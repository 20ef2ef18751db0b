# title: neighbour discovery on the wire
# tags: ipv6 tcpdump
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
(ip netns exec b timeout 8 tcpdump -lnevi veth0 'icmp6 and ip6[40] != 143' > cap 2> err &)
ip -n b link set veth0 up
sleep 0.7
ip -n a link set veth0 up
sleep 2.5
ip -n a addr add 2001:db8:1::1/64 dev veth0
ip -n b addr add 2001:db8:1::2/64 dev veth0 nodad
sleep 2
ip netns exec a ping -q -c1 2001:db8:1::2
ip netns exec a ping -q -c1 -I veth0 ff02::1
sleep 3
grep -E '2001:db8:1::|135|solicitation, length 32, who' cap | grep -v 'router solicitation' | grep -v "who has fe80::" # cmp: drop /> ff02::1:ff00:(a|b):/ sort
ip netns exec a sh -c 'timeout 4 tcpdump -lni veth0 -c 4 icmp6 and not ip6[40]=143 > cap2 2> err2' &
sleep 0.6
ip -n a neigh flush all; ip -n b neigh flush all
ip netns exec a ping -q -c1 2001:db8:1::2
sleep 1
cat cap2
