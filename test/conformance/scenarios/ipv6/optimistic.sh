# title: addresses used before they are proven
# tags: ipv6 addr dad
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip netns exec a sysctl -qw net.ipv6.conf.veth0.optimistic_dad=1
sleep 2
ip -n a addr add 2001:db8:1::1/64 dev veth0 optimistic
ip -n a -6 addr show dev veth0 scope global | grep -o 'optimistic'
ip -n a -6 route show table local
sleep 2
ip -n a -6 addr show dev veth0 scope global
ip netns exec a sysctl -w net.ipv6.conf.veth0.dad_transmits=0
ip -n a addr add 2001:db8:1::2/64 dev veth0
ip -n a -6 addr show dev veth0 scope global
ip netns exec a sysctl -w net.ipv6.conf.veth0.dad_transmits=3
ip -n a addr add 2001:db8:1::3/64 dev veth0
sleep 2
ip -n a -6 addr show dev veth0 to 2001:db8:1::3 tentative | wc -l
sleep 2
ip -n a -6 addr show dev veth0 to 2001:db8:1::3 tentative | wc -l
