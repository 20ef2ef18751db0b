# title: refusing routes of IPv6 as the sender meets them
# tags: ipv6 route
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n a -6 route add unreachable 2001:db8:a::/64
ip -n a -6 route add prohibit 2001:db8:b::/64
ip -n a -6 route add blackhole 2001:db8:c::/64
ip -n a -6 route add throw 2001:db8:d::/64
ip -n a -6 route add unreachable default metric 4278198272
ip -n a -6 route add local 2001:db8:e::/64 dev lo
ip -n a -6 route add anycast 2001:db8:f::5 dev veth0
ip -n a -6 route add multicast ff0e::/16 dev veth0 table local
ip -n a -6 route
ip -n a -6 -d route
ip -n a -6 route show type unreachable
ip -n a -6 route get 2001:db8:a::1
ip -n a -6 route get 2001:db8:b::1
ip -n a -6 route get 2001:db8:c::1
ip -n a -6 route get 2001:db8:d::1
ip -n a -6 route get 2001:db8:e::1
ip -n a -6 route get 2001:db8:99::1
ip netns exec a ping -c1 -W1 2001:db8:a::1
ip netns exec a ping -c1 -W1 2001:db8:b::1
ip netns exec a ping -c1 -W1 2001:db8:c::1
ip netns exec a ping -c1 -W1 2001:db8:d::1
ip netns exec a ping -c1 -W1 2001:db8:e::1
ip -n a -6 route del unreachable 2001:db8:a::/64
ip -n a -6 route del 2001:db8:b::/64 dev lo
ip -n a -6 route flush type blackhole
ip -n a -6 route
ip -n a -6 route show table local
