# title: settings of detection and of devices that follow others
# tags: ipv6 dad sysctl
ip netns add a; ip netns add b
ip -n a link set lo up
ip netns exec a sysctl -qw net.ipv6.conf.default.dad_transmits=0
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n b link set veth0 up
ip -n a link set veth0 up
sleep 2
ip -n a -6 addr show dev veth0 tentative
ip -n a -6 addr show dev veth0
ip -n a link set veth0 down
ip -n a -6 addr show dev veth0
ip -n a addr add 2001:db8:1::1/64 dev veth0
ip -n a addr add 2001:db8:2::1/64 dev veth0 nodad
ip -n a -6 addr show dev veth0
ip -n a -6 route
ip -n a -6 route show table local
ip -n a link set veth0 up
sleep 2
ip -n a -6 addr show dev veth0
ip -n a -6 route
ip -n a -6 route show table local
ip -n b link set veth0 down
ip -n a -6 route
ip -n a -6 route show table local
ip netns exec a sysctl -qw net.ipv6.conf.veth0.ignore_routes_with_linkdown=1
ip -n a -6 route
ip -n a -6 route get 2001:db8:1::5
ip -n b link set veth0 up
ip -n a -6 route
