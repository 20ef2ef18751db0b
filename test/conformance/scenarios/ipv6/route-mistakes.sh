# title: routes that the kernel does not take
# tags: ipv6 route errors
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n a -6 route add 2001:db8:2::/64 via 2001:db8:7::1
ip -n a -6 route add 2001:db8:2::/64 via fe80::1
ip -n a -6 route add 2001:db8:2::/64 via 2001:db8:1::1
ip -n a -6 route add 2001:db8:2::/64 via ff02::1 dev veth0
ip -n a -6 route add 2001:db8:2::/64
ip -n a -6 route add 2001:db8:2::/64 dev eth9
ip -n a -6 route add 2001:db8:2::/129 dev veth0
ip -n a -6 route add 2001:db8:2::5/64 dev veth0
ip -n a -6 route add 2001:db8:2::/64 dev veth0 src 2001:db8:9::9
ip -n a -6 route add 2001:db8:4::/64 from 2001:db8:1::/64 dev veth0
ip -n a -6 route add 2001:db8:3::/64 via 2001:db8:7::1 dev veth0
ip -n a -6 route add 2001:db8:3::/64 via 2001:db8:7::1 dev veth0 onlink
ip -n a -6 route show 2001:db8:3::/64
ip -n a -6 route add 2001:db8:6::/64 via 2001:db8:7::1 onlink
ip -n a -6 route add 10.0.0.0/8 via 2001:db8:1::2
ip -n a -6 route add default via 10.0.0.1
ip -n a -6 route add default via 2001:db8:1::2 metric x
ip -n a -6 route add default via 2001:db8:1::2 pref top
ip -n a -6 route del default
ip -n a -6 route del 2001:db8:99::/64 table 77
ip -n a -6 route show table 77
ip -n a link set veth0 down
ip -n a -6 route add 2001:db8:2::/64 dev veth0
ip -n a -6 route add 2001:db8:2::/64 via 2001:db8:1::2
ip netns exec a sysctl -qw net.ipv6.conf.veth0.disable_ipv6=1
ip -n a link set veth0 up
ip -n a -6 route add 2001:db8:2::/64 dev veth0
ip -n a addr add 2001:db8:1::1/64 dev veth0
ip -n a -6 route
