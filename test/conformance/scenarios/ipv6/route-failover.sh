# title: a host leaves a router that is silent; routes for some senders only
# tags: ipv6 route neigh
ip netns add a; ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up; ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n a addr add 2001:db8:2::1/64 dev veth0 nodad
ip -n b addr add 2001:db8:1::2/64 dev veth0 nodad
ip -n b addr add 2001:db8:9::9/128 dev lo nodad
sleep 2
ip -n a -6 route add default via 2001:db8:1::66 metric 100
ip -n a -6 route add default via 2001:db8:1::2 metric 200
ip -n a -6 route get 2001:db8:9::9
ip netns exec a ping -c1 -W4 2001:db8:9::9
ip -n a -6 neigh show 2001:db8:1::66
ip -n a -6 route get 2001:db8:9::9
ip netns exec a ping -c1 -W1 2001:db8:9::9
ip -n a -6 route
ip netns exec a sysctl -qw net.ipv6.conf.all.forwarding=1
ip -n a -6 route get 2001:db8:9::9
ip netns exec a sysctl -qw net.ipv6.conf.all.forwarding=0
ip -n a neigh flush all; ip -n a neigh del 2001:db8:1::66 dev veth0
ip -n a -6 route get 2001:db8:9::9
ip -n a -6 route flush default
ip -n a -6 route add 2001:db8:9::/64 via 2001:db8:1::2
ip -n a -6 route add 2001:db8:9::/64 from 2001:db8:2::/64 via 2001:db8:1::77
ip -n a -6 route add 2001:db8:9::/64 from 2001:db8:2::1 via 2001:db8:1::78
ip -n a -6 route
ip -n a -6 route get 2001:db8:9::9
ip -n a -6 route get 2001:db8:9::9 from 2001:db8:2::1
ip -n a -6 route get 2001:db8:9::9 from 2001:db8:2::5
ip -n a -6 route get 2001:db8:9::9 from 2001:db8:1::1
ip -n a -6 route del 2001:db8:9::/64 from 2001:db8:2::1
ip -n a -6 route get 2001:db8:9::9 from 2001:db8:2::1
ip -n a -6 route show from 2001:db8:2::/64
