# title: metrics, preference, lifetime of a route
# tags: ipv6 route
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n a -6 route add 2001:db8:2::/64 via 2001:db8:1::2 mtu 1400 hoplimit 33 advmss 1200
ip -n a -6 route add 2001:db8:3::/64 via 2001:db8:1::2 mtu lock 1300
ip -n a -6 route add 2001:db8:4::/64 via 2001:db8:1::2 pref high
ip -n a -6 route add 2001:db8:4::/64 via 2001:db8:1::3 pref low metric 2000
ip -n a -6 route add 2001:db8:5::/64 dev veth0 expires 2
ip -n a -6 route add 2001:db8:6::/64 dev veth0 expires 100 proto ra
ip -n a -6 route add 2001:db8:7::/64 dev veth0 src 2001:db8:1::1 proto static metric 7
ip -n a -6 route
ip -n a -6 -d route
ip -n a -6 -j route # cmp: json
ip -n a -6 route get 2001:db8:2::9
ip -n a -6 route get 2001:db8:3::9
sleep 3
ip -n a -6 route get 2001:db8:5::9
ip -n a -6 route show 2001:db8:5::/64
ip -n a -6 route add default via 2001:db8:1::2 dev veth0 pref medium
ip -n a -6 route append default via 2001:db8:1::3 dev veth0 pref high
ip -n a -6 route show default
