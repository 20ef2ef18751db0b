# title: three routers in a row, with static routes and an error on the way
# tags: ipv6 forwarding
for n in a r1 r2 r3 b; do ip netns add $n; ip -n $n link set lo up; done
join() { ip link add $2 netns $1 type veth peer name $4 netns $3; ip -n $1 link set $2 up; ip -n $3 link set $4 up; }
join a e0 r1 e0; join r1 e1 r2 e0; join r2 e1 r3 e0; join r3 e1 b e0
ip -n a addr add 2001:db8:a::2/64 dev e0 nodad; ip -n r1 addr add 2001:db8:a::1/64 dev e0 nodad
ip -n r1 addr add 2001:db8:12::1/64 dev e1 nodad; ip -n r2 addr add 2001:db8:12::2/64 dev e0 nodad
ip -n r2 addr add 2001:db8:23::1/64 dev e1 nodad; ip -n r3 addr add 2001:db8:23::2/64 dev e0 nodad
ip -n r3 addr add 2001:db8:b::1/64 dev e1 nodad; ip -n b addr add 2001:db8:b::2/64 dev e0 nodad
for n in r1 r2 r3; do ip netns exec $n sysctl -qw net.ipv6.conf.all.forwarding=1; done
sleep 2
ip -n a -6 route add default via 2001:db8:a::1; ip -n b -6 route add default via 2001:db8:b::1
ip -n r1 -6 route add 2001:db8:b::/64 via 2001:db8:12::2
ip -n r2 -6 route add 2001:db8:b::/64 via 2001:db8:23::2
ip netns exec a ping -c1 -W1 2001:db8:b::2
ip -n r3 -6 route add 2001:db8:a::/64 via 2001:db8:23::1
ip netns exec a ping -c1 -W1 2001:db8:b::2
ip -n r2 -6 route add 2001:db8:a::/64 via 2001:db8:12::1
ip netns exec a ping -c1 -W1 2001:db8:b::2
ip netns exec a traceroute -6 -n -q1 2001:db8:b::2
ip netns exec a tracepath -n 2001:db8:b::2
ip -n r2 link set e1 mtu 1300; ip -n r3 link set e0 mtu 1300
ip netns exec a ping -c1 -W1 -s 1400 2001:db8:b::2
ip netns exec a ping -c1 -W1 -s 1400 2001:db8:b::2
ip -n r3 -6 route add default via 2001:db8:23::1
ip -n r2 -6 route add default via 2001:db8:23::2
ip netns exec a ping -c1 -W1 2001:db8:77::1
ip -n r1 -6 route add default via 2001:db8:12::2
ip netns exec a ping -c1 -W1 2001:db8:77::1
ip netns exec a ping -c1 -W4 2001:db8:b::77
ip -n b link set e0 down
ip netns exec a ping -c1 -W4 2001:db8:b::2
ip -n r3 -6 route
