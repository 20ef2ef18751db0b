# title: what the kernel would do with a packet
# tags: ipv6 route
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n a addr add 2001:db8:5::1/64 dev veth0 nodad
ip -n b addr add 2001:db8:1::2/64 dev veth0 nodad
sleep 2
ip -n a -6 route add 2001:db8:2::/64 via 2001:db8:1::2 src 2001:db8:5::1
ip -n a -6 route get 2001:db8:1::2
ip -n a -6 route get 2001:db8:1::1
ip -n a -6 route get 2001:db8:2::1
ip -n a -6 route get 2001:db8:2::1 from 2001:db8:1::1
ip -n a -6 route get 2001:db8:3::1
ip -n a -6 route get fe80::99
ip -n a -6 route get fe80::99 oif veth0
ip -n a -6 route get ff02::1
ip -n a -6 route get ff02::1 oif veth0
ip -n a -6 route get ::1
ip -n a -6 route get 2001:db8:2::1 oif lo
ip -n a -6 route get fibmatch 2001:db8:2::1
ip -n a -6 route get fibmatch 2001:db8:3::1
ip -n a -6 route get 2001:db8:2::1 from 2001:db8:9::9
ip -n a -6 -d route get 2001:db8:2::1
ip -n a -6 -j route get 2001:db8:2::1 # cmp: json
ip -n a -6 route get to 2001:db8:1::7 iif veth0
ip -n a -6 route get 2001:db8:2::1 from 2001:db8:1::9 iif veth0
ip netns exec a sysctl -qw net.ipv6.conf.all.forwarding=1
ip -n a -6 route get 2001:db8:2::1 from 2001:db8:1::9 iif veth0
ip -n a -6 route get 2001:db8:1::1 from 2001:db8:1::9 iif veth0
ip -n a -6 route get 2001:db8:8::1 from 2001:db8:1::9 iif veth0
ip -n a route get 2001:db8:2::1
ip -n a -6 route get 10.0.0.1
ip -n a -6 route get
