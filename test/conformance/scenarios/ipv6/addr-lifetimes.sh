# title: addresses grow old and go
# tags: ipv6 addr
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad valid_lft 5 preferred_lft 2
ip -n a addr add 2001:db8:1::2/64 dev veth0 nodad
ip -n a -6 addr show dev veth0 scope global
ip -n a -6 route show proto kernel
ip -n a -6 route get 2001:db8:1::9
sleep 3
ip -n a -6 addr show dev veth0 scope global
ip -n a -6 route get 2001:db8:1::9
sleep 3
ip -n a -6 addr show dev veth0 scope global
ip -n a -6 route show proto kernel
ip -n a -6 route show table local
