# title: In the manner of the kernel's own tests: neighbour discovery, static entries and who answers
# tags: ipv6 ndisc neigh
for n in a b; do ip netns add $n; ip -n $n link set lo up; done
ip link add va netns a address 02:00:00:00:00:0a type veth peer name vb address 02:00:00:00:00:0b netns b
ip -n a link set va up; ip -n b link set vb up
ip -n a -6 addr add 2001:db8:1::1/64 dev va nodad; ip -n b -6 addr add 2001:db8:1::2/64 dev vb nodad
sleep 2
ip -n a -6 neigh
ip netns exec a ping -6 -c1 -W1 2001:db8:1::2
ip -n a -6 neigh show 2001:db8:1::2 | awk '{print $1,$2,$3,$4,$5}'
ip netns exec a ping -c1 -W1 fe80::ff:fe00:b%va
ip netns exec a ping -c1 -W1 fe80::ff:fe00:b
ip netns exec a ping -c1 -W1 -I va fe80::ff:fe00:b | head -2 | tail -1
ip netns exec a ping -c2 -W1 -i 0.3 ff02::1%va | grep -c 'bytes from'
ip netns exec a ping -6 -c1 -W1 2001:db8:1::99
ip -n a -6 neigh show 2001:db8:1::99
ip -n a -6 neigh add 2001:db8:1::50 lladdr 02:00:00:00:00:50 dev va nud permanent
ip -n a -6 neigh add 2001:db8:1::51 lladdr 02:00:00:00:00:51 dev va nud stale router
ip -n a -6 neigh show nud permanent
ip -n a -6 neigh show 2001:db8:1::51
ip -n a -6 neigh replace 2001:db8:1::51 lladdr 02:00:00:00:00:52 dev va
ip -n a -6 neigh show to 2001:db8:1::50/126 # cmp: sort
ip -n a -6 neigh add 10.0.0.1 lladdr 02:00:00:00:00:50 dev va
ip -n a -4 neigh show
ip -n a -6 neigh del 2001:db8:1::51 dev va; ip -n a -6 neigh del 2001:db8:1::51 dev va
ip -n a -6 neigh flush dev va nud permanent; ip -n a -6 neigh show nud permanent
ip -n a -6 addr add 2001:db8:1::2/64 dev va
sleep 2.2; ip -n a -6 addr show dev va tentative; ip -n a -6 addr show dev va dadfailed
ip -n a -6 addr del 2001:db8:1::2/64 dev va
ip netns exec b sysctl -w net.ipv6.conf.all.forwarding=1
ip -n b -6 neigh add proxy 2001:db8:1::77 dev vb; ip netns exec b sysctl -qw net.ipv6.conf.vb.proxy_ndp=1
ip -n b -6 neigh show proxy
ip netns exec b ip -6 route add 2001:db8:1::77 dev lo; ip netns exec a ping -6 -c1 -W1 2001:db8:1::77 | tail -2 | head -1
ip -n a -6 route get 2001:db8:1::9
ip -n a -6 route get fe80::1
ip -n a -6 route get fe80::1 dev va
ip -n a -6 route get ::1
ip -n a -6 maddr show dev va
ip netns exec a sysctl -w net.ipv6.conf.va.disable_ipv6=1; ip -n a -6 addr show dev va; ip -n a -6 route show
ip netns exec a ping -6 -c1 -W1 2001:db8:1::2
ip -n a -6 addr add 2001:db8:1::1/64 dev va
ip netns exec a sysctl -w net.ipv6.conf.va.disable_ipv6=0; sleep 1.8; ip -n a -6 addr show dev va
ip netns exec a sysctl -w net.ipv6.conf.va.accept_ra=0 net.ipv6.conf.va.autoconf=0 net.ipv6.conf.va.use_tempaddr=0
ip netns exec a sysctl net.ipv6.conf.va | grep -e accept_ra' ' -e autoconf -e hop_limit
