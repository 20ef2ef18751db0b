# title: several next hops: given at once, merged by the kernel, taken away one by one
# tags: ipv6 route multipath
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip link add veth1 netns a type veth peer name veth1 netns b
ip -n a link set veth1 up; ip -n b link set veth1 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n a addr add 2001:db8:2::1/64 dev veth1 nodad
ip -n a -6 route add 2001:db8:9::/64 nexthop via 2001:db8:1::2 nexthop via 2001:db8:2::2 weight 3
ip -n a -6 route show 2001:db8:9::/64
ip -n a -6 -j route show 2001:db8:9::/64 # cmp: json
ip -n a -6 -d route show 2001:db8:9::/64
ip -n a -6 route add 2001:db8:8::/64 via 2001:db8:1::2
ip -n a -6 route add 2001:db8:8::/64 via 2001:db8:2::2
ip -n a -6 route append 2001:db8:8::/64 via 2001:db8:2::2
ip -n a -6 route append 2001:db8:8::/64 via 2001:db8:2::2
ip -n a -6 route show 2001:db8:8::/64
ip -n a -6 route append 2001:db8:8::/64 via 2001:db8:2::3 metric 5
ip -n a -6 route append 2001:db8:8::/64 dev veth1
ip -n a -6 route show 2001:db8:8::/64
ip -n a -6 route del 2001:db8:8::/64 via 2001:db8:1::2
ip -n a -6 route show 2001:db8:8::/64
ip -n a -6 route replace 2001:db8:9::/64 nexthop via 2001:db8:1::2 nexthop via 2001:db8:1::3
ip -n a -6 route show 2001:db8:9::/64
ip -n a -6 route append 2001:db8:9::/64 nexthop via 2001:db8:2::2 nexthop via 2001:db8:2::3
ip -n a -6 route show 2001:db8:9::/64
ip -n a -6 route replace 2001:db8:9::/64 via 2001:db8:1::5
ip -n a -6 route show 2001:db8:9::/64
ip -n a -6 route add default nexthop via fe80::1 dev veth0 nexthop via fe80::2 dev veth1
ip -n a -6 route show default
ip -n a link set veth1 down
ip -n a -6 route show
ip -n a -6 route del default
ip -n a -6 route show default
ip -n a -6 route add 2001:db8:7::/64 nexthop via 2001:db8:5::1 nexthop via 2001:db8:1::2
ip -n a -6 route add 2001:db8:7::/64 nexthop dev veth0 nexthop via 2001:db8:1::2
ip -n a -6 route show 2001:db8:7::/64
ip -n a -6 route add 2001:db8:6::/64 nexthop via 2001:db8:1::2 weight 257
