# title: a router points at a better one
# tags: ipv6 redirect
ip netns add a; ip netns add r; ip netns add s
ip link add br0 type bridge
ip link set br0 up
for n in a r s; do ip link add v$n type veth peer name eth0 netns $n; ip link set v$n master br0 up; ip -n $n link set lo up; done
ip -n a link set eth0 address 02:00:00:00:00:0a up
ip -n r link set eth0 address 02:00:00:00:00:0e up
ip -n s link set eth0 address 02:00:00:00:00:0f up
ip -n a addr add 2001:db8:1::a/64 dev eth0 nodad
ip -n r addr add 2001:db8:1::e/64 dev eth0 nodad
ip -n s addr add 2001:db8:1::f/64 dev eth0 nodad
ip -n s addr add 2001:db8:9::1/128 dev lo nodad
ip netns exec r sysctl -qw net.ipv6.conf.all.forwarding=1
ip netns exec s sysctl -qw net.ipv6.conf.all.forwarding=1
sleep 2.5
ip -n a -6 route add default via fe80::ff:fe00:e dev eth0
ip -n r -6 route add 2001:db8:9::/64 via fe80::ff:fe00:f dev eth0
(ip netns exec a timeout 5 tcpdump -lnv -c1 -i eth0 'ip6[40] == 137' > cap 2> err &)
sleep 0.6
ip netns exec a ping -c1 2001:db8:9::1
sleep 0.5
ip netns exec a ping -c2 -i 0.3 2001:db8:9::1
head -n 2 cap # cmp: mask /length 1\d\d \(14\)/
ip -n a -6 route get 2001:db8:9::1
ip -n a -6 route show cache
ip -n a -6 neigh show dev eth0 | grep fe80 # cmp: sort
ip -n a -6 route
ip netns exec a sysctl -w net.ipv6.conf.eth0.accept_redirects=0
ip -n a -6 route flush cache
ip netns exec a ping -q -c1 2001:db8:9::1
ip -n a -6 route get 2001:db8:9::1
