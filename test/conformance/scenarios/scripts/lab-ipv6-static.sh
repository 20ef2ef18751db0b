# title: IPv6 labs: static addresses and routes over three routers
# tags: ipv6 lab forwarding traceroute
for n in h1 r1 r2 r3 h2; do ip netns add $n; ip -n $n link set lo up; ip netns exec $n sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0; done
join() { ip link add $1-$2 netns $1 type veth peer name $2-$1 netns $2; ip -n $1 link set $1-$2 up; ip -n $2 link set $2-$1 up; ip -n $1 -6 addr add $3::1/64 dev $1-$2 nodad; ip -n $2 -6 addr add $3::2/64 dev $2-$1 nodad; }
join h1 r1 2001:db8:a
join r1 r2 2001:db8:12
join r2 r3 2001:db8:23
join r3 h2 2001:db8:b
for r in r1 r2 r3; do ip netns exec $r sysctl -w net.ipv6.conf.all.forwarding=1; done
ip -n h1 -6 route add default via 2001:db8:a::2
ip -n h2 -6 route add default via 2001:db8:b::1
ip -n r1 -6 route add 2001:db8:b::/64 via 2001:db8:12::2
ip -n r2 -6 route add 2001:db8:b::/64 via 2001:db8:23::2
ip -n r2 -6 route add 2001:db8:a::/64 via 2001:db8:12::1
ip -n r3 -6 route add 2001:db8:a::/64 via 2001:db8:23::1
sleep 1
ip netns exec h1 ping -6 -c 2 -i 0.2 2001:db8:b::2
ip netns exec h1 ping6 -q -c1 -W1 2001:db8:12::2 | grep transmitted
ip netns exec h1 traceroute -6 -n -q 1 2001:db8:b::2 | awk '{print $1,$2}'
ip netns exec h1 tracepath -6 -n 2001:db8:b::2 | awk 'NR>1{print $1,$2}'
ip netns exec h1 ping -6 -c1 -W1 -t 2 2001:db8:b::2
ip netns exec h1 ping -6 -c1 -W1 2001:db8:dead::1
ip -n h1 -6 route
ip -n r2 -6 route
ip -n r2 -6 -br addr show scope global
ip -n r1 -6 route get 2001:db8:b::77
ip -n r2 -6 route get 2001:db8:b::2 from 2001:db8:a::1 iif r2-r1
ip -n r3 -6 neigh show 2001:db8:b::2 | cut -d' ' -f1-4
ip -n r2 link set r2-r3 mtu 1280; ip -n r3 link set r3-r2 mtu 1280
ip netns exec h1 ping -6 -c1 -W1 -M do -s 1400 2001:db8:b::2
ip -n h1 -6 route get 2001:db8:b::2 | grep -o 'mtu [0-9]*'
ip netns exec h1 ping -6 -c1 -W1 -s 1400 2001:db8:b::2 | tail -3 | head -1
ip -n r2 link set r2-r3 mtu 1279
ip -n r2 -6 route show dev r2-r3
ip -n r2 link set r2-r3 mtu 1500; ip -n r2 -6 addr show dev r2-r3
ip netns exec r1 sysctl -w net.ipv6.conf.r1-h1.forwarding=0
ip netns exec h1 ping -6 -c1 -W1 2001:db8:12::2
ip netns exec r1 sysctl -n net.ipv6.conf.all.forwarding net.ipv6.conf.r1-r2.forwarding
ip -n h1 -6 route replace default via fe80::1
ip -n h1 -6 route add 2001:db8:c::/48 via fe80::1 dev h1-r1
ip -n h1 -6 route add 2001:db8:d::/48 via 2001:db8:ffff::1
ip -n h1 -6 route add unreachable 2001:db8:e::/48
ip netns exec h1 ping -6 -c1 -W1 2001:db8:e::1
ip -n h1 -6 route add 2001:db8:d::/48 via 2001:db8:a::1
ip -n h1 -6 route show
ip -n h1 -6 route flush 2001:db8:c::/48; ip -n h1 -6 route del unreachable 2001:db8:e::/48; ip -n h1 -6 route
for n in h1 r1 r2 r3 h2; do ip netns del $n; done
