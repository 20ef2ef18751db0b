# title: fragments on the wire
# tags: ipv6 fragment tcpdump
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n b addr add 2001:db8:1::2/64 dev veth0 nodad
sleep 2
ip netns exec a ping -q -c1 2001:db8:1::2
(ip netns exec b timeout 4 tcpdump -lnv -c 8 -i veth0 'ip6 proto 44' > cap 2> err &)
sleep 0.6
ip netns exec a ping -q -c1 -s 3000 2001:db8:1::2
sleep 0.5
ip netns exec a ping -q -c1 -s 1453 2001:db8:1::2
sleep 3
cat cap # cmp: mask /0x[0-9a-f]{8}|flowlabel 0x[0-9a-f]+/
