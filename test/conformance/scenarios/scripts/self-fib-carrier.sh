# title: In the manner of the kernel's own tests: routes over links without carrier
# tags: route linkdown
# pace: 0.3
ip netns add ns1
ip netns add ns2
alias nx='ip -n ns1'
IP="ip -netns ns1"
$IP link set dev lo up
$IP link add v0 type veth peer name v1 netns ns2
$IP link set v0 up
$IP addr add 192.0.2.1/24 dev v0
$IP -6 addr add 2001:db8:1::1/64 dev v0 nodad
$IP route
$IP route get 192.0.2.2
$IP route get fibmatch 192.0.2.2 | grep -c linkdown
$IP -6 route show dev v0
$IP route get fibmatch 192.0.2.1
ip -n ns2 link set v1 up
sleep 1
$IP route
$IP -6 route show dev v0
$IP route get fibmatch 192.0.2.1 | grep -q "linkdown" && echo yes || echo no
$IP route add 198.51.100.0/24 via 192.0.2.2
$IP -6 route add 2001:db8:9::/48 via 2001:db8:1::2
ip -n ns2 link set v1 down
sleep 1
$IP route
$IP -6 route show dev v0
$IP route get 198.51.100.7
ip netns exec ns1 sysctl -w net.ipv4.conf.v0.ignore_routes_with_linkdown=1
$IP route
$IP route get 198.51.100.7
$IP route get 192.0.2.1
$IP route get 192.0.2.9
ip netns exec ns1 sysctl -w net.ipv6.conf.v0.ignore_routes_with_linkdown=1
$IP -6 route show dev v0
$IP -6 route get 2001:db8:9::5
$IP addr add 203.0.113.1/24 dev v0
$IP route show 203.0.113.0/24
$IP route add 10.0.0.0/8 via 203.0.113.9
ip -n ns2 link set v1 up
sleep 1
$IP route
$IP link set v0 carrier off
$IP -br link show v0
$IP link set v0 carrier on
$IP route show dev v0
ip netns exec ns1 ip netconf show dev v0
ip netns exec ns1 ip -6 netconf show dev v0
ip netns exec ns1 ip netconf show dev lo
$IP netconf show dev nope
ip netns del ns1; ip netns del ns2
