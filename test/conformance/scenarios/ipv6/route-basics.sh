# title: routes of IPv6: order of listing, metrics, protocols, replace and delete
# tags: ipv6 route
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
sleep 2
ip -n a -6 route
ip -n a -6 route add 2001:db8:2::/64 via 2001:db8:1::2
ip -n a -6 route add 2001:db8::/32 via 2001:db8:1::3 metric 50
ip -n a -6 route add 2001:db8:2:0:8000::/65 dev veth0 proto static
ip -n a -6 route add default via fe80::ff:fe00:b dev veth0
ip -n a -6 route add ::/1 via 2001:db8:1::9
ip -n a -6 route add 2001:db8:ffff::5 via 2001:db8:1::2
ip -n a -6 route
ip -n a -6 route show 2001:db8:2::/64
ip -n a -6 route show root 2001:db8::/32
ip -n a -6 route show match 2001:db8:2::1
ip -n a -6 route show default
ip -n a -6 route show proto static
ip -n a -6 route show via 2001:db8:1::2
ip -n a -6 route show dev veth0
ip -n a -6 route show metric 50
ip -n a -6 route add 2001:db8:2::/64 via 2001:db8:1::2
ip -n a -6 route add 2001:db8:2::/64 via 2001:db8:1::7 metric 10
ip -n a -6 route change 2001:db8:2::/64 via 2001:db8:1::8 metric 10
ip -n a -6 route replace 2001:db8:2::/64 via 2001:db8:1::9
ip -n a -6 route show 2001:db8:2::/64
ip -n a -6 route change 2001:db8:77::/64 via 2001:db8:1::8
ip -n a -6 route del 2001:db8:2::/64
ip -n a -6 route show 2001:db8:2::/64
ip -n a -6 route del 2001:db8:2::/64 via 2001:db8:1::77
ip -n a -6 route del 2001:db8:2::/64 via 2001:db8:1::9
ip -n a -6 route del 2001:db8:2::/64
ip -n a -6 route flush proto static
ip -n a -6 route
ip -n a -6 -d route
ip -n a -6 -j route # cmp: json
ip -n a link set veth0 down
ip -n a -6 route
