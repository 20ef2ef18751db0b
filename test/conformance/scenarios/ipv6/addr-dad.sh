# title: two machines with one address
# tags: ipv6 addr dad
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n b addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n b addr add 2001:db8:1::2/64 dev veth0 nodad
sleep 2
ip -n a addr add 2001:db8:1::1/64 dev veth0
ip -n a -6 addr show tentative | wc -l
sleep 2
ip -n a -6 addr show dev veth0
ip -n a -6 addr show dadfailed
ip -n a -6 route
ip -n a -6 route show table local
ip netns exec a ping -c1 -W1 2001:db8:1::2
ip -n b addr del 2001:db8:1::1/64 dev veth0
ip -n a link set veth0 down; ip -n a link set veth0 up
sleep 2.5
ip -n a -6 addr show dev veth0
ip -n a addr add 2001:db8:1::1/64 dev veth0
sleep 2
ip -n a -6 addr show dev veth0
ip -n b addr add 2001:db8:1::1/64 dev veth0 valid_lft 100
sleep 2
ip -n b -6 addr show dev veth0 scope global
ip netns exec b sysctl -qw net.ipv6.conf.veth0.accept_dad=2
ip -n b addr add 2001:db8:1::1/64 dev veth0
sleep 2
ip -n b -6 addr show dev veth0 scope global
ip netns exec b sysctl -qw net.ipv6.conf.veth0.accept_dad=0
ip -n b addr del 2001:db8:1::1/64 dev veth0
ip -n b addr add 2001:db8:1::1/64 dev veth0
ip -n b -6 addr show dev veth0 tentative
ip -n b -6 addr show dev veth0 scope global
