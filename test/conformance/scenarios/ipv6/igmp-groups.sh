# title: groups of IPv4
# tags: igmp
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip netns exec a cat /proc/net/igmp
ip -n a link set lo up
ip -n b link set veth0 up
ip netns exec a cat /proc/net/igmp
(ip netns exec b timeout 6 tcpdump -lnvi veth0 igmp > cap 2> err &)
sleep 0.6
ip -n a link set veth0 up
ip -n a addr add 10.0.0.1/24 dev veth0
ip -n a addr add 10.0.1.1/24 dev veth0
sleep 2
ip netns exec a cat /proc/net/igmp
ip -n a maddr
ip -n a -4 maddr show dev veth0
ip -n a maddr add 01:00:5e:00:00:05 dev veth0
ip -n a maddr add 33:33:00:00:00:77 dev veth0
ip -n a maddr add 33:33:00:00:00:77 dev veth0
ip -n a maddr show dev veth0
ip -n a maddr del 33:33:00:00:00:77 dev veth0
ip -n a maddr del 33:33:00:00:00:78 dev veth0
ip -n a link set veth0 down
ip netns exec a cat /proc/net/igmp
ip -n a maddr show dev veth0
sleep 2
cat cap
