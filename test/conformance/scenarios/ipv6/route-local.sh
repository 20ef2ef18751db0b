# title: what the kernel keeps for itself: own addresses, routers' anycast, groups
# tags: ipv6 route
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n a addr add 2001:db8:5::1/128 dev veth0 nodad
ip -n a addr add 2001:db8:6::1/127 dev veth0 nodad
sleep 2
ip -n a -6 route show table local
ip -n a -6 route show table all
ip netns exec a cat /proc/net/anycast6
ip netns exec a sysctl -qw net.ipv6.conf.all.forwarding=1
ip -n a -6 route show table local
ip netns exec a cat /proc/net/anycast6
ip -n a addr add 2001:db8:7::1/64 dev veth0 nodad
ip -n a -6 route show table local
ip -n a addr del 2001:db8:7::1/64 dev veth0
ip -n a -6 route show table local
ip -n a -6 -d route show table local
ip -n b addr add 2001:db8:1::2/64 dev veth0 nodad
ip netns exec b ping -c1 -W1 2001:db8:1::
ip -n b neigh show 2001:db8:1::
ip -n a -6 route get 2001:db8:1::
ip netns exec a sysctl -qw net.ipv6.conf.all.forwarding=0
ip -n a -6 route show table local
ip -n a link set veth0 down
ip -n a -6 route show table all
ip -n a link set lo down
ip -n a -6 route show table all
