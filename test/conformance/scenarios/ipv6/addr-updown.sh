# title: IPv6 switched off and on, addresses kept or lost
# tags: ipv6 addr sysctl
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
sleep 2
ip netns exec a sysctl -w net.ipv6.conf.veth0.disable_ipv6=1
ip -n a addr show dev veth0 | grep inet6
ip -n a -6 route show table all
ip -n a addr add 2001:db8:1::1/64 dev veth0
ip netns exec a sysctl -w net.ipv6.conf.veth0.disable_ipv6=0
sleep 2
ip -n a -6 addr show dev veth0
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip netns exec a sysctl -w net.ipv6.conf.veth0.keep_addr_on_down=1
ip -n a link set veth0 down
ip -n a -6 addr show dev veth0
ip -n a -6 route show table all
ip -n a link set veth0 up
sleep 2
ip -n a -6 addr show dev veth0
ip -n a -6 route
ip netns exec a sysctl -w net.ipv6.conf.veth0.keep_addr_on_down=0
ip -n a link set veth0 down
ip -n a -6 addr
ip netns exec a sysctl -w net.ipv6.conf.all.disable_ipv6=1
ip netns exec a sysctl net.ipv6.conf.veth0.disable_ipv6 net.ipv6.conf.lo.disable_ipv6 net.ipv6.conf.default.disable_ipv6
ip -n a -6 addr
ip netns exec a ping -c1 -W1 ::1
ip netns exec a sysctl -w net.ipv6.conf.all.disable_ipv6=0
ip netns exec a ping -q -c1 -W1 ::1
ip -n a link set veth0 mtu 1200
ip -n a link set veth0 up
ip -n a -6 addr show dev veth0
ip netns exec a ls /proc/sys/net/ipv6/conf
ip -n a addr add 2001:db8:1::1/64 dev veth0
ip -n a link set veth0 mtu 1500
sleep 2
ip -n a -6 addr show dev veth0
ip netns exec a ls /proc/sys/net/ipv6/conf
