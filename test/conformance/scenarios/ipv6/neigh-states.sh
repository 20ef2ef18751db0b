# title: neighbours of IPv6
# tags: ipv6 neigh
ip netns add a
ip netns add b
ip link add veth0 netns a address 02:00:00:00:00:0a type veth peer name veth0 netns b address 02:00:00:00:00:0b
ip -n a link set lo up; ip -n b link set lo up
ip -n a link set veth0 up; ip -n b link set veth0 up
ip -n a addr add 2001:db8:1::1/64 dev veth0 nodad
ip -n b addr add 2001:db8:1::2/64 dev veth0 nodad
sleep 2
ip netns exec a ping -q -c1 2001:db8:1::2
ip -n a -6 neigh # cmp: sort
ip -n b -6 neigh # cmp: sort
sleep 6
ip -n b -6 neigh # cmp: sort
ip netns exec b sysctl -qw net.ipv6.conf.all.forwarding=1
ip -n a neigh flush dev veth0
ip -n a -6 neigh
ip netns exec a ping -q -c1 2001:db8:1::2
ip -n a -6 neigh show 2001:db8:1::2
ip -n a -6 -j neigh show 2001:db8:1::2 # cmp: json
ip netns exec a ping -c3 -i 0.5 -W1 2001:db8:1::77
ip -n a -6 neigh show 2001:db8:1::77
ip -n a neigh add 2001:db8:1::50 lladdr 02:00:00:00:00:50 dev veth0
ip -n a neigh add 2001:db8:1::51 lladdr 02:00:00:00:00:51 dev veth0 nud reachable router
ip -n a neigh add 2001:db8:1::52 dev veth0 nud none
ip -n a neigh add proxy 2001:db8:1::60 dev veth0
ip -n a neigh add proxy 2001:db8:1::61 dev veth0 router
ip -n a -6 neigh show proxy
ip -n a -6 neigh # cmp: sort
ip -n a -6 neigh show nud permanent
ip -n a neigh del 2001:db8:1::50 dev veth0
ip -n a neigh del 2001:db8:1::50 dev veth0
ip -n a neigh get 2001:db8:1::51 dev veth0
ip -n a neigh get 2001:db8:1::59 dev veth0
ip -n a neigh add ff02::77 lladdr 02:00:00:00:00:50 dev veth0
ip -n a -6 neigh show ff02::77
ip -n a -6 neigh flush all
ip -n a -6 neigh
